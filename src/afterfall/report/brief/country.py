"""The focus country year by year: where those who left are, how many come back, who of them is known.

And notes for a small country, for which most numbers are small, uncertain and close to zero.
"""

from __future__ import annotations

import numpy as np

from afterfall.case import Case, with_article
from afterfall.report.brief.content import BriefTable, BulletPoints, Paragraphs
from afterfall.report.explain.rank_correlations import Floats, spread_of
from afterfall.report.forecast.outlook import Outlook, OutlookLine
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.kit.likelihood_words import odds
from afterfall.report.kit.number_formats import day, median_range, share, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.report.kit.theme import look

#: Where published counts of the returned are compared with those who travelled, a country needs this many travellers.
ENOUGH = 20
#: Fates named, at most, whose range includes zero.
MOST_NAMED = 5
#: Priors of the case that rest on past cases, and what they are rates of.
PAST = {"dispatch.effort": "sent to attack", "relapse.adherent": "relapse after release or return"}


def states_sheet(outlook: Outlook, simulations: CountrySimulations) -> BriefTable:
    """Of 100 who left or were born there, how many are in each fate, by year (means), and people at the horizon."""
    years = simulations.years
    columns = (
        *word_columns("of 100 who left or were born there"),
        *number_columns(*(_year(simulations, m) for m in years), f"people {outlook.at_date.year} (90%)"),
    )
    everyone = {m: simulations.at("everyone", m) for m in years}
    marks = look().pathways
    rows = tuple(
        (
            (f"{marks[one.code].letter} " if one.code in marks else "") + one.label + _late(one),
            *(_percent(simulations.at(one.code, m), everyone[m]) for m in years),
            median_range(one.then.median, one.then.low90, one.then.high90),
        )
        for one in (*outlook.pathways, *outlook.fates)
    )
    late = any(one.hindsight for one in (*outlook.pathways, *outlook.fates))
    note = (
        "Shares are means, which add up to 100 before rounding; medians do not. The last column: median and 90% range."
        + (" * Rests on structure known only later." if late else "")
    )
    return BriefTable(TextTable(columns, (rows,)), note)


def _year(simulations: CountrySimulations, month: int) -> str:
    return "now" if month == 0 else str(simulations.calendar(month).year)


def _late(one: OutlookLine) -> str:
    return " *" if one.hindsight else ""


def _percent(values: Floats, everyone: Floats) -> str:
    some = everyone > 0
    return share(float((values[some] / everyone[some]).mean())).rstrip("%") if some.any() else "–"


def returns_sheet(simulations: CountrySimulations) -> BriefTable:
    """Returns by year: how many so far; of the adults at large at home, how many are known and how many not."""
    columns = (*word_columns("by"), *number_columns("back so far", "never assessed", "known"))
    rows = tuple((_year(simulations, m), *_back(simulations, m)) for m in simulations.years)
    note = (
        "Median (90% range), people. Back so far: everyone ever, also those who left again or died. Never assessed "
        "and known: adults at large at home, as the authorities see them; children and prisoners are in the table of "
        "states."
    )
    return BriefTable(TextTable(columns, (rows,)), note)


def _back(simulations: CountrySimulations, month: int) -> tuple[str, ...]:
    at_large = simulations.at("disengage", month) + simulations.at("returned_at_risk", month)
    unknown = simulations.at("home_unknown", month)
    known = at_large - unknown - simulations.at("home_minor", month)
    found = (simulations.at("returned", month), unknown, known)
    return tuple(median_range(*spread_of(values)) for values in found)


def small_country_notes(
    outlook: Outlook, simulations: CountrySimulations, world: CountrySimulations, case: Case
) -> tuple[Paragraphs | BulletPoints, ...]:
    """How to read the numbers of a small country: zeros, frequencies, comparators, and the share of the world."""
    points = [_zeros(outlook), _hundred(outlook, simulations), _part_of_world(simulations, world, outlook.at)]
    points += [one for one in (_others(case, outlook), *_past(case)) if one]
    return (BulletPoints(tuple(points)),)


