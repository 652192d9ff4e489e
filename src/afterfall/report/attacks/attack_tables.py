"""Tables of attacks: attempts, completed ones and deaths by year, and how rare it is for a returnee.

Chances too rare to be counted over simulations are the mean of the probabilities within each simulation. Published
counts under 5 print as ``<5``; forecast quantiles are never hidden.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from afterfall.attack.attack_result import SOURCES, Attacks
from afterfall.attack.border_crossings import BorderScreening
from afterfall.attack.importance_resampling import CANDIDATES
from afterfall.case import with_article
from afterfall.case.dates import month_name
from afterfall.report.kit.number_formats import (
    NOTHING,
    SMALL_CELL,
    median_range,
    per_thousand,
    published_count,
    rare_share,
    share,
    two_figures,
)
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run.quantile_levels import low_median_high

#: Countries listed when none is asked for.
LISTED = 15
#: Past years shown by who attempted.
PAST_YEARS = 3
SOURCE_WORDS = {"returnees": "by returnees", "sent": "by the sent", "inspired": "by the inspired"}
NO_COUNT = "no published count, which is not a count of zero: priors only"
DEFINITION = "Attempts are completed, failed and foiled attacks together, as Europol counts them."


def attack_headline(attacks: Attacks) -> tuple[str, str]:
    """What is shown, and the published counts it is conditioned on."""
    run = attacks.run
    counts = "; ".join(f"{attacks.name(c.place)} {c.year}: {published_count(c.attempts)}" for c in attacks.counts)
    return (
        f"{run.title} ({run.request.case}), as of {run.as_of}: attacks",
        f"{DEFINITION} Conditioned on {counts or NO_COUNT}{_listed(attacks)}. "
        f"{run.request.trajectories:,} simulations, seed {run.request.seed}, run {run.request.hash}",
    )


def _listed(attacks: Attacks) -> str:
    """The listed attacks in a sentence."""
    number = len(attacks.public.attacks)
    if not number:
        return ""
    shares = len(attacks.public.shares)
    return f"; on {number} listed attacks in {len(attacks.public.countries)} Western countries, and on {shares} shares"


def attack_grids(attacks: Attacks, place: str | None, screened: BorderScreening | None) -> tuple[TextTable, ...]:
    """One place year by year; or groups of countries and the countries with most, each with its years."""
    if place is not None:
        return (_years(attacks, place), _sources(attacks, place), *_shares(attacks))
    grids = [_overview(attacks), *(_years(attacks, group) for group in attacks.groups()), *_shares(attacks)]
    return (*grids, _screening(screened)) if screened is not None else tuple(grids)


def attack_notes(attacks: Attacks, place: str | None) -> tuple[str, ...]:
    """How to read the tables."""
    where = place or _world(attacks)
    per_head = returnee_chance(attacks, where)
    effective = float(np.median(attacks.effective_candidates))
    return (
        f"Of 1,000 adults who came home, {per_thousand(per_head)} attempt an attack within "
        f"{attacks.run.request.horizon} months on average (the hazard is a product of which only the whole is "
        "observed).",
        HowToRead(
            "More, same or fewer: attempts in the 24 months after the as-of date against the 24 before (unpublished "
            "counts are simulated)."
        ),
        f"{_split_words(attacks)}. Effective candidates behind each simulation: {effective:.0f} of {CANDIDATES:,}.",
        "Deaths have a heavy tail (Clauset and Woodard 2013): means depend on rare simulations.",
        *_level_note(attacks, place),
        *_hosts_note(attacks),
    )


def _split_words(attacks: Attacks) -> str:
    if attacks.public.shares:
        return "The split between returnees, the sent and the inspired follows published shares and the listed attacks"
    return "The split between returnees, the sent and the inspired is prior only: no share was public"


def _level_note(attacks: Attacks, place: str | None) -> tuple[str, ...]:
    """What the level of a country rests on."""
    if place is None:
        return ("* No count there was public, which is not a count of zero: the level is that of its travellers.",)
    if attacks.model.case.group(place) is not None or any(count.place == place for count in attacks.counts):
        return ()
    if _informed(attacks, place):
        return (
            "Its level is learned from its own listed attacks, its travellers and its Muslim population, and from the "
            "other Western countries of the list.",
        )
    return (
        f"No count of {with_article(attacks.name(place))} was public, and no count is not a count of zero: its level "
        "is that of its travellers, and wide. To inform it, add rows to figures.csv (quantity attacks, basis year, "
        "definition completed_failed_foiled).",
    )


def _informed(attacks: Attacks, place: str) -> bool:
    """Whether a count or the list says something about a place."""
    known = {*(count.place for count in attacks.counts), *attacks.public.countries}
    return place in known or attacks.model.case.group(place) is not None


def _hosts_note(attacks: Attacks) -> tuple[str, ...]:
    if not attacks.hosts:
        return ()
    names = ", ".join(host.name for host in attacks.hosts)
    return (
        f"Not forecast, since attacks there are those of an armed organisation at war: {names}. Deaths in fighting "
        "there: afterfall violence CASE --country CODE.",
    )


def returnee_chance(attacks: Attacks, place: str) -> float:
    """Attempts by returnees over the forecast for each adult who ever came home by its end, on average."""
    where = _where(attacks, place)
    ahead = attacks.expected[:, attacks.back + 1 :, :, 0][:, :, where].sum(axis=(1, 2), dtype=np.float64)
    returned = attacks.run.dataset["origins"].sel(quantity=["returned"]).isel(origin_month=-1)
    children = attacks.run.dataset["origins"].sel(quantity=["home_minor"]).isel(origin_month=-1)
    came = (returned.values[:, :, 0] - children.values[:, :, 0])[:, where].sum(axis=1)
    return float(ahead.mean() / max(came.mean(), 1e-9))


def _where(attacks: Attacks, place: str) -> list[int]:
    return list(range(len(attacks.countries))) if place == "WLD" else attacks.where(place)


def _world(attacks: Attacks) -> str:
    return next(iter(attacks.groups()), "WLD")


def _overview(attacks: Attacks) -> TextTable:
    """Two forecast years of Europe and of the countries with most attempts."""
    groups = attacks.groups()
    years = attacks.years()[:3]
    ahead = attacks.expected[:, attacks.back + 1 :].sum(axis=(1, 3), dtype=np.float64).mean(axis=0)
    order = sorted(range(len(ahead)), key=lambda i: (-ahead[i], attacks.countries[i]))
    listed = [attacks.countries[i] for i in order[:LISTED]]
    columns = (
        *word_columns("attempts in"),
        *number_columns(*map(str, years), f"any in {years[-1]}", f"any completed in {years[-1]}"),
        *number_columns("24 months: more/same/fewer"),
    )
    rows = []
    for code in [*groups, *listed]:
        cells = [_spread(attacks.attempts_in(code, y)) for y in years]
        chances = [rare_share(attacks.chance(code, years[-1], completed=done)) for done in (False, True)]
        name = attacks.name(code) + ("" if _informed(attacks, code) else " *")
        rows.append((name, *cells, *chances, _more_same_fewer(attacks, code)))
    return TextTable(columns, (tuple(rows[: len(groups)]), tuple(rows[len(groups) :])), "Attempts by calendar year")


def _years(attacks: Attacks, place: str) -> TextTable:
    columns = (
        *word_columns("year"),
        *number_columns("attempts", "completed", "deaths", "any attempt", "any completed", "25+ dead"),
    )
    rows = []
    for year in attacks.years():
        deaths = attacks.of(attacks.deaths, place, year)
        rows.append(
            (
                _year_words(attacks, year),
                _spread(attacks.attempts_in(place, year)),
                _spread(attacks.of(attacks.completed, place, year)),
                _spread(deaths),
                rare_share(attacks.chance(place, year)),
                rare_share(attacks.chance(place, year, completed=True)),
                rare_share(float((deaths >= 25).mean())),
            )
        )
    more, same, fewer = map(share, attacks.more_of_the_same(place))
    change = f"24 months ahead against the 24 before: more {more}, as many {same}, fewer {fewer}"
    return TextTable(columns, (tuple(rows),), f"{attacks.name(place)}; {change}")


def _more_same_fewer(attacks: Attacks, place: str) -> str:
    return " / ".join(map(share, attacks.more_of_the_same(place)))


def _sources(attacks: Attacks, place: str) -> TextTable:
    """Expected attempts by who attempts: past years as the model has them, then forecast years."""
    columns = (*word_columns("year"), *number_columns(*(f"mean attempts {SOURCE_WORDS[s]}" for s in SOURCES)))
    years = [int(y) for y in dict.fromkeys(attacks.year_of.tolist())]
    past = [y for y in years if y not in attacks.years() and (attacks.year_of == y).sum() == 12][-PAST_YEARS:]
    sections = tuple(
        tuple(
            (
                _year_words(attacks, y),
                *(two_figures(float(v)) for v in attacks.of(attacks.expected, place, y).mean(axis=0)),
            )
            for y in some
        )
        for some in (past, attacks.years())
        if some
    )
    return TextTable(columns, sections, f"{attacks.name(place)}, by who attempts (past years as the model has them)")


def _shares(attacks: Attacks) -> tuple[TextTable, ...]:
    """Shares that were public next to those of the model; none where no share was public."""
    columns = (*word_columns("by", "months"), *number_columns("attempts known", "share", "model: median", "90%"))
    rows = []
    for one in attacks.public.shares:
        low, median, high = low_median_high(attacks.expected_share(one))
        span = f"{month_name(one.first)} to {month_name(one.last)}"
        known = f"{published_count(one.part)} of {one.whole:.0f}"
        hidden = NOTHING if 0 < one.part < SMALL_CELL else share(one.part / one.whole)
        cells = (share(median), f"{share(low)}–{share(high)}")
        rows.append((f"the {' or the '.join(one.by)}", span, known, hidden, *cells))
    title = "Who attempted in the Western countries of the list: shares that were public, and the model's"
    return (TextTable(columns, (tuple(rows),), title),) if rows else ()


def _screening(screened: BorderScreening) -> TextTable:
    columns = (
        *word_columns("year"),
        *number_columns("irregular crossings", "sent per million of them", "sent among them", "found"),
    )
    rows = [
        (
            str(y),
            *(
                _spread(values[:, k])
                for values in (screened.crossings, screened.rate, screened.entered, screened.found)
            ),
        )
        for k, y in enumerate(screened.years)
    ]
    title = f"Entry among migrants, all of Europe; last known {two_figures(screened.last_known)} crossings a year"
    return TextTable(columns, (tuple(rows),), title)


def _year_words(attacks: Attacks, year: int) -> str:
    months = int((attacks.year_of == year).sum())
    return str(year) if months == 12 else f"{year} ({months} months)"


def _spread(values: Any) -> str:
    low, median, high = low_median_high(values)
    return median_range(median, low, high)
