"""Tables and the JSON object of first presences in the countries of the world."""

from __future__ import annotations

import math
from typing import Any

from afterfall.foundings.founding_risk import BEFORE
from afterfall.report.forecast.foundings_outlook import NAMED, WHAT, FoundingCountry, FoundingsOutlook, Presence
from afterfall.report.kit.number_formats import NOTHING, median_range, share, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

FAMILIES = {"ISIS": "the Islamic State", "AQ": "al-Qaida", "any": "the core, at the rates of jihadist families"}
#: Most characters of a country's name.
WIDTH = 28


def foundings_grids(found: FoundingsOutlook | None) -> tuple[TextTable, ...]:
    """The likeliest countries, totals, and where the family is already; nothing without a reference class."""
    if found is None:
        return ()
    return (_countries(found), _totals(found), *((_presences(found),) if found.presences else ()))


def foundings_notes(found: FoundingsOutlook | None) -> list[str]:
    """How to read the tables."""
    if found is None:
        return []
    return [
        f"First presences: every one of {found.at_risk} countries without a presence so far is at risk, at rates "
        "learned from past affiliates (docs/reference-class.md). A first presence is the first cell or organisation "
        "that is public; names, lone attackers and attack cells in Western countries do not count. An active "
        "organisation lasts beyond single cells and has not ended by then; an armed conflict has begun by then (25 or "
        "more deaths in a year), by an organisation or by cells, so it may be the likelier of the two. The 90% "
        "interval is that of the probability: foundings come in waves, and whether one comes is unknown. Totals: "
        "median with its range, then the mean, which large waves draw up.",
        *_also_there(found),
    ]


def _shown(found: FoundingsOutlook) -> tuple[Presence, ...]:
    """Countries where the family is that the table lists: with an organisation of the case, or named by the text."""
    return tuple(p for p in found.presences if not math.isnan(p.active) or p.affiliate.code in NAMED)


def _also_there(found: FoundingsOutlook) -> list[str]:
    """The other countries where the family is, in one line."""
    rest = [p.affiliate for p in found.presences if p not in _shown(found)]
    named = ", ".join(f"{one.name} ({one.since.year})" if one.since else one.name for one in rest)
    return [f"The family is also in countries for which the case lists no organisation: {named}."] if rest else []


def _countries(found: FoundingsOutlook) -> TextTable:
    last = found.months[-1]
    columns = (
        *word_columns("first presence"),
        *number_columns(*(f"within {m} months" for m in found.months), "90% interval"),
        *number_columns("active organisation", "armed conflict"),
    )
    sections = (
        tuple(_country(c) for c in found.listed if c.at_risk),
        tuple(_country(c) for c in found.listed if c.state == BEFORE),
    )
    title = f"likeliest countries for a first presence by {FAMILIES[found.family]}; interval and later: {last} months"
    return TextTable(columns, tuple(s for s in sections if s), title)


def _country(one: FoundingCountry) -> tuple[str, ...]:
    if not one.at_risk:
        return (f"not at risk: {one.name} ({one.words})", *("" for _ in one.within), "", "", "")
    last = one.last
    return (
        one.name,
        *(share(p) for p in one.within),
        f"{share(last.low90)}–{share(last.high90)}",
        share(last.organisation),
        share(last.conflict),
    )


def _totals(found: FoundingsOutlook) -> TextTable:
    columns = (
        *word_columns("countries with a first"),
        *number_columns(*(f"within {m} months: median (90% interval), mean" for m in found.months)),
    )
    rows = tuple((words, *(_total(found, what, m) for m in found.months)) for what, words in WHAT.items())
    return TextTable(columns, (rows,), f"all {found.at_risk} countries at risk")


def _total(found: FoundingsOutlook, what: str, month: int) -> str:
    one = found.total(what, month)
    return f"{median_range(one.number.median, one.number.low90, one.number.high90)}, {two_figures(one.mean)}"


def _presences(found: FoundingsOutlook) -> TextTable:
    """First presence, active organisation and armed conflict of the organisations that the case lists."""
    last = found.months[-1]
    columns = (
        *word_columns("where it is already"),
        *number_columns("first presence", f"still active in {last} months", "armed conflict, last published year"),
        *number_columns(f"one begins within {last} months"),
    )
    rows = tuple(_presence(p) for p in _shown(found))
    return TextTable(columns, (rows,), "presence, organisation and conflict kept apart")


def _presence(one: Presence) -> tuple[str, ...]:
    where = one.affiliate
    return (
        where.name,
        str(where.since.year) if where.since else NOTHING,
        NOTHING if math.isnan(one.active) else share(one.active),
        str(where.conflict_year) if where.conflict_year else "none",
        NOTHING if math.isnan(where.conflict) else share(where.conflict),
    )


def _presence_json(one: Presence) -> dict[str, Any]:
    where = one.affiliate
    return {
        "country": where.code,
        "name": where.name,
        "claimed_since": where.since.isoformat() if where.since else None,
        "probability_active": one.active,
        "armed_conflict_last_published": where.conflict_year,
        "probability_armed_conflict_begins": where.conflict,
    }


def foundings_json(found: FoundingsOutlook | None) -> dict[str, Any] | None:
    """First presences as JSON: totals, and every country; None without a reference class."""
    if found is None:
        return None
    return {
        "family": found.family,
        "countries_at_risk": found.at_risk,
        "months": found.months,
        "totals": {
            what: [
                {
                    "within_months": m,
                    "mean": (one := found.total(what, m)).mean,
                    "median": one.number.median,
                    "low90": one.number.low90,
                    "high90": one.number.high90,
                }
                for m in found.months
            ]
            for what in WHAT
        },
        "countries": [
            {
                "country": c.code,
                "name": c.name,
                "state": c.state,
                "since": c.since,
                "probability_within": {str(m): p for m, p in zip(found.months, c.within, strict=True)},
                "low90": c.last.low90,
                "high90": c.last.high90,
                "probability_active_organisation": c.last.organisation,
                "probability_armed_conflict": c.last.conflict,
            }
            for c in found.countries
        ],
        "presences": [_presence_json(p) for p in found.presences],
    }


def shown_chance(one: FoundingCountry) -> str:
    """A chance for a label on the map, nothing where there is none to come."""
    last = one.within[-1]
    return NOTHING if math.isnan(last) else share(last)
