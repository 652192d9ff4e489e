"""The regression on past figures: what it knows, what it learns, what it says when it knows nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm
from tests.made_up.figures import figure

from afterfall.case import Case, cut
from afterfall.evaluate import Outcome, select
from afterfall.evaluate.baselines import hurdle_regression
from afterfall.evaluate.baselines.hurdle_regression import (
    NO_SHARE,
    PRIOR_SD,
    HurdleRegression,
    evidence_of,
    fit_hurdle_regression,
)
from afterfall.evaluate.core.scoring_rules import on_scale

AS_OF = "2015-06-30"
N = 999


@pytest.fixture(scope="module")
def learned(later: Case) -> HurdleRegression:
    return fit_hurdle_regression(cut(later, AS_OF))


def growing(later: Case, factor: float) -> Case:
    """The case with a count of the returned of `arda` every two months, each larger by a factor, the last one 60."""
    past = [
        figure(
            f"back-{i}",
            value=round(60 / factor ** (8 - i), 1),
            family="bulletin",
            refers_to=f"20{14 + i // 6}-{1 + 2 * (i % 6):02d}",
            published=f"20{14 + i // 6}-{1 + 2 * (i % 6):02d}",
        )
        for i in range(9)
    ]
    gone = figure("gone", quantity="travelled", value=200, family="bulletin", refers_to="2014-01", published="2014-01")
    past.append(gone)
    kept = tuple(f for f in later.figures if not (f.quantity == "returned" and f.place == "arda"))
    return cut(replace(later, figures=(*kept, *past)), AS_OF)


def added(known: Case, outcome: Outcome) -> float:
    """Median of what the regression adds to the last figure, on the scale of scores, less the log of that figure."""
    regression = fit_hurdle_regression(known)
    last = regression.points.last(outcome.quantity, outcome.place)
    assert last is not None
    return float(np.median(on_scale(regression.samples(outcome, N), last)) - np.log1p(last))


def test_it_learns_how_fast_figures_have_grown(later: Case) -> None:
    outcome = next(o for o in select(later, AS_OF, 12).outcomes if o.figure == "miss")
    assert (outcome.quantity, outcome.place) == ("returned", "arda")
    slow, fast = (added(growing(later, factor), outcome) for factor in (1.05, 1.6))
    assert fast > slow + 0.3


def test_nothing_published_later_changes_it(later: Case, learned: HurdleRegression) -> None:
    outcome = select(later, AS_OF, 12).outcomes[0]
    without = replace(later, figures=tuple(f for f in later.figures if f.published.last_day <= dt.date(2015, 6, 30)))
    again = fit_hurdle_regression(cut(without, AS_OF))
    assert again.samples(outcome, N).tolist() == learned.samples(outcome, N).tolist()
    assert again.samples(replace(outcome, value=1e6), N).tolist() == learned.samples(outcome, N).tolist()


def test_without_a_past_the_conventions_hold(later: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first figure of a country has the share of its region, with the conventional spread."""
    monkeypatch.setattr(hurdle_regression, "_pairs", lambda _: iter(()))
    nothing = fit_hurdle_regression(cut(later, AS_OF))
    assert (nothing.pairs, nothing.clusters) == (0, 0)
    outcome = next(o for o in select(later, AS_OF, 12).outcomes if o.figure == "few")
    evidence = evidence_of(nothing.points, outcome.quantity, outcome.place)
    assert evidence.kind == "first"
    logs = np.log1p(nothing.samples(outcome, N))
    some = logs[logs > 0]
    assert np.median(some) == pytest.approx(np.log1p(evidence.region), abs=0.1)
    middle = np.quantile(some, (0.6, 0.9))
    assert np.ptp(middle) == pytest.approx(PRIOR_SD["first"] * np.ptp(norm.ppf((0.6, 0.9))), rel=0.05)


def test_a_running_total_never_falls_and_may_stay(learned: HurdleRegression, later: Case) -> None:
    outcome = next(o for o in select(later, AS_OF, 12).outcomes if o.figure == "split-returned")
    samples = learned.samples(outcome, N)
    assert samples.min() == outcome.offset == 25.0
    assert 0.0 < (samples == 25.0).mean() < 1.0
    assert (np.diff(samples) >= 0).all()


def test_a_region_without_a_figure_has_a_share_by_convention(learned: HurdleRegression) -> None:
    evidence = evidence_of(learned.points, "third_country", "arda")
    assert evidence.region == NO_SHARE * evidence.travelled
