"""Mechanisms whose course is known exactly: exponential killing, prison in Erlang stages, shares by their weights."""

import math

import numpy as np
import pytest
from tests.made_up.expected_runs import SHUT, run, stock, theta_of

from afterfall.model import Model


@pytest.mark.parametrize("withdrawal", [0.0, 0.7])
def test_the_ranks_follow_the_ground_still_held_and_withdraw_to_it(tiny: Model, withdrawal: float) -> None:
    theta = theta_of(tiny, territory__tempo=math.log(0.2), territory__remainder=0.0, fall__withdrawal=withdrawal)
    stocks, _, path = run(tiny, theta, {(0, "ranks_stayer"): 1000.0})
    held, adrift = (path[[p.name for p in tiny.structure.paths].index(name)] for name in ("held", "adrift"))
    assert held[-1] < held[0]
    assert 0.0 < adrift.sum() < len(adrift)
    lost = np.concatenate([[0.0], -np.diff(np.log(held))]) * np.maximum(1.0 - held, 0.01) ** withdrawal
    expected = 1000.0 * np.exp(-np.cumsum(lost + adrift))
    assert np.allclose(stock(tiny, stocks, "ranks_stayer"), expected, rtol=1e-9)
    if withdrawal == 0.0:
        assert np.allclose(expected, 1000.0 * held / held[0] * np.exp(-np.cumsum(adrift)))
    assert np.allclose(stock(tiny, stocks, "remnant") + stock(tiny, stocks, "ranks_stayer"), 1000.0)


def test_the_prior_of_withdrawal_is_wide(tiny: Model) -> None:
    """What is left of the ranks with a tenth of the ground, as the note of the mechanism says."""
    known = next(k for k in tiny.parameters if k.name == "fall.withdrawal")
    assert known.uninformed
    held = np.geomspace(1.0, 0.1, 20001)
    middle = np.sqrt(held[1:] * held[:-1])
    left = [math.exp(float(np.sum(np.diff(np.log(held)) * (1.0 - middle) ** p))) for p in (known.low, known.high)]
    assert left == pytest.approx([0.12, 0.83], abs=0.01)


def test_killing_alone_is_exponential(tiny: Model) -> None:
    hazard = 0.03
    theta = theta_of(tiny, killing__fighter=math.log(hazard), territory__tempo=SHUT, noise__killing_sd=0.0)
    theta[tiny.parameter_names.index("killing.campaign")] = 0.0
    stocks, counted, _ = run(tiny, theta, {(0, "ranks_mover"): 500.0})
    months = np.arange(stocks.shape[0])
    assert np.allclose(stock(tiny, stocks, "ranks_mover"), 500.0 * np.exp(-hazard * months), rtol=1e-9)
    killed = counted[:, [q.name for q in tiny.quantities].index("killed_so_far")].sum(axis=1)
    assert np.allclose(killed, stock(tiny, stocks, "killed"), rtol=1e-9)


def test_prison_is_erlang_of_three_stages(tiny: Model) -> None:
    rate = 0.08
    theta = theta_of(tiny, prison__stage=math.log(rate))
    stocks, _, _ = run(tiny, theta, {(0, "prison_adherent_1"): 100.0})
    months = np.arange(stocks.shape[0])
    inside = sum(stock(tiny, stocks, f"prison_adherent_{k}") for k in (1, 2, 3))
    x = rate * months
    exact = 100.0 * np.exp(-x) * (1.0 + x + x**2 / 2.0)
    # The half-month sweep moves people on within the sweep; its error at this hazard is well below 1 per cent.
    assert np.abs(inside / exact - 1.0).max() < 0.01


def test_dispositions_split_by_their_weights(tiny: Model) -> None:
    theta = theta_of(
        tiny,
        transit__speed=math.log(50.0),
        disposition__pacified=math.log(3.0),
        disposition__committed=SHUT,
        disposition__adherent=SHUT,
        entry__met=SHUT,
        home__settling=SHUT,
    )
    stocks, counted, _ = run(tiny, theta, {(0, "transit_home_2"): 100.0})
    pacified, sympathiser = stock(tiny, stocks, "pacified_recent")[-1], stock(tiny, stocks, "sympathiser_recent")[-1]
    assert pacified + sympathiser == pytest.approx(100.0)
    assert pacified / sympathiser == pytest.approx(3.0)
    assert counted[-1, [q.name for q in tiny.quantities].index("returned")].sum() == pytest.approx(100.0)
