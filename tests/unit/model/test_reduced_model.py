"""The fit program keeps what the history says: everyone, and who of them came home or died."""

import numpy as np
import pytest

from afterfall.engine.means import run_means
from afterfall.engine.program import Floats, Program
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, sample
from afterfall.model.compile.reduced_model import AWAY, HOME, reduced_model
from afterfall.model.observation.fit_data import fit_figures, interval


def people(program: Program, theta: Floats) -> Floats:
    tabled = rate_factors(program, theta, draw_shared_series(program, theta, 1, 0)[0])
    start = np.zeros(program.cell_key.shape)
    return run_means(program, tabled, start, np.zeros((len(program.quantity_cohort), program.n_origins)))[0]


def test_totals_and_shares_are_kept(tiny: Model) -> None:
    small, draws = reduced_model(tiny), sample(tiny, trajectories=12, seed=2)
    own = [draws.names.index(n) for n in small.names]
    home = np.array([s.stage in ("home", "prison") for s in tiny.states])
    dead = np.array([s.fate == "killed" for s in tiny.states])
    lumped = [s.name for s in small.states].index(HOME)
    travelled = [c.role != "born" for c in tiny.history_cohorts]
    for theta in draws.values:
        whole, less = people(tiny.history, theta)[:, travelled], people(small.program, theta[own])
        assert less.sum(axis=(1, 2)) == pytest.approx(whole.sum(axis=(1, 2)))
        assert less[-1, :, lumped].sum() == pytest.approx(whole[-1][:, home].sum(), rel=0.15)
        assert less[-1, :, small.killed].sum() == pytest.approx(whole[-1][:, dead].sum(), rel=0.03)


def test_it_is_small_and_free_of_what_comes_later(tiny: Model) -> None:
    small = reduced_model(tiny)
    names = {s.name for s in small.states}
    assert {HOME, AWAY} < names
    assert len(names) < len(tiny.states) / 2
    assert not len(small.program.feedback)
    later = ("handling.", "relapse.", "dispatch.", "noise.arrivals", "noise.campaign")
    assert not any(n.startswith(later) for n in small.names)
    assert "territory.tempo" not in small.names, "its prior has used the losses already"


def test_a_figure_is_an_interval(tiny: Model) -> None:
    by_name = {f.figure: f for f in tiny.case.figures}
    assert interval(by_name["arda-returned-2015"]) == (40.0, 50.0)
    assert interval(by_name["brom-returned-2015"]) == (24.5, 25.5)
    assert interval(by_name["arda-2015-ministry"]) == (165.0, 175.0)


def test_what_is_read_and_what_is_not(tiny: Model) -> None:
    found = fit_figures(tiny.view)
    assert {o.figure.figure for o in found.observed if o.quantity != "strength"} == {
        "arda-returned-2015",
        "brom-returned-2015",
        "brom-killed-2015",
    }
    assert all(o.figure.published.last_day <= tiny.case.as_of for o in found.observed)
    assert [o.bound for o in found.observed if o.quantity == "strength"] == [-1]
