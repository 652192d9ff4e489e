"""Tables of attacks: attempts, completed ones and deaths by year, and how rare it is for a returnee.

Chances that a trajectory count would round to nothing are the mean of each trajectory's own chance. Published counts
under 5 print as ``<5``; forecast quantiles are never hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from afterfall.attack.attack_result import SOURCES, Attacks
from afterfall.attack.border_crossings import BorderScreening
from afterfall.attack.importance_resampling import CANDIDATES
from afterfall.case import with_article
from afterfall.evaluate.events.attack_counts import LaterCount, year_pairs
from afterfall.report.kit.number_formats import interval, published_count, share, two_figures
from afterfall.report.kit.table import TableColumn, TextTable

LEVELS = (0.05, 0.5, 0.95)
#: Countries listed when none is asked for.
LISTED = 15
SOURCE_WORDS = {"returnees": "by returnees", "sent": "by the sent", "inspired": "by the inspired"}
DEFINITION = "Attempts are completed, failed and foiled attacks together, as Europol counts them."


def attack_headline(attacks: Attacks) -> tuple[str, str]:
    """What is shown, and which counts taught it."""
    run = attacks.run
    taught = "; ".join(f"{attacks.name(c.place)} {c.year}: {published_count(c.attempts)}" for c in attacks.counts)
    return (
        f"{run.title} ({run.request.case}), as of {run.as_of}: attacks",
        f"{DEFINITION} Learned from {taught or 'no published count: the priors alone'}. "
        f"{run.request.trajectories:,} futures, seed {run.request.seed}, run {run.request.hash}",
    )


def attack_grids(attacks: Attacks, place: str | None, screened: BorderScreening | None) -> tuple[TextTable, ...]:
    """One place year by year; or Europe, Canada's like and the countries with most, each with its years."""
    if place is not None:
        return (_years(attacks, place), _sources(attacks, place))
    grids = [_overview(attacks), *(_years(attacks, group) for group in attacks.groups())]
    return (*grids, _screening(screened)) if screened is not None else tuple(grids)


def attack_notes(attacks: Attacks, place: str | None) -> tuple[str, ...]:
    """What to know beside the tables."""
    where = place or _world(attacks)
    per_head = returnee_chance(attacks, where)
    effective_candidates = float(np.median(attacks.effective_candidates))
    return (
        f"Of 1,000 adults who came home, {about(per_head)} attempt an attack within {attacks.run.request.horizon} "
        "months in the mean future (the hazard is a product of which only the whole is seen).",
        "More of the same: attempts in the 24 months ahead against the 24 before, of which what was not public is "
        "drawn.",
        f"The split between returnees, the sent and the inspired is prior only. Effective candidates behind each "
        f"future: {effective_candidates:.0f} of {CANDIDATES}.",
        "Deaths have a heavy tail (Clauset and Woodard 2013): means depend on rare futures.",
    )


def later_grid(attacks: Attacks, later: Sequence[LaterCount]) -> TextTable:
    """Forecast, what was published later, and the naive forecasts; years that were over on the as-of date apart."""
    predicted = ("said: median", "90%", "published later", "inside", "CRPS")
    columns = (
        *(TableColumn("attempts in"), TableColumn("year")),
        *(
            TableColumn(h, "right")
            for h in (*predicted, "last count, Poisson: CRPS", "last count, overdispersed: CRPS")
        ),
    )
    past, ahead = ([o for o in later if o.hindcast is over] for over in (True, False))
    rows = [tuple(_later(attacks, one) for one in some) for some in (past, ahead)]
    totals = [_total(name, some) for name, some in (("forecasts", ahead), ("with hindcasts", later)) if some]
    sections = tuple(s for s in (*rows, tuple(totals if past else totals[:1])) if s)
    return TextTable(
        columns, sections, "Against what was published after the as-of date (hindcast: a year over by then)"
    )


def later_notes(attacks: Attacks, place: str | None, later: Sequence[LaterCount]) -> tuple[str, ...]:
    """What the naive forecasts are, or that there is nothing to set beside."""
    if not later:
        where = "" if place is None else f" of {with_article(attacks.name(place))}"
        return (f"The case holds no yearly count{where} published after the as-of date.",)
    pairs = len(year_pairs(attacks.counts))
    fitted = f"fitted on {pairs} year{'s' * (pairs != 1)} and the one before" if pairs else "left out: nothing to fit"
    return (
        "Last count: the last one public stays, with the spread of a Poisson count, or overdispersed (negative "
        f"binomial, {fitted}). A hindcast is a year that was over on the as-of date and not yet counted in public.",
    )


