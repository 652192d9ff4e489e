"""Attempted attacks for the page: by place and year, with published counts and the chance of more than a number."""

from __future__ import annotations

import numpy as np

from afterfall.attack.attack_result import Attacks
from afterfall.case import UnknownPlace
from afterfall.report.attacks.attack_answer import attack_answer, drawn_places
from afterfall.report.kit.number_formats import median_range, published_count
from afterfall.run.quantile_levels import FAN_LEVELS, low_median_high
from afterfall.web.entries import COURSES, sent_list, stamp_entry, table_entry
from afterfall.web.past_line import past_line
from afterfall.web.schemas import AttacksAnswer, PanelEntry
from afterfall.web.view_state import ViewQuery, code_of

READING = "Years up to the as-of date are simulated too, given what was public."


def attacks_answer(found: Attacks, view: ViewQuery) -> AttacksAnswer:
    """Attacks in the focus country, or in the places that the case names where that is not forecast."""
    place, missing = _place(found, view)
    code = code_of("attacks", view, found.run.request.case, found.run.request.trajectories)
    headline, tables, notes = attack_answer(found, place, None)
    return AttacksAnswer(
        stamp=stamp_entry(found.run, view),
        code=code,
        title=headline[0],
        subtitle=" ".join((*(f"{one.rstrip('.')}." for one in headline[1:]), READING)),
        panels=[_panel(found, one) for one in drawn_places(found, place)],
        tables=[table_entry(one) for one in tables],
        notes=[*missing, *notes],
    )


def _place(found: Attacks, view: ViewQuery) -> tuple[str | None, list[str]]:
    """Code of the focus, or None and a note where attempts there are not forecast."""
    if view.world:
        return None, []
    try:
        place = found.place(view.focus)
    except UnknownPlace as problem:
        return None, [str(problem)]
    except ValueError as problem:
        return None, [str(problem)]
    return (place, []) if found.where(place) else (None, [f"No attempts are forecast for {view.focus}."])


def _panel(found: Attacks, place: str) -> PanelEntry:
    years = [int(y) for y in dict.fromkeys(found.year_of.tolist()) if (found.year_of == y).sum() == 12]
    attempts = {year: found.attempts_in(place, year) for year in years}
    name, ahead = found.name(place), [y for y in years if y in found.years()]
    quantiles = np.array([np.quantile(attempts[y], FAN_LEVELS, method="inverted_cdf") for y in years]).T
    known = {c.year: c.attempts for c in found.counts if c.place == place}
    first = ahead[0] if ahead else years[-1]
    low, median, high = low_median_high(attempts[first])
    return PanelEntry(
        place=place,
        name=name,
        unit="attempts a year",
        times=[str(y) for y in years],
        levels=list(FAN_LEVELS),
        values=[sent_list(row) for row in quantiles],
        record_times=[str(y) for y in known],
        record=[published_count(n) for n in known.values()],
        past={str(y): past_line(attempts[y], f"attempts in {name} in {y}", found.chance(place, y)) for y in ahead},
        courses=[sent_list(attempts[y][k] for y in years) for k in range(min(COURSES, len(attempts[years[0]])))],
        sentence=f"{name}: {median_range(median, low, high)} attempts in {first}.",
    )
