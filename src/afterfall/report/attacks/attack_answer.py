"""Tables and JSON of attacks, by place or for the world, with border screening and later counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterfall.attack.attack_result import Attacks
from afterfall.attack.border_crossings import border_screening
from afterfall.evaluate.events.attack_counts import LaterCount
from afterfall.report.attacks.attack_json import attack_json
from afterfall.report.attacks.attack_tables import attack_grids, attack_headline, attack_notes
from afterfall.report.attacks.later_tables import later_grids, later_notes
from afterfall.report.kit.text_table import TextTable


def attack_answer(
    found: Attacks, place: str | None, later: Sequence[LaterCount] | None
) -> tuple[tuple[str, ...], tuple[TextTable, ...], tuple[str, ...]]:
    """Lines, tables and notes, for one place or (None) for the world.

    `later` holds counts that were published after the as-of date, None where they were not asked for.
    """
    screened = border_screening(found) if place is None else None
    grids, notes = tuple(attack_grids(found, place, screened)), tuple(attack_notes(found, place))
    if later is not None:
        here = [one for one in later if place in (None, one.place)]
        grids = (*grids, *later_grids(found, here)) if here else grids
        notes = (*notes, *later_notes(found, place, here))
    return tuple(attack_headline(found)), grids, notes


def attack_content(
    found: Attacks, place: str | None, later: Sequence[LaterCount] | None, command: str
) -> dict[str, Any]:
    """The same as one JSON object."""
    return attack_json(found, place, border_screening(found) if place is None else None, later, command)


def drawn_places(found: Attacks, place: str | None) -> list[str]:
    """Places whose attempts are drawn: the one asked for, else those that the case names for it."""
    if place is not None:
        return [place]
    return [p for p in found.model.case.evaluation.pictured if found.where(p)] or list(found.countries[:2])
