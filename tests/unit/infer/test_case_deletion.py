"""Leaving a figure out: weights, likelihoods without it, and forecasts without it."""

from dataclasses import replace
from pathlib import Path

import jax
import numpy as np
import pytest
from benchmarks.eight_origins import eight_origins
from tests.unit.posterior.conftest import made_up_origin

from afterfall.infer import case_deletion as study
from afterfall.infer.case_deletion import CaseDeletion, DeletionEffect, Number, influence
from afterfall.infer.fitting import values_of
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.pareto_smoothing import smoothed
from afterfall.model import Model, build
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation import measurement_error
from afterfall.model.observation.fit_arrays import split_partners
from afterfall.posterior import Posterior, fit_key
from afterfall.report.explain.case_deletion_tables import influence_grids
from afterfall.report.kit.number_formats import published_count

ROWS = 100


@pytest.fixture(scope="module")
def drawn(density: LogPosterior) -> np.ndarray:
    """Standard normals near the prior's middle, ``[n, P]``."""
    return 0.2 * np.random.default_rng(4).normal(size=(ROWS, len(density.names)))


@pytest.fixture(scope="module")
def posterior(tiny: Model, density: LogPosterior, drawn: np.ndarray) -> Posterior:
    """Draws that nobody fitted: enough to weigh."""
    one = np.ones(len(density.names), dtype=np.float32)
    return Posterior(
        made_up_origin(tiny, ROWS), density.names, values_of(density, drawn).astype(np.float32), one, one, one
    )


@pytest.fixture(scope="module")
def moved(tiny: Model, posterior: Posterior) -> CaseDeletion:
    model = build(tiny.case, horizon=6, record_months=[6])
    return influence(model, posterior, Number("returned", "brom", 6), trajectories=60, seed=3)


def without(model: Model, figure: str) -> Model:
    return build(replace(model.case, figures=tuple(f for f in model.case.figures if f.figure != figure)), horizon=6)


def added(whole: LogPosterior, less: LogPosterior, rows: np.ndarray) -> list[float]:
    """Log likelihood of one case less that of another, at each row of standard normals."""
    difference = jax.jit(lambda z: whole.log_likelihood(z) - less.log_likelihood(z))
    return [float(difference(z)) for z in rows]


@pytest.mark.parametrize(
    "figure",
    [
        "brom-returned-2015",
        pytest.param("arda-returned-2015", marks=pytest.mark.slow),
        pytest.param("brom-killed-2015", marks=pytest.mark.slow),
    ],
)
def test_likelihood_without_a_figure_is_that_of_the_case_without_it(
    tiny: Model, density: LogPosterior, posterior: Posterior, drawn: np.ndarray, figure: str
) -> None:
    likelihoods = study._Likelihoods(density, posterior)
    at = [o.figure.figure for o in density.fit_figures.observed].index(figure)
    found = likelihoods.own(density.fit_figures.observed[at].figure, density.model.view)
    other = LogPosterior.of(without(tiny, figure))
    assert other.names == density.names
    wanted = added(density, other, drawn[:5])
    assert found[:5] == pytest.approx(wanted, abs=1e-3)  # draws are kept in single precision
    assert np.ptp(found) > 0.01


def test_taking_out_a_contest_reads_splits_anew(tmp_path: Path) -> None:
    """Where only one source is left that tells who came home, its dead are read beside them, as in a fit without."""
    case = eight_origins(tmp_path / "eight")
    whole = LogPosterior.of(build(case, horizon=6))
    observed = whole.fit_figures.observed
    links = [int((split_partners(observed, i) >= 0).sum()) for i in range(len(observed))]
    at = int(np.argmax(links))
    assert links[at] > (split_partners(observed) >= 0).sum()
    z = 0.2 * np.random.default_rng(5).normal(size=(3, len(whole.names)))
    one = np.ones(len(whole.names), dtype=np.float32)
    drawn = Posterior(
        made_up_origin(whole.model, 3), whole.names, values_of(whole, z).astype(np.float32), one, one, one
    )
    found = study._Likelihoods(whole, drawn).own(observed[at].figure, whole.model.view)
    less = LogPosterior.of(without(whole.model, observed[at].figure.figure))
    wanted = added(whole, less, z)
    assert found == pytest.approx(wanted, abs=1e-3)


