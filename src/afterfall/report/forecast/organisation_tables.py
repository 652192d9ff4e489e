"""Tables of organisations, of the places they reach, and of what may happen to them; and the same as JSON."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from afterfall.report.forecast.organisation_outlook import (
    Happening,
    OrganisationOutlook,
    OrganisationsOutlook,
    PlaceOutlook,
    Range,
)
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.kit.number_formats import chance, day, interval, json_number, share, two_figures
from afterfall.report.kit.table import TableColumn, TextTable

#: Events told one by one; of towns held again only the likeliest, of the others the chance of any.
TOLD = ("merger", "founding")
LIKELIEST = 5
HEADINGS = {"core": 0, "rival": 1, "offshoot": 2, "founded": 3, "successor": 3}


def shard_grids(outlook: Outlook) -> tuple[TextTable, ...]:
    """Organisations, places, and what may happen; nothing for a country or a run without organisations."""
    if outlook.shards is None or not outlook.shards.organisations or outlook.country is not None:
        return ()
    return (
        _organisations(outlook, outlook.shards),
        _places(outlook, outlook.shards),
        _happenings(outlook, outlook.shards),
    )


def shard_notes(outlook: Outlook) -> list[str]:
    """What a reader must know of those tables."""
    if not shard_grids(outlook):
        return []
    return [
        "Strength: locals and foreign fighters together; † has no published figure behind it. An organisation is "
        "contained when it and what came of it since are together no stronger than on the as-of date (a new one: than "
        "when founded); the core, when no town is held again besides.",
        "Places: founding, where no organisation of the core is yet, and growth are told apart; `elsewhere` is all "
        "places not named. `afterfall forecast --json` lists every organisation, place and event.",
    ]


def _words(*headings: str) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(h) for h in headings)


def _numbers(*headings: str) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(h, "right") for h in headings)


def _cells(of: Range) -> tuple[str, str]:
    return two_figures(of.median), interval(of.low90, of.high90)


def _organisations(outlook: Outlook, shards: OrganisationsOutlook) -> TextTable:
    then = day(outlook.at_date)
    columns = (
        *_words("organisations"),
        *_numbers("exists by then", "now: strength", "90% interval", f"{then}: strength", "90% interval"),
        *_numbers("foreign", "contained"),
    )
    told = [o for o in shards.organisations if o.kind in HEADINGS]
    sections = tuple(
        tuple(_organisation(o, outlook.stamp.trajectories) for o in told if HEADINGS[o.kind] == section)
        for section in sorted(set(HEADINGS.values()))
    )
    return TextTable(columns, tuple(rows for rows in sections if rows))


def _organisation(one: OrganisationOutlook, trajectories: int) -> tuple[str, ...]:
    exists = "yes" if one.exists >= 1 and one.now.high90 > 0 else chance(one.exists, trajectories)
    mark = "" if one.published or one.kind in ("founded", "successor") else " †"
    contained = "–" if math.isnan(one.contained) else share(one.contained)
    return one.label + mark, exists, *_cells(one.now), *_cells(one.then), share(one.foreign_share), contained


def _places(outlook: Outlook, shards: OrganisationsOutlook) -> TextTable:
    then = day(outlook.at_date)
    columns = (
        *_words("places abroad"),
        *_numbers(f"organisation of the core by {then}", "median month founded", "strength then", "90% interval"),
        *_numbers("foreign fighters there", "90% interval", "doubled", "halved"),
    )
    rows = sorted(shards.places, key=lambda p: (p.new, -p.reached, -p.strength.median, p.label))
    trajectories = outlook.stamp.trajectories
    old = tuple(_place(p, trajectories) for p in rows if not p.new)
    new = tuple(_place(p, trajectories) for p in rows if p.new)
    return TextTable(columns, tuple(s for s in (old, new) if s))


def _place(one: PlaceOutlook, trajectories: int) -> tuple[str, ...]:
    founded = "–" if not one.new else two_figures(one.founded_month) if math.isfinite(one.founded_month) else "later"
    reached = chance(one.reached, trajectories) if one.new else "yes"
    return (
        one.label,
        reached,
        founded,
        *_cells(one.strength),
        *_cells(one.foreigners),
        share(one.doubled),
        share(one.halved),
    )


def _happenings(outlook: Outlook, shards: OrganisationsOutlook) -> TextTable:
    within = f"within {outlook.stamp.horizon} months"
    columns = (*_words("what may happen"), *_numbers(f"by {day(outlook.at_date)}", within, "median month"))
    trajectories = outlook.stamp.trajectories

    def row(one: Happening) -> tuple[str, ...]:
        month = two_figures(one.median_month) if math.isfinite(one.median_month) else "later"
        return one.label, chance(one.by, trajectories), chance(one.within, trajectories), month

    abroad = {f"new-{p.code}" for p in shards.places}
    told = tuple(row(h) for h in shards.happenings if h.kind in TOLD and h.code not in abroad)
    towns = sorted((h for h in shards.happenings if h.kind == "retaking"), key=lambda h: (-h.by, h.code))[:LIKELIEST]
    any_of = tuple((f"{c.label} (any)", chance(c.any, trajectories), "", "") for c in shards.chances)
    stand = (("shards that stand: median and 90% interval", _count(shards.count), "", ""),)
    return TextTable(columns, tuple(s for s in (any_of, told, tuple(row(h) for h in towns), stand) if s))


def _count(count: Range) -> str:
    return f"{two_figures(count.median)} ({interval(count.low90, count.high90)})"


def shards_json(shards: OrganisationsOutlook | None) -> dict[str, Any]:
    """The keys ``organisations``, ``places``, ``events``, ``shards`` and ``slow_stocks`` of a forecast."""
    if shards is None:
        return {"organisations": [], "places": [], "events": [], "shards": None, "slow_stocks": []}
    return {
        "organisations": [_organisation_json(o) for o in shards.organisations],
        "places": [_place_json(p) for p in shards.places],
        "events": [
            {
                "event": h.code,
                "label": h.label,
                "kind": h.kind,
                "probability": json_number(h.by),
                "probability_within_horizon": json_number(h.within),
                "median_month": json_number(h.median_month),
            }
            for h in shards.happenings
        ],
        "shards": {
            "now": _range_json(shards.count_now),
            **_range_json(shards.count),
            "probability_of_any": {c.kind: json_number(c.any) for c in shards.chances},
            "expected_number": {c.kind: json_number(c.expected) for c in shards.chances},
        },
        "slow_stocks": [{"stock": s.code, "label": s.label, **_range_json(s.then)} for s in shards.slow],
    }


def _range_json(of: Range) -> dict[str, float | None]:
    return {name: json_number(getattr(of, name)) for name in ("median", "low90", "high90")}


def _organisation_json(one: OrganisationOutlook) -> dict[str, Any]:
    numbers: dict[str, Callable[[OrganisationOutlook], float]] = {
        "mean": lambda o: o.mean,
        "probability_exists": lambda o: o.exists,
        "foreign_share": lambda o: o.foreign_share,
        "probability_grown": lambda o: o.grown,
        "probability_contained": lambda o: o.contained,
    }
    return {
        "organisation": one.code,
        "label": one.label,
        "kind": one.kind,
        "place": one.place,
        "descended": one.descended,
        "published": one.published,
        "now": _range_json(one.now),
        **_range_json(one.then),
        **{name: json_number(read(one)) for name, read in numbers.items()},
    }


def _place_json(one: PlaceOutlook) -> dict[str, Any]:
    return {
        "place": one.code,
        "label": one.label,
        "new": one.new,
        "probability_reached": json_number(one.reached),
        "median_month_founded": json_number(one.founded_month),
        "strength": _range_json(one.strength),
        "foreign_fighters": _range_json(one.foreigners),
        "probability_doubled": json_number(one.doubled),
        "probability_halved": json_number(one.halved),
        "probability_reached_by_month": [json_number(p) for p in one.by_month],
    }
