"""Tables of attack counts published after the as-of date: the forecast, its opponent, and every other baseline.

Years that were over on the as-of date (hindcasts) stand apart. Published counts under 5 print as ``<5``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.attack.attack_result import Attacks
from afterfall.case import with_article
from afterfall.evaluate.events.attack_counts import (
    LISTED,
    POISSON,
    CountOpponent,
    LaterCount,
    best_baseline,
    year_pairs,
)
from afterfall.report.kit.number_formats import NOTHING, interval, published_count, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def baseline_words(years: int, spread: str) -> str:
    """A baseline in words.

    >>> baseline_words(1, "listed_poisson"), baseline_words(3, "negative_binomial")
    ('last count scaled by the list, Poisson', 'mean of the last 3 counts, negative binomial')
    """
    window = "last count" if years == 1 else f"mean of the last {years} counts"
    scaled = " scaled by the list" if spread in LISTED.values() else ""
    return f"{window}{scaled}, {'Poisson' if spread in (POISSON, LISTED[POISSON]) else 'negative binomial'}"


def later_grids(attacks: Attacks, later: Sequence[LaterCount]) -> tuple[TextTable, ...]:
    """Forecast, later counts and the opponent, count by count; then mean scores of all baselines."""
    opponent = best_baseline(later)
    counts = _counts(attacks, later, opponent)
    return (counts,) if opponent is None else (counts, _baselines(opponent))


def later_notes(attacks: Attacks, place: str | None, later: Sequence[LaterCount]) -> tuple[str, ...]:
    """What the opponent is, or that there is nothing to compare with."""
    if not later:
        where = "" if place is None else f" of {with_article(attacks.name(place))}"
        return (f"The case holds no yearly count{where} published after the as-of date.",)
    pairs = len(year_pairs(attacks.counts))
    fitted = f"fitted on {pairs} year{'s' * (pairs != 1)} and those before" if pairs else "left out: nothing to fit"
    opponent = best_baseline(later)
    chosen = (
        "One count cannot choose a baseline: the opponent is the last count with a Poisson spread."
        if opponent is not None and opponent.counts == 1
        else "The opponent is the best of them on these forecasts, chosen with hindsight in its favour."
    )
    return (
        "Baselines carry the mean of the last 1, 3 or 5 public counts forward (of all, where there are fewer), with a "
        f"Poisson or a negative binomial spread (the latter {fitted}). Those scaled by the list see listed attacks "
        "too, as the forecast does: their mean follows listed attacks of the last twelve months. "
        f"{chosen} A hindcast is a year that was over on "
        "the as-of date and not yet counted in public.",
    )


def _counts(attacks: Attacks, later: Sequence[LaterCount], opponent: CountOpponent | None) -> TextTable:
    against = "opponent" if opponent is None else baseline_words(*opponent.name)
    columns = (
        *word_columns("attempts in", "year"),
        *number_columns("predicted: median", "90%", "published later", "inside", "CRPS", f"{against}: CRPS"),
    )
    past, ahead = ([o for o in later if o.hindcast is over] for over in (True, False))
    rows = [tuple(_count(attacks, one, opponent) for one in some) for some in (past, ahead)]
    totals = [_total(name, some, opponent) for name, some in (("forecasts", ahead), ("with hindcasts", later)) if some]
    sections = tuple(s for s in (*rows, tuple(totals if past else totals[:1])) if s)
    return TextTable(columns, sections, "Against counts published after the as-of date (hindcast: a year over by then)")


def _count(attacks: Attacks, one: LaterCount, opponent: CountOpponent | None) -> tuple[str, ...]:
    return (
        attacks.name(one.place),
        f"{one.year}, hindcast" if one.hindcast else str(one.year),
        two_figures(one.predicted[1]),
        interval(one.predicted[0], one.predicted[2]),
        published_count(one.observed),
        "yes" if one.inside90 else "no",
        *_scores(one.crps, _against(one, opponent)),
    )


def _total(name: str, some: Sequence[LaterCount], opponent: CountOpponent | None) -> tuple[str, ...]:
    ours = float(np.mean([one.crps for one in some]))
    theirs = float(np.mean([_against(one, opponent) for one in some]))
    return name, "", "", "", "", f"{sum(o.inside90 for o in some)} of {len(some)}", *_scores(ours, theirs)


def _against(one: LaterCount, opponent: CountOpponent | None) -> float:
    return float("nan") if opponent is None else one.baseline_crps(opponent.name)


def _baselines(opponent: CountOpponent) -> TextTable:
    """Mean CRPS of the forecast and of every baseline over the same counts."""
    rows = tuple(
        (
            baseline_words(*name) + (" (opponent)" if name == opponent.name else ""),
            _scores(opponent.forecast_crps, mean)[1],
        )
        for name, mean in opponent.means.items()
    )
    title = f"Mean CRPS of every baseline over {opponent.counts} count{'s' * (opponent.counts != 1)}"
    ours = ("forecast", f"{opponent.forecast_crps:.1f}")
    return TextTable((*word_columns("forecast or baseline"), *number_columns("CRPS")), ((ours,), rows), title)


def _scores(ours: float, theirs: float) -> tuple[str, str]:
    """CRPS of the forecast and of a baseline, which is marked where it is the better."""
    return f"{ours:.1f}", NOTHING if np.isnan(theirs) else f"{theirs:.1f}" + (" (better)" if theirs < ours else "")
