"""The section of a brief on what changed since an earlier forecast: the judgements that moved most, and why."""

from __future__ import annotations

from afterfall.report.brief.content import BulletPoints, Section
from afterfall.report.changes.between_runs import Changes
from afterfall.report.changes.change_words import POINT, causes_sentence, change_sentence, moved_most
from afterfall.report.kit.number_formats import day

#: Judgements in the section.
SHOWN = 3


def changes_section(found: Changes) -> Section:
    """What changed since the old forecast of `found`, whose new one is that of the brief."""
    moved = [one for one in moved_most(found) if abs(one.moved) >= POINT]
    texts = [change_sentence(one, found) for one in moved[:SHOWN]]
    if len(moved) > SHOWN:
        texts.append(f"{len(moved) - SHOWN} more moved by a point or more.")
    if not moved:
        texts = ["No judgement moved by a point or more."]
    if found.problem:
        texts.append(f"Not divided among causes: {found.problem}.")
    elif found.simulations and found.causes:
        texts.append(f"Steps: {found.simulations:,} simulations with common random numbers, ± one standard error.")
    title = f"What changed since {day(found.old.as_of)}"
    return Section("changes", title, (BulletPoints((*texts, causes_sentence(found))),))