def _later(attacks: Attacks, one: LaterCount) -> tuple[str, ...]:
    return (
        attacks.name(one.place),
        f"{one.year}, hindcast" if one.hindcast else str(one.year),
        two_figures(one.predicted[1]),
        interval(one.predicted[0], one.predicted[2]),
        published_count(one.observed),
        "yes" if one.inside90 else "no",
        *_scores(one.crps, one.baseline_crps, one.overdispersed_crps),
    )


def _total(name: str, some: Sequence[LaterCount]) -> tuple[str, ...]:
    means = [
        float(np.mean([getattr(one, score) for one in some]))
        for score in ("crps", "baseline_crps", "overdispersed_crps")
    ]
    return name, "", "", "", "", f"{sum(o.inside90 for o in some)} of {len(some)}", *_scores(*means)


def _scores(ours: float, *baseline: float) -> tuple[str, ...]:
    """CRPS of the forecast and of naive ones, those that beat it marked."""
    return f"{ours:.1f}", *("–" if np.isnan(n) else f"{n:.1f}" + (" (loss)" if n < ours else "") for n in baseline)


def about(chance: float) -> str:
    """A small share in words of a thousand, or of more where it is smaller.

    >>> about(0.0031), about(0.00004), about(0.0), about(0.0449)
    ('about 3', 'about 0.04', 'none', 'about 45')
    """
    if chance <= 0:
        return "none"
    return f"about {chance * 1000:.0f}" if chance >= 0.001 else f"about {two_figures(float(f'{chance * 1000:.0e}'))}"


def in_words(chance: float) -> str:
    """A chance as a whole percentage, and below one in a hundred as so many in a thousand or in a larger power of ten.

    >>> in_words(0.31), in_words(0.0031), in_words(0.000042), in_words(0.0)
    ('31%', 'about 3 in 1,000', 'about 4 in 100,000', 'none')
    """
    if chance >= 0.01:
        return share(chance)
    if chance <= 1e-9:
        return "none"
    base = 1000
    while chance * base < 1.0:
        base *= 10
    return f"about {chance * base:.0f} in {base:,}"


def returnee_chance(attacks: Attacks, place: str) -> float:
    """Attempts by returnees over the forecast for each adult who ever came home by its end, in the mean future."""
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
        TableColumn("attempts in"),
        *(TableColumn(str(y), "right") for y in years),
        TableColumn(f"any in {years[-1]}", "right"),
        TableColumn(f"any completed in {years[-1]}", "right"),
        TableColumn("24 months: more/same/fewer", "right"),
    )
    rows = []
    for code in [*groups, *listed]:
        cells = [_spread(attacks.attempts_in(code, y)) for y in years]
        chances = [in_words(attacks.chance(code, years[-1], completed=done)) for done in (False, True)]
        rows.append((attacks.name(code), *cells, *chances, _more_same_fewer(attacks, code)))
    return TextTable(columns, (tuple(rows[: len(groups)]), tuple(rows[len(groups) :])), "Attempts by calendar year")


def _years(attacks: Attacks, place: str) -> TextTable:
    columns = (
        TableColumn("year"),
        *(
            TableColumn(h, "right")
            for h in ("attempts", "completed", "deaths", "any attempt", "any completed", "25+ dead")
        ),
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
                in_words(attacks.chance(place, year)),
                in_words(attacks.chance(place, year, completed=True)),
                in_words(float((deaths >= 25).mean())),
            )
        )
    more, same, fewer = map(share, attacks.more_of_the_same(place))
    beside = f"24 months ahead against the 24 before: more {more}, as many {same}, fewer {fewer}"
    return TextTable(columns, (tuple(rows),), f"{attacks.name(place)}; {beside}")


def _more_same_fewer(attacks: Attacks, place: str) -> str:
    return " / ".join(map(share, attacks.more_of_the_same(place)))


def _sources(attacks: Attacks, place: str) -> TextTable:
    columns = (TableColumn("year"), *(TableColumn(f"mean attempts {SOURCE_WORDS[s]}", "right") for s in SOURCES))
    rows = [
        (_year_words(attacks, y), *(two_figures(float(v)) for v in attacks.of(attacks.expected, place, y).mean(axis=0)))
        for y in attacks.years()
    ]
    return TextTable(columns, (tuple(rows),), f"{attacks.name(place)}, by who attempts (a split that is prior only)")


def _screening(screened: BorderScreening) -> TextTable:
    columns = (
        TableColumn("year"),
        *(
            TableColumn(h, "right")
            for h in (
                "irregular crossings",
                "sent per million of them",
                "sent among them",
                "found",
            )
        ),
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
    low, median, high = np.quantile(values, LEVELS, method="inverted_cdf")
    return f"{two_figures(float(median))} ({interval(float(low), float(high))})"
