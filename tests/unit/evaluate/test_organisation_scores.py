"""Events of organisations against the record: who had one, totals, and Brier scores of a known forecast."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import xarray as xr

from afterfall.case import Case, open_case
from afterfall.evaluate.events.organisation_scores import EventTally, score_events
from afterfall.model import Model, build
from afterfall.run import Run
from afterfall.run.months import add_months

DAY, HORIZON, N = dt.date(2017, 2, 13), 60, 40
SPLIT = ("ahrar-al-sham", "hts", "isis")


@pytest.fixture(scope="module")
def whole() -> Case:
    return open_case("isis-2017", as_of="2026-01-01")


@pytest.fixture(scope="module")
def model() -> Model:
    return build(open_case("isis-2017", as_of=DAY), horizon=1)


def scores(
    model: Model, whole: Case, chosen: tuple[str, ...] = (), share: float = 1.0, day: dt.date = DAY
) -> dict[str, EventTally]:
    """Scores of a run in which the chosen events happen in a share of trajectories, and all ground is lost at once."""
    names, bands = [e.name for e in model.events], model.organisations
    flags = {name: ("organisation", [getattr(b, name) for b in bands]) for name in ("published", "descended")}
    fired = np.full((N, len(names)), HORIZON + 1)
    for name in chosen:
        fired[: round(share * N), names.index(name)] = HORIZON
    lost = xr.DataArray(np.zeros((N, len(model.holdings))), dims=("trajectory", "holding"))
    run = SimpleNamespace(
        as_of=day,
        request=SimpleNamespace(horizon=HORIZON),
        date=lambda month: add_months(day, month),
        organisation_record=SimpleNamespace(fired=fired, label=lambda _: names, names=[b.name for b in bands]),
        dataset=xr.Dataset({"lost": lost, **flags}, {"holding": list(model.holdings)}),
    )
    return {one.kind: one for one in score_events(cast("Run", run), whole)}


def test_who_had_an_event_is_read_from_the_class_by_name(model: Model, whole: Case) -> None:
    found = scores(model, whole)
    assert set(found["split"].happened) == set(SPLIT)
    assert found["retaking"].happened == ("abu-kamal",)
    assert found["merger"].happened == ()
    assert found["merger"].at_risk == 1
    assert "aqap" not in found["split"].happened
    assert found["split"].observed == 3


def test_a_split_of_the_enemy_that_left_is_not_the_branchs(whole: Case) -> None:
    """Boko Haram's of August 2016 was the branch's own; those of 2018 and 2021 were of the part that left it."""
    early = build(open_case("isis-2017", as_of="2016-08-01"), horizon=1)
    assert "isis-west-africa" in scores(early, whole, day=dt.date(2016, 8, 1))["split"].happened


def test_a_change_of_allegiance_is_the_one_that_is_forecast(model: Model, whole: Case) -> None:
    """The Greater Sahara's group was placed under West Africa's in 2019: a pledge within the family, no leaving."""
    found = scores(model, whole)["allegiance"]
    assert found.happened == ()
    names = {e.name for e in model.events}
    assert {"allegiance.isis-sahel", "allegiance.al-shabaab"} <= names
    assert scores(model, whole, ("allegiance.isis-sahel",))["allegiance"].expected == 1.0


def test_endings_of_what_nobody_counted_are_left_out(model: Model, whole: Case) -> None:
    counted = {b.name for b in model.organisations if b.published}
    ending = scores(model, whole)["ending"]
    assert 0 < ending.at_risk <= len(counted) < len(model.organisations)
    assert scores(model, whole, ("ending.isis-saudi",))["ending"].expected == 0.0
    assert scores(model, whole, ("ending.hts",))["ending"].expected == 1.0


def test_a_pledge_to_another_is_no_pledge_to_the_core() -> None:
    """Boko Haram pledged in March 2015, but not to the core of Mali, which the class does not have."""
    mali = open_case("mali-2013", as_of="2026-01-01")
    model = build(open_case("mali-2013"), horizon=1)
    assert "allegiance.boko-haram" in [e.name for e in model.events]
    found = scores(model, mali, day=model.case.as_of)
    assert "allegiance" not in found
    assert set(found["split"].happened) == set()


def test_what_neither_the_case_nor_the_class_could_say_is_no_zero(model: Model, whole: Case) -> None:
    silent = tuple(e for e in whole.holding_events if e.published.last_day <= DAY)
    elsewhere = replace(whole, holding_events=silent, theatre=replace(whole.theatre, countries=("FIN",)))
    assert "retaking" not in scores(model, elsewhere)
    assert scores(model, replace(elsewhere, theatre=replace(whole.theatre, countries=("dusk",)))) == {}


def test_a_forecast_that_is_right_scores_zero_and_one_of_nothing_the_share_that_had_it(
    model: Model, whole: Case
) -> None:
    right = scores(model, whole, tuple(f"split.{name}" for name in SPLIT))["split"]
    assert right.brier == 0.0
    assert (right.expected, right.low, right.high, right.inside) == (3.0, 3.0, 3.0, True)
    nothing = scores(model, whole)["split"]
    assert nothing.brier == pytest.approx(3 / nothing.at_risk)
    assert not nothing.inside


def test_recaptures_have_never_and_the_listed_losses_as_opponents(model: Model, whole: Case) -> None:
    nothing = scores(model, whole)["retaking"]
    assert nothing.brier == nothing.brier_never == pytest.approx(1 / nothing.at_risk)
    assert nothing.brier_listed is not None
    assert nothing.brier_never < nothing.brier_listed != nothing.brier_constant
    assert nothing.best_opponent == nothing.brier_never
    assert scores(model, whole)["split"].brier_listed is None


def test_half_the_trajectories_are_a_probability_of_one_half(model: Model, whole: Case) -> None:
    half = scores(model, whole, ("retaking.abu-kamal",), share=0.5)["retaking"]
    assert half.expected == pytest.approx(0.5)
    assert half.brier == pytest.approx(0.25 / half.at_risk)


def test_an_absorption_counts_as_a_merger_and_both_count_once(model: Model, whole: Case) -> None:
    one = scores(model, whole, ("merger.hts", "absorption.hts", "absorption_by.hts"))["merger"]
    assert one.expected == 1.0


def test_the_constant_rate_is_one_for_all_and_knows_no_outcome(model: Model, whole: Case) -> None:
    """With a probability p for each of n, of which k had it, the Brier score is (k (1 - p)^2 + (n - k) p^2) / n."""
    one = scores(model, whole)["split"]
    share = one.observed / one.at_risk
    roots = np.roots([1.0, -2 * share, share - one.brier_constant])
    p = [float(x.real) for x in roots if 0 < x.real < 1]
    assert any(0.15 < x < 0.35 for x in p)  # about .06 a year for five years