def test_likelihood_without_a_reading_of_a_total(
    tiny: Model, density: LogPosterior, posterior: Posterior, drawn: np.ndarray
) -> None:
    figure = next(f for f in tiny.case.figures if f.figure == "arda-2015-survey")
    less = without(tiny, figure.figure)
    found = study._Likelihoods(density, posterior).own(figure, less.view)
    origin = density.model.origins.index("arda")
    block = tuple(measurement_error.totals(less.view, "arda", ArrivalCurve.of(density.model.view)))
    assert 0 < len(block) < len(density.fit_figures.totals[origin])
    totals = {**density.fit_figures.totals, origin: block}
    other = LogPosterior(tiny, density.program, replace(density.fit_figures, totals=totals))
    wanted = added(density, other, drawn[:5])
    assert found[:5] == pytest.approx(wanted, abs=1e-3)
    assert np.ptp(found) > 1e-3


def test_weights_are_one_over_the_likelihood() -> None:
    """Draws of N(m, s^2) that learned from one normal number y go back to what they were before it."""
    generator, error, y = np.random.default_rng(2), 2.0, 3.0
    precision = 1.0 + 1.0 / error**2
    theta = y / error**2 / precision + generator.normal(size=4000) / np.sqrt(precision)
    weights, khat = smoothed(-0.5 * ((y - theta) / error) ** 2)
    assert khat < 0.5
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ theta == pytest.approx(0.0, abs=0.1)
    assert theta.mean() > 0.4
    _, far = smoothed(-0.5 * ((y - theta) / 0.3) ** 2)
    assert far > 0.7


def by_name(found: CaseDeletion) -> dict[str, DeletionEffect]:
    return {m.figure.figure: m for m in found.moved}


def test_own_figures_are_drawn_again_and_those_of_others_reweighted(moved: CaseDeletion) -> None:
    ways = {name: m.way for name, m in by_name(moved).items()}
    assert ways["brom-returned-2015"] == "drawn again"
    assert ways["arda-returned-2015"] == "reweighted"
    shifts = [abs(m.shift) for m in moved.moved]
    assert shifts == sorted(shifts, reverse=True)
    assert by_name(moved)["brom-returned-2015"].shift < 0.0 < by_name(moved)["brom-returned-2015"].error


def test_what_cannot_be_left_out_is_said(moved: CaseDeletion) -> None:
    not_deleted = {f.figure for f, _ in moved.not_deleted}
    assert not_deleted
    assert not not_deleted & set(by_name(moved))


def test_a_refit_stands_in_where_weights_fail(
    tiny: Model, posterior: Posterior, moved: CaseDeletion, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = {m.figure.figure for m in moved.moved}
    monkeypatch.setattr(study, "smoothed", lambda log: (np.full(len(log), 1.0 / len(log)), 0.9))
    asked: list[Model] = []

    def refit(model: Model) -> Posterior:
        asked.append(model)
        return replace(posterior, origin=replace(posterior.origin, key=fit_key(model)))

    model = build(tiny.case, horizon=6, record_months=[6])
    number = Number("returned", "brom", 6)
    marked = influence(model, posterior, number, trajectories=20, seed=3)
    assert {m.trusted for m in marked.moved} == {False}
    again = influence(model, posterior, number, trajectories=20, seed=3, refit=refit)
    assert len(asked) >= len(heavy)
    assert {m.way for m in again.moved} == {"refitted"}
    assert all(m.trusted for m in again.moved)


def test_priors_leave_figures_only_their_part_in_the_start(tiny: Model) -> None:
    model = build(tiny.case, horizon=6, record_months=[6])
    found = influence(model, None, Number("returned", "brom", 6), trajectories=50, seed=3)
    assert found.posterior is None
    assert found.moved
    assert {m.way for m in found.moved} == {"drawn again"}
    assert {m.figure.place for m in found.moved} == {"brom"}
    assert all(m.trusted and m.khat == 0.0 for m in found.moved)


def test_a_share_is_printed_as_one(tiny: Model) -> None:
    plain = next(f for f in tiny.case.figures if f.quantity == "returned")
    one = replace(plain, quantity="returned_share", basis="share", low=0.2, value=0.25, high=0.3)
    moved = tuple(DeletionEffect(f, 10.0, 1.0, 0.1, 0.2, "reweighted", True) for f in (one, plain))
    found = CaseDeletion(Number("returned", None, 6), None, 10, 1, 10.0, 5.0, 15.0, moved, (), tiny)  # type: ignore[arg-type]
    rows = influence_grids(found, tiny, most=2)[0].sections[0]
    assert rows[0][1] == "25%"
    assert rows[1][1] == published_count(plain.value)
