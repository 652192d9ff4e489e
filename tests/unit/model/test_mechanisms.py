"""One mechanism at a time, with every other rate shut: does it do what its page says?"""

import math

import numpy as np
import pytest
from tests.made_up.expected_runs import SHUT, run, shut_inflow, stock, theta_of

from afterfall.engine.means import run_means
from afterfall.engine.program import Floats
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model


def test_a_child_comes_home_as_a_child(tiny: Model) -> None:
    minor = [c.role for c in tiny.cohorts].index("minor")
    theta = theta_of(tiny, transit__speed=math.log(50.0))
    stocks, _, _ = run(tiny, theta, {(minor, "transit_home_1"): 40.0})
    assert stock(tiny, stocks, "minor_home")[-1] == pytest.approx(40.0)


def test_repatriation_is_rationed_by_origin(tiny: Model) -> None:
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    capacity = 0.5
    origin = tiny.cohorts[0].origin
    per_month = capacity * tiny.view.central_travelled(origin) / 1000.0
    theta = theta_of(tiny, repatriation__hazard=math.log(2.0), repatriation__capacity=math.log(capacity))
    _, counted, _ = run(tiny, theta, {(0, custodian): 10_000.0})
    flow = np.diff(counted[:, [q.name for q in tiny.quantities].index("repatriated")].sum(axis=1))
    assert flow.max() <= per_month * 1.0001
    assert flow.sum() > 0.5 * per_month * len(flow)


@pytest.mark.parametrize(("rho", "kept"), [(1.0, True), (0.0, False)])
def test_rho_says_whether_a_closed_way_retains_or_diverts(tiny: Model, rho: float, kept: bool) -> None:
    """Shut the ways home after the start: with rho of one the flow stays, with zero it turns elsewhere."""
    theta = theta_of(
        tiny,
        leaving__stayer=math.log(0.1),
        abroad__pull=0.0,
        third__pull=SHUT,
        leaving__retained=rho,
        territory__tempo=SHUT,
        noise__leaving_sd=0.0,
        leaving__origin_sd=0.0,
        transit__speed=SHUT,
    )
    program = tiny.program
    path, _ = draw_shared_series(program, theta, 4, 0)
    put = shut_inflow(rate_factors(program, theta, path), tiny)
    home = [r.name for r in tiny.structure.rates].index("way.home")
    time = put.time.copy()
    time[home, :, 1:] = 0.0
    start = np.zeros(program.cell_key.shape)
    start[0, [s.name for s in tiny.states].index("ranks_stayer")] = 1000.0
    stocks, _ = run_means(program, put._replace(time=time), start, np.zeros((len(tiny.quantities), program.n_origins)))
    abroad = stock(tiny, stocks, "transit_abroad_1")[1]
    everyone = 1000.0 * (1.0 - math.exp(-0.1))
    weights = put.base[[r.name for r in tiny.structure.rates].index("way.home"), 0]
    share_abroad = 1.0 / (1.0 + weights)
    expected = 1000.0 * (1.0 - math.exp(-0.1 * share_abroad)) if kept else everyone
    assert abroad == pytest.approx(expected, rel=1e-6)


def arrivals(model: Model, seed: int = 4, **changes: float) -> tuple[Floats, Floats]:
    """People of each origin who come in a month ``[T, O]``, with the paths behind them."""
    still = {"recruitment__fade": 0.0, "recruitment__pull": 1e-12, "noise__arrivals_sd": 1e-12}
    still["recruitment__distance"] = 1e-12
    theta = theta_of(model, **{**still, "arrivals__origin_sd": 1e-12, **changes})
    program = model.program
    path, _ = draw_shared_series(program, theta, seed, 0)
    counters = np.zeros((len(model.quantities), program.n_origins))
    _, counted = run_means(program, rate_factors(program, theta, path), np.zeros(program.cell_key.shape), counters)
    return np.diff(counted[:, [q.name for q in model.quantities].index("travelled")], axis=0), path


def test_arrivals_go_on_as_they_were_and_fade_by_the_month(tiny: Model) -> None:
    steady, _ = arrivals(tiny)
    assert steady[0].min() > 0.0
    assert np.allclose(steady, steady[0])
    fading, _ = arrivals(tiny, recruitment__fade=0.1)
    months = np.arange(1, len(steady) + 1)[:, None]
    assert np.allclose(fading, steady * np.exp(-0.1 * months))


def test_arrivals_follow_the_ground_that_is_left(tiny: Model) -> None:
    steady, _ = arrivals(tiny)
    pulled, path = arrivals(tiny, territory__tempo=math.log(0.2), territory__remainder=0.0, recruitment__pull=2.0)
    held = path[[p.name for p in tiny.structure.paths].index("held")]
    assert held[-1] < 0.5 * held[0]
    some = path[[p.name for p in tiny.structure.paths].index("grounded")]
    assert np.allclose(pulled, steady * (some[1:] * (held[1:] / held[0]) ** 2)[:, None])


def test_arrivals_from_afar_follow_it_more_closely(tiny: Model) -> None:
    lost = {"territory__tempo": math.log(0.2), "territory__remainder": 0.0, "recruitment__pull": 1.0}
    near, path = arrivals(tiny, **lost)
    far, _ = arrivals(tiny, **lost, recruitment__distance=1.0)
    held = path[[p.name for p in tiny.structure.paths].index("held")]
    held = held[1:] / held[0]
    bands = {p.name.removeprefix("log_left."): p for p in tiny.structure.paths if p.name.startswith("log_left.")}
    for inflow in tiny.structure.inflows:
        farther = getattr(bands.get(inflow.rate.name.removeprefix("arrivals.")), "times", 0.0)
        for origin in inflow.origins or ():
            o = tiny.origins.index(origin)
            assert np.allclose(far[:, o], near[:, o] * held**farther), origin
    assert len(bands) >= 1


def test_arrivals_share_a_noise_and_each_origin_has_an_effect_of_mean_one(tiny: Model) -> None:
    steady, _ = arrivals(tiny)
    noisy, _ = arrivals(tiny, noise__arrivals_sd=0.5)
    factor = noisy / steady
    assert np.allclose(factor, factor[:, :1])
    assert factor[:, 0].std() > 0.05
    origins = tiny.program.n_origins
    effects = {f"arrivals.origin_sd[{o}]".replace(".", "__"): 1.0 for o in tiny.view.origins[:1]}
    apart, _ = arrivals(tiny, arrivals__origin_sd=0.5, **effects)
    expected = np.exp(np.where(np.arange(origins) == 0, 0.5, 0.0) - 0.125)
    assert np.allclose(apart, steady * expected)


def test_the_past_knows_none_of_it(tiny: Model) -> None:
    """Arrivals up to the as-of date are data: no later parameter moves a number of the history."""
    later = ("recruitment.fade", "recruitment.pull", "noise.arrivals_sd", "arrivals.origin_sd")
    theta = theta_of(tiny, joining__speed=0.0, role__adult=-2.0)
    moved = theta.copy()
    for name in later:
        moved[tiny.parameter_names.index(name)] += 0.7
    histories = []
    for values in (theta, moved):
        program = tiny.history
        put = rate_factors(program, values, draw_shared_series(program, values, 4, 0)[0])
        counters = np.zeros((len(tiny.quantities), program.n_origins))
        histories.append(run_means(program, put, np.zeros(program.cell_key.shape), counters)[0])
    assert histories[0].sum() > 0.0
    assert np.array_equal(*histories)