def _zeros(outlook: Outlook) -> str:
    stocks = (*outlook.pathways, *outlook.fates)
    names = [f"“{one.label}”" for one in stocks if one.then.low90 == 0]
    if not names:
        return f"No 90% range of a fate on {_at(outlook)} includes zero."
    which = f": {', '.join(names)}" if len(names) <= MOST_NAMED else " (they are in the table of the first page)"
    return (
        f"The 90% range includes zero for {len(names)} of {len(stocks)} fates on {_at(outlook)}{which}. For each of "
        "them, nobody at all is within the range."
    )


def _at(outlook: Outlook) -> str:
    return day(outlook.at_date)


def _hundred(outlook: Outlook, simulations: CountrySimulations) -> str:
    """Chances as frequencies among countries like this one."""
    added = simulations.added("dispatched_so_far", simulations.nearest(outlook.at))
    chance = float((added >= 1).mean())
    if 0.01 <= chance <= 0.99:
        return (
            f"Of 100 such countries, {100 * chance:.0f} would see one person or more newly sent to attack by "
            f"{_at(outlook)} and {100 - round(100 * chance)} would see none."
        )
    return f"One person or more newly sent to attack by {_at(outlook)}: {odds(chance, simulations.number)}."


def _part_of_world(simulations: CountrySimulations, world: CountrySimulations, month: int) -> str:
    """The country's share of the world: in each simulation all countries add up to the world."""
    month = simulations.nearest(month)
    own, all_ = simulations.at("travelled", month).mean(), world.at("travelled", month).mean()
    back, all_back = simulations.at("returned", month).mean(), world.at("returned", month).mean()
    name = simulations.the_name
    return (
        f"{name[0].upper()}{name[1:]} will then account for {_small_share(own / all_)} of all who ever travelled and "
        f"{_small_share(back / all_back)} of all who ever came back; the countries and the remainders of regions add "
        "up to the world in each simulation."
    )


def _small_share(value: float) -> str:
    return f"{two_figures(100 * value)}%"


def _others(case: Case, outlook: Outlook) -> str:
    """The share returned in other countries of the case, as published by the as-of date, and this forecast."""
    shares = published_return_shares(case)
    others = [value for place, value in shares.items() if place != outlook.country]
    if len(others) < 4:
        return ""
    low, median, high = np.quantile(others, (0.25, 0.5, 0.75), method="inverted_cdf")
    returned = next(one for one in outlook.counters if one.code == "returned")
    travelled = next(one for one in outlook.counters if one.code == "travelled")
    own = returned.then.median / max(travelled.then.median, 1.0)
    return (
        f"Comparator: in {len(others)} other countries with both counts published by the as-of date, {share(low)}–"
        f"{share(high)} (middle half; median {share(median)}) of those who travelled had come back; this forecast "
        f"gives {share(own)} for {with_article(outlook.who)} by {_at(outlook)}, which is later and includes "
        "those not counted."
    )


def published_return_shares(case: Case) -> dict[str, float]:
    """Latest published count of the returned over that of those who travelled, by origin, where both count people."""
    found = {}
    for place in case.origins():
        counts = [
            [f for f in case.figures_of(q, place=place) if f.basis == "cumulative" and not f.role and not f.bound]
            for q in ("returned", "travelled")
        ]
        if all(counts):
            back, gone = (rows[-1].value for rows in counts)
            if gone >= ENOUGH and back <= gone:
                found[place] = back / gone
    return found


def _past(case: Case) -> list[str]:
    """The case's sourced priors from past cases, with source and grade."""
    found = []
    for parameter, what in PAST.items():
        row = case.prior(parameter)
        if row is not None and row.note:
            note = row.note.split(";")[0]
            found.append(f"From past cases ({what}): {note} ({case.source(row.source).title}, {row.grade}).")
    return found
