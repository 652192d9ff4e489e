"""Capacity at home: rations of flows and places hold from the as-of date on, and people wait where there is no room."""

import math

import numpy as np
import pytest
from tests.made_up.expected_runs import run, stock, theta_of

from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model

WAITING = {(0, "committed_flagged"): 100.0}


def places(model: Model) -> float:
    """What a capacity parameter of one (log 0) gives the first cohort's origin."""
    return model.view.central_travelled(model.cohorts[0].origin) / 1000.0


def test_monitoring_stops_at_its_places(tiny: Model) -> None:
    per = 50.0
    theta = theta_of(tiny, handling__decision=0.0, capacity__monitoring=math.log(per))
    stocks, _, _ = run(tiny, theta, WAITING)
    watched = stock(tiny, stocks, "committed_monitored")
    room = per * places(tiny)
    assert watched[-1] == pytest.approx(room, rel=0.02)
    assert stock(tiny, stocks, "committed_flagged")[-1] == pytest.approx(100.0 - watched[-1])


def test_a_place_that_falls_free_is_taken(tiny: Model) -> None:
    theta = theta_of(
        tiny, handling__decision=0.0, capacity__monitoring=math.log(50.0), handling__monitoring_ends=math.log(0.2)
    )
    stocks, _, _ = run(tiny, theta, WAITING)
    room = 50.0 * places(tiny)
    assert stock(tiny, stocks, "committed_closed")[12] > 1.5 * room
    assert stock(tiny, stocks, "committed_monitored")[12] < 1.01 * room


def test_assessments_keep_to_their_flow(tiny: Model) -> None:
    theta = theta_of(tiny, handling__assessment=math.log(2.0), capacity__assessment=math.log(8.0))
    stocks, _, _ = run(tiny, theta, {(0, "pacified_assessed"): 500.0})
    concluded = 500.0 - stock(tiny, stocks, "pacified_assessed")
    flow = 8.0 * places(tiny)
    assert np.diff(concluded).max() < 1.001 * flow
    assert concluded[-1] > 0.5 * flow * 24


def test_rations_of_home_do_not_touch_the_history(tiny: Model) -> None:
    own = [a for a, r in enumerate(tiny.structure.capacities) if not r.past]
    assert len(own) == 4
    assert not np.isin(tiny.history.ration, own).any()
    assert np.isin(tiny.program.ration, own).any()


def test_lapsing_and_revocation_begin_after_the_as_of_date(tiny: Model) -> None:
    theta = theta_of(tiny, handling__lapses=math.log(0.5), revocation__hazard=math.log(0.5))
    rates = [r.name for r in tiny.structure.rates]
    path, _ = draw_shared_series(tiny.history, theta, 4, 0)
    before = rate_factors(tiny.history, theta, path)
    after = rate_factors(tiny.program, theta, draw_shared_series(tiny.program, theta, 4, 0)[0])
    for name in ("handling.lapses", "revocation"):
        assert (before.time[rates.index(name)] == 0.0).all()
        assert (after.time[rates.index(name), :, 1:] > 0.0).all()


def test_contacts_help_to_find_the_unknown_in_the_forecast_alone(tiny: Model) -> None:
    total = {f.total for f in tiny.structure.feedbacks if not f.past}
    assert total == {"contacts"}
    assert len(tiny.history.feedback) == len(tiny.program.feedback) - 2
    found = []
    for draw in (0.0, 0.4):
        theta = theta_of(tiny, handling__found=math.log(0.02), sources__detection=draw, capacity__assessment=0.0)
        stocks, _, _ = run(tiny, theta, {(0, "committed_recent"): 100.0, (0, "pacified_monitored"): 400.0})
        found.append(100.0 - stock(tiny, stocks, "committed_recent")[-1])
    assert found[1] > 1.2 * found[0]


def test_who_lost_citizenship_does_not_come_home(tiny: Model) -> None:
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    theta = theta_of(
        tiny,
        revocation__hazard=math.log(0.5),
        revocation__stateless=math.log(3.0),
        repatriation__hazard=math.log(0.5),
        repatriation__capacity=math.log(1e6),
    )
    stocks, counted, _ = run(tiny, theta, {(0, custodian): 100.0})
    stateless, other = stock(tiny, stocks, "stateless")[-1], stock(tiny, stocks, "revoked")[-1]
    assert stateless / other == pytest.approx(3.0)
    lost = counted[-1, [q.name for q in tiny.quantities].index("lost_citizenship")].sum()
    assert stateless + other == pytest.approx(lost, rel=1e-6)
    home = counted[-1, [q.name for q in tiny.quantities].index("repatriated")].sum()
    assert home > 10.0
    assert lost + home == pytest.approx(100.0, rel=1e-3)
    assert stock(tiny, stocks, "stateless")[-1] == pytest.approx(stock(tiny, stocks, "stateless")[-6], rel=1e-3)


def test_a_child_keeps_its_citizenship(tiny: Model) -> None:
    minor = [c.role for c in tiny.cohorts].index("minor")
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    theta = theta_of(tiny, revocation__hazard=math.log(0.5))
    stocks, _, _ = run(tiny, theta, {(minor, custodian): 40.0})
    assert stock(tiny, stocks, custodian)[-1] == pytest.approx(40.0)


def test_deaths_in_custody_are_counted_apart(tiny: Model) -> None:
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    theta = theta_of(tiny, detention__death=math.log(0.05))
    stocks, counted, _ = run(tiny, theta, {(0, custodian): 100.0})
    died = counted[-1, [q.name for q in tiny.quantities].index("died_in_custody")].sum()
    assert died == pytest.approx(stock(tiny, stocks, "killed")[-1])
    assert died > 50.0
