"""What the levers of options mean at 0, now and 1, one line each, with the strength at which each option sets them."""

from __future__ import annotations

from afterfall.model.levers import Lever
from afterfall.model.levers.applying import level_now, words_now
from afterfall.policy.option_set import OptionSet


def lever_lines(found: OptionSet) -> tuple[str, ...]:
    """A line for each lever that some option sets for the country: its strengths, then 0, now and 1 in words."""
    one = found.any
    settings: dict[str, tuple[Lever, list[str]]] = {}
    for name, comparison in zip(found.names[1:], found.comparisons, strict=True):
        for setting in comparison.b.policy.settings:
            settings.setdefault(setting.lever.name, (setting.lever, []))[1].append(f"{setting.intensity:g} in {name}")
    lines = []
    for lever, strengths in settings.values():
        case, country = one.a.model.case, one.country if lever.scope == "origin" else None
        now = f"{level_now(lever, case, country):g}"
        lines.append(
            f"{lever.name} ({', '.join(strengths)}). 0: {_first(lever.words.none)}. Now ({now}): "
            f"{_first(words_now(lever, case, country))}. 1: {_first(lever.words.full)}."
        )
    return tuple(lines)


def _first(words: str) -> str:
    """The part of a description before the first semicolon, which says how capacity or other effects follow."""
    return words.partition(";")[0].removesuffix(", from the first month on")
