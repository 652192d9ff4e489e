"""Breaks of custody: whose record a custodian has, that draws follow the rates, and that nobody is counted twice."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import xarray as xr

from afterfall.breaks.custodian_risk import custodians_at_risk
from afterfall.breaks.drawn_breaks import CustodyBreaks, custody_breaks
from afterfall.case import open_case
from afterfall.model import Model, build
from afterfall.model.mechanisms.learned_breaks import ANOTHER
from afterfall.reference import open_reference_class
from afterfall.reference.custody_breaks import SDF, break_groups, breaks_at_risk, custodian_groups
from afterfall.run import Run

DAY, HORIZON, NUMBER, STOCK = dt.date(2017, 2, 13), 60, 1500, 100.0


@pytest.fixture(scope="module")
def model() -> Model:
    return build(open_case("isis-2017", as_of=DAY), horizon=1)


def run_of(model: Model, number: int = NUMBER, seed: int = 3) -> Run:
    """A run in which each custodian holds `STOCK` people and one more every month."""
    names = [q for one in custodians_at_risk(model) for q in one.quantities]
    world = np.broadcast_to((STOCK + np.arange(HORIZON + 1))[None, :, None], (number, HORIZON + 1, len(names)))
    data = xr.Dataset({"world": (("trajectory", "month", "quantity"), world)}, coords={"quantity": names})
    request = SimpleNamespace(horizon=HORIZON, seed=seed)
    return cast("Run", SimpleNamespace(dataset=data, request=request, as_of=DAY))


@pytest.fixture(scope="module")
def found(model: Model) -> CustodyBreaks:
    drawn = custody_breaks(run_of(model), model)
    assert drawn is not None
    return drawn


def test_a_custodian_has_the_record_of_its_country_and_one_without_that_of_another_state(model: Model) -> None:
    """The Syrian Democratic Forces held nobody before July 2017, as far as the class knows."""
    by_label = {one.label: one for one in custodians_at_risk(model)}
    assert len(by_label) == 3
    iraq = by_label["Iraq, courts and prisons"]
    assert (iraq.record, iraq.events) == ("Iraq", 5)
    forces = next(one for label, one in by_label.items() if "north-east Syria" in label)
    assert (forces.record, forces.events, forces.years) == (ANOTHER, 0, 0.0)
    assert set(forces.quantities) == {"detained_ne-syria-prison", "detained_ne-syria-camp"}
    assert iraq.rate.mean() > forces.rate.mean()
    assert iraq.rate.std() / iraq.rate.mean() < forces.rate.std() / forces.rate.mean()


def test_a_case_without_captors_has_none() -> None:
    assert custodians_at_risk(build(open_case("tiny"), horizon=1)) == ()


def test_setting_one_custodian_apart_counts_no_break_twice() -> None:
    known = open_reference_class("2023-01-01")
    apart, whole = custodian_groups(known, 20), break_groups(known, 20)
    assert set(apart) - set(whole) == {SDF}
    assert apart[SDF][1].events.sum() == 3
    assert sum(g.events.sum() for _, g in apart.values()) == sum(g.events.sum() for _, g in whole.values())
    early = open_reference_class("2017-01-01")
    assert SDF not in custodian_groups(early, 20)


def test_the_share_with_a_break_is_that_of_the_rates(found: CustodyBreaks) -> None:
    for k, one in enumerate(found.custodians):
        expected = float(-np.expm1(-one.rate[:NUMBER] * HORIZON / 12).mean())
        assert float((found.month[:, k, 0] <= HORIZON).mean()) == pytest.approx(expected, abs=4 * 0.5 / NUMBER**0.5)
        assert float(found.number(HORIZON)[:, k].mean()) == pytest.approx(one.rate.mean() * HORIZON / 12, rel=0.15)


def test_breaks_are_like_those_of_the_class(found: CustodyBreaks) -> None:
    rows = breaks_at_risk(open_reference_class(DAY), 20)
    assert set(np.unique(found.out)) <= {row.people_out for row in rows}
    fell = sum((1.0 if r.verified else 0.5) * (r.kind == "custodial collapse") for r in rows)
    share = fell / sum(1.0 if r.verified else 0.5 for r in rows)
    assert float(found.collapse.mean()) == pytest.approx(share, abs=0.02)
    assert bool((found.collapsed(HORIZON) <= (found.number(HORIZON) > 0)).all())
    assert bool((found.large(12) <= found.large(HORIZON)).all())


def test_people_at_stake_are_those_held_in_the_month_before(found: CustodyBreaks) -> None:
    """Of two custodians' worth of stock in one custody; and no break frees more than there are."""
    first = found.month[:, :, 0]
    there = first <= HORIZON
    stocks = np.array([len(one.quantities) for one in found.custodians]) * (STOCK + first - 1)
    assert np.array_equal(found.held[there], stocks[there])
    assert bool(np.isnan(found.held[~there]).all())
    assert bool((found.most[there] < found.held[there]).all())


def test_more_simulations_leave_the_first_ones_as_they_are(model: Model, found: CustodyBreaks) -> None:
    few = custody_breaks(run_of(model, number=50), model)
    assert few is not None
    assert np.array_equal(few.month, found.month[:50])
    assert np.array_equal(few.out, found.out[:50])
