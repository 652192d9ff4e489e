"""An outlook says what its run says: the same means, the same quantiles, the same people in total."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.made_up import batches as made_up

from afterfall.report.forecast.outlook import Outlook, Priors
from afterfall.report.forecast.outlook_of_run import outlook_of
from afterfall.run import Run

PRIORS = Priors(2, ("leave.home",))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    made_up.stand_in(monkeypatch.setattr)
    return made_up.forecast(None, trajectories=41)


def _outlook(run: Run, **asked: object) -> Outlook:
    return outlook_of(run, priors=PRIORS, command="made up", **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(("country", "at"), [(None, 5), ("BBB", 3), ("Arda", None)])
def test_lines_are_the_summary_of_the_run(run: Run, country: str | None, at: int | None) -> None:
    outlook = _outlook(run, country=country, at=at)
    summary = run.summary(at, country)
    now = run.summary(0, country)
    for line in (*outlook.pathways, *outlook.fates, *outlook.counters):
        assert line.then.mean == summary["mean"][line.code]
        assert line.then.high90 == summary["high90"][line.code]
        values = run.quantity(line.code, country).values[:, outlook.months.index(outlook.at)]
        assert line.anyone == pytest.approx((values > 0).mean())
        assert line.now.median == now["median"][line.code]
        assert line.hindsight == summary["hindsight"][line.code], "tiny is seen from 2015"
    stocks = (*outlook.pathways, *outlook.fates)
    assert sum(line.then.mean for line in stocks) == pytest.approx(outlook.total.mean)
    assert sum(line.then.mean_share for line in stocks) == pytest.approx(1.0)


def test_dots_and_fans_are_quantiles_of_the_trajectories(run: Run) -> None:
    outlook = _outlook(run, at=4)
    values = np.sort(run.quantity("remain").sel(month=4).values)
    line = next(one for one in outlook.pathways if one.code == "remain")
    assert line.dots[9] == values[math.ceil(0.475 * len(values)) - 1]
    assert line.fan[2, 4] == np.median(values)
    assert line.fan.shape == (5, len(outlook.months))
    assert outlook.months == tuple(range(7))
    assert outlook.at_date.isoformat() == "2017-05-31"


def test_a_country_has_the_months_recorded_by_origin(run: Run) -> None:
    outlook = _outlook(run, country="brom")
    assert (outlook.country, outlook.country_name, outlook.who) == ("BBB", "Brom", "Brom")
    assert outlook.months == made_up.RECORD
    with pytest.raises(ValueError, match="month 2 is not recorded"):
        _outlook(run, country="brom", at=2)


def test_the_largest_pathway_is_counted_future_by_future(run: Run) -> None:
    outlook = _outlook(run, at=6)
    home, stay = (run.quantity(name).sel(month=6).values for name in ("disengage", "remain"))
    assert outlook.largest["disengage"] == pytest.approx(((home > stay) + 0.5 * (home == stay)).mean())
    assert sum(outlook.largest.values()) == pytest.approx(1.0)


def test_falls_leave_out_what_was_lost_before(run: Run) -> None:
    outlook = _outlook(run)
    lost = run.dataset["lost"].values
    assert [fall.name for fall in outlook.falls] == ["raq", "mos"]
    assert outlook.falls[0].within == pytest.approx((lost[:, 0] <= 6).mean())
    assert all(fall.high90 == math.inf for fall in outlook.falls if fall.within < 0.95)


def test_parts_of_the_rest_of_the_territory_are_one_fall_that_of_the_last(run: Run) -> None:
    lost, last = run.dataset["lost"].values, run.request.horizon
    columns = [list(run.dataset["holding"].values).index(name) for name in ("raq", "mos")]
    (fall,) = _outlook(run, rest=frozenset({"raq", "mos"})).falls
    months = lost[:, columns].max(axis=1)
    assert fall.within == pytest.approx((months <= last).mean())
    assert fall.label.endswith("(last of 2 parts, not a stronghold)")
    median = np.quantile(months, 0.5, method="inverted_cdf")
    assert fall.median == (median if median <= last else math.inf)
    first, second = _outlook(run, rest=frozenset({"raq"})).falls
    assert (first.name, second.name) == ("mos", "raq")
    assert second.label.endswith("(not a stronghold)")


def test_overflow_is_that_of_the_run(run: Run) -> None:
    served = run.overflow()
    assert [(o.name, o.mean, o.largest) for o in _outlook(run).overflow] == [
        (name, served["mean"][name], served["largest"][name]) for name in served.index
    ]


def test_the_stamp_names_the_request(run: Run) -> None:
    stamp = _outlook(run).stamp
    assert (stamp.run, stamp.seed, stamp.command) == (run.request.hash, 11, "made up")
    assert stamp.basis == "Parameters are drawn from priors, not fitted."
