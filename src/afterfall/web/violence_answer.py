"""Deaths in armed conflict for the page: the record, the fan ahead, and the chance of more than a number of deaths."""

from __future__ import annotations

import numpy as np

from afterfall.case import UnknownPlace
from afterfall.case.dates import month_name
from afterfall.conflict.violence_model import Violence
from afterfall.report.kit.number_formats import median_range, published_count
from afterfall.report.violence.violence_picture import BEHIND, most_violent
from afterfall.report.violence.violence_tables import violence_grids, violence_headline, violence_notes
from afterfall.run.quantile_levels import FAN_LEVELS, low_median_high
from afterfall.web.entries import COURSES, sent_list, stamp_entry, table_entry
from afterfall.web.past_line import past_line
from afterfall.web.schemas import PanelEntry, ViolenceAnswer
from afterfall.web.view_state import ViewQuery, code_of

#: Months over which the chance of more than a number is given, from the as-of date.
WINDOWS = (12, 24, 36)


def violence_answer(found: Violence, view: ViewQuery) -> ViolenceAnswer:
    """Violence in the focus country; in the countries with most for the world, or where that country has no record."""
    country, missing = _place(found, view)
    places = most_violent(found) if country is None else [country]
    code = code_of("violence", view, found.run.request.case, found.run.request.trajectories)
    (headline, known), tables = violence_headline(found), violence_grids(found, country)
    return ViolenceAnswer(
        stamp=stamp_entry(found.run, view),
        code=code,
        title=headline,
        subtitle=known,
        panels=[_panel(found, place) for place in places],
        table=table_entry(tables[0]),
        notes=[*missing, *violence_notes(found)],
    )


def _place(found: Violence, view: ViewQuery) -> tuple[str | None, list[str]]:
    """Code of the focus country, or None and a note where there is none."""
    if view.world:
        return None, []
    try:
        return found.place(view.focus), []
    except UnknownPlace:
        return None, [f"{view.focus} is not in the record of violence: the countries with most are shown."]


def _panel(found: Violence, country: str) -> PanelEntry:
    place = found.countries.index(country)
    deaths = found.deaths[:, :, place]
    ahead = np.quantile(deaths, FAN_LEVELS, axis=0, method="inverted_cdf")
    record = found.record
    known = np.nan_to_num(record.deaths[record.position[country], -BEHIND:])
    first, name = record.last - len(known) + 1, found.names[place]
    total = deaths.sum(axis=1, dtype=np.int64)
    low, median, high = low_median_high(total)
    years = len(found.months) / 12
    return PanelEntry(
        place=country,
        name=name,
        unit="deaths a month",
        times=[month_name(m) for m in found.months],
        levels=list(FAN_LEVELS),
        values=[sent_list(row) for row in ahead],
        record_times=[month_name(first + i) for i in range(len(known))],
        record=[published_count(float(d)) for d in known],
        past={
            f"{window} months": past_line(
                deaths[:, :window].sum(axis=1, dtype=np.int64), f"deaths in {name} within {window} months"
            )
            for window in WINDOWS
            if window <= deaths.shape[1]
        },
        courses=[sent_list(one) for one in deaths[:COURSES]],
        sentence=f"{name}: {median_range(median, low, high)} deaths in the {years:.0f} years ahead; "
        f"{published_count(found.before(country))} in the last twelve months known.",
    )
