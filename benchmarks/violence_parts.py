"""What each part of the forecast of violence adds, and whether a pool with a country's own history would be better.

    python benchmarks/violence_parts.py

Every year is forecast from the shipped record up to October of the year before, as in the VIEWS challenge, and scored
on the record itself by the challenge's rules. From the simplest to the whole:

    conflictology           the last twelve months, twelve draws, resampled for ignorance as the challenge does
    last 12 months          the same distribution as 1,000 draws: without the help of that resampling
    own history             an equal mixture of the last 12, 24 and 60 months (`afterfall.conflict.own_history`)
    regression              the hurdle regression alone
    afterfall               what is shipped: the regression mixed with the last twelve months
    with own history        an equal pool of afterfall and own history
    regression, history     an equal pool of the regression and own history

Structure is chosen on 2013 to 2017; later years are reported only. Means are over all countries, months and years.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from afterfall.case.dates import month_number
from afterfall.conflict import ConflictRecord, open_record
from afterfall.conflict.ensemble import distribution
from afterfall.conflict.estimation import estimate
from afterfall.conflict.own_history import own_history
from afterfall.conflict.views_scores import DRAWS, views_scores
from afterfall.engine.program import Floats

#: Leads of January to December from the end of October.
LEADS = range(3, 15)
PERIODS = ((2013, 2017), (2018, 2021), (2018, 2023))


def forecasts(record: ConflictRecord) -> Iterator[tuple[str, Floats]]:
    """Draws of every forecast from a record that ends in October, ``(country, month, draw)``."""

    def each_month(draws: Floats) -> Floats:
        return np.repeat(draws[:, None, :], len(LEADS), axis=1)

    found = estimate(record, LEADS)
    ours = found.draws(DRAWS)
    regression = distribution(found.hurdle, found.predicted, found.recent, 0.0, DRAWS)
    own = each_month(own_history(record, DRAWS))
    yield "conflictology", each_month(np.nan_to_num(record.deaths[:, -12:]))
    yield "last 12 months", each_month(own_history(record, DRAWS, windows=(12,)))
    yield "own history", own
    yield "regression", regression
    yield "afterfall", ours
    yield "with own history", pooled(ours, own)
    yield "regression, history", pooled(regression, own)


def pooled(one: Floats, other: Floats) -> Floats:
    """An equal pool of two forecasts with as many draws: every second of all values in rising order."""
    return np.sort(np.concatenate([one, other], axis=-1), axis=-1)[..., ::2]


def scores_of(record: ConflictRecord, year: int) -> dict[str, Floats]:
    """Mean scores ``(rule,)`` of every forecast of a year over the months that the record knows."""
    first = month_number(f"{year}-01") - record.first
    outcome = record.deaths[:, first : first + 12]
    known = ~np.isnan(outcome)
    cut = record.until(month_number(f"{year - 1}-10"))
    return {name: views_scores(draws, np.nan_to_num(outcome))[:, known].mean(axis=1) for name, draws in forecasts(cut)}


def main() -> None:
    """Print mean scores by period."""
    record = open_record()
    first, last = min(p[0] for p in PERIODS), max(p[1] for p in PERIODS)
    found = {year: scores_of(record, year) for year in range(first, last + 1)}
    for start, end in PERIODS:
        sys.stdout.write(f"{f'{start} to {end}':20}  {'CRPS':>7}  ignorance  interval score\n")
        for name in found[start]:
            crps, ignorance, interval = np.mean([found[year][name] for year in range(start, end + 1)], axis=0)
            sys.stdout.write(f"{name:20}  {crps:7.2f}  {ignorance:9.3f}  {interval:14.1f}\n")
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
