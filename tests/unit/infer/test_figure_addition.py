"""Draws reweighted for added figures: the weights are likelihood ratios, and what cannot be weighed says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case, Figure, PartialDate, open_case
from afterfall.infer.figure_addition import log_likelihoods_of, resampled, reweighted
from afterfall.infer.log_posterior import LogPosterior
from afterfall.model import Model, build
from afterfall.posterior import Posterior, bundled_posterior, fit_key, thinned
from afterfall.posterior.posterior_file import read_posterior, write_posterior

#: The world had no count of the returned: the added one competes with none.
NEWS = Figure(
    figure="news",
    quantity="returned",
    place="WLD",
    low=100.0,
    value=100.0,
    high=100.0,
    bound="at_least",
    refers_to=PartialDate("2015-05"),
    published=PartialDate("2015-06"),
    basis="cumulative",
    source="lesson-field",
    grade="A2",
    verified=True,
)


def edited(case: Case, figure: Figure) -> Model:
    """The model of a case with one more figure."""
    return build(replace(case, figures=(*case.figures, figure)), horizon=1)


@pytest.fixture(scope="module")
def tiny() -> Model:
    return build(open_case("tiny"), horizon=1)


@pytest.fixture(scope="module")
def posterior(tiny: Model) -> Posterior:
    found = bundled_posterior(tiny)
    assert found is not None
    return thinned(found, 200)


def test_an_independent_figure_has_its_own_likelihood_as_weight(tiny: Model, posterior: Posterior) -> None:
    """The weight is what the figure adds to the log likelihood, which a bound states as a tail probability."""
    values = posterior.values[:40].astype(float)
    after = LogPosterior.of(edited(tiny.case, NEWS))
    added = log_likelihoods_of(after, values) - log_likelihoods_of(LogPosterior.of(tiny), values)
    assert (added < 0.0).all(), "a bound is a probability"
    least = edited(tiny.case, replace(NEWS, low=1.0, value=1.0, high=1.0))
    surely = log_likelihoods_of(LogPosterior.of(least), values) - log_likelihoods_of(LogPosterior.of(tiny), values)
    np.testing.assert_allclose(surely, 0.0, atol=1e-3, err_msg="that one person returned is certain")
    assert np.ptp(added) > 0.1


def test_reweighted_draws_are_those_of_the_edited_case(tiny: Model, posterior: Posterior) -> None:
    after = edited(tiny.case, NEWS)
    found = reweighted(posterior, tiny, after, 1)
    assert found.posterior is not None, found.reason
    assert 0.0 < found.effective < found.draws == posterior.fitted.sum()
    origin = found.posterior.origin
    assert (origin.key, origin.reweighted_from, origin.added) == (fit_key(after), posterior.hash, 1)
    assert f"reweighted from {posterior.hash} for 1 added figure: effective number" in found.posterior.words
    known = {row.tobytes() for row in posterior.values}
    assert {row.tobytes() for row in found.posterior.values} <= known
    still = (found.posterior.values == posterior.values).all(axis=1)
    assert still[~posterior.fitted].all(), "draws of the priors stay"
    assert 0.3 < still.mean() < 1.0
    again = read_posterior(write_posterior(found.posterior))
    assert again.words == found.posterior.words


def test_figures_that_no_draw_agrees_with_need_a_refit(tiny: Model, posterior: Posterior) -> None:
    """The effective number falls far below what is needed; the Pareto k says so or the number does."""
    exact = replace(NEWS, bound="", quantity="in_theatre", basis="stock", low=20.0, value=20.0, high=20.0)
    found = reweighted(posterior, tiny, edited(tiny.case, exact), 1)
    assert found.posterior is None
    assert found.effective < 100
    assert "Pareto k" in found.reason


def test_a_figure_that_brings_parameters_needs_a_refit(tiny: Model, posterior: Posterior) -> None:
    other = LogPosterior.of(tiny)
    assert "nowcast.concentration" in other.names
    before = build(replace(tiny.case, priors=()), horizon=1)
    found = reweighted(posterior, before, tiny, 1)
    assert found.posterior is None
    assert found.reason == "a fit with them has other priors"


@pytest.mark.parametrize("seed", range(5))
def test_how_often_a_draw_stands_follows_its_weight(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.gamma(0.3, size=50)
    weights /= weights.sum()
    place = resampled(weights)
    number = np.bincount(place, minlength=50)
    assert (np.abs(number - 50 * weights) < 1.0 + 1e-9).all()
    stands = number > 0
    assert (place[stands] == np.flatnonzero(stands)).all(), "a draw that stands keeps its place"


def test_equal_weights_change_nothing() -> None:
    assert resampled(np.full(7, 1 / 7)).tolist() == list(range(7))
