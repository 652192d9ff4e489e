"""The likelihood of the figures given parameters: the observation models of a fit.

Expected flows by region and month give shares ``m`` of those who travelled: returned home, dead, in the theatre, in
third countries. An origin o of region g has an unknown total of N people, of whom ``N * P[t, g] / P[T, g]`` had
travelled by month t (P: the region's expected travellers). A published count y of a quantity q is::

    y ~ negative binomial, mean  mu = rho_q * m_q * N_t / unit,   variance  mu + mu^2 * v,
    v = (1 - m) / (m * (concentration + 1)) + error^2 + discrepancy^2

Here rho is the share of the returned and of the dead that counts report, and `unit` the number of people per person
counted (fighters without families, all theatres). The first part of v is the spread between the origins of a region (a
beta of that concentration, as in the nowcast), followed by the error by the source's grade and a discrepancy common to
all. Where one source publishes the returned and the dead of an origin together, and no other source counts the
returned, they are parts of one whole (a Dirichlet of the same concentration c, with relative covariance
``-1 / (c + 1)``). The likelihood of the dead is then conditional on the returned r::

    mean  mu_d (1 - b (r / mu_r - 1)) ,  variance  v_d - b / (c + 1) ,  b = 1 / ((c + 1) (v_r + 1 / mu_r))

and those still there, who complete the split, add nothing. Stocks in the theatre are modelled as their sources count
them: including the dead and the returned who are unreported. The likelihood is averaged over an interval; an exact
whole number is used as it is. Shares of the world are lognormal with that mean and variance; "at least" and "at most"
are tail probabilities of the lognormal with the same moments.

N is integrated out: over the report families of the origin's total by weight, and over a normal error of each (seven
Gauss-Hermite points). Competing families of a count are a mixture, with densities on the log scale; a stated bound
competes with nothing and is a separate factor. Figures of the world are compared with the sum of all regions, without
the spread between origins.

Which holdings were lost, given how many, has a partial likelihood (Cox 1972,
doi:10.1111/j.2517-6161.1972.tb00899.x; ties by Breslow's method). It informs the effects of size and neighbours, and
carries no information on the pace.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln, logsumexp
from jax.scipy.stats import norm

from afterfall.infer.history import history
from afterfall.infer.jax_factors import Array
from afterfall.model.compile.reduced_model import HOME, ReducedModel
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import ROLES
from afterfall.model.observation.counting import (
    dead_per_counted_fighter,
    people_per_unit,
    relative_variance,
    seen_in_theatre,
    spread_of_origins,
)
from afterfall.model.observation.figure_rules import (
    FIGHTERS_LEAVE_OUT,
    FIGHTERS_ONLY,
    FIT_QUANTITIES,
    REPORTING,
    SHARE_IN_THEATRE,
    SHARES,
)
from afterfall.model.observation.fit_arrays import FitData, fit_arrays
from afterfall.model.observation.fit_data import FitFigures

SMALL = 1e-9
#: Smallest factor on the expected dead, however many have returned home.
LEAST_LEFT = 0.05


class Shares(NamedTuple):
    """Expected people by month and region ``[T + 1, G]``, and expected shares of them."""

    people: Array
    home: Array
    dead: Array
    theatre: Array
    third: Array
    ranks: Array  # fighters in the ranks, people
    dead_per_fighter: Array  # [G]


def shares_of(view: CaseView, reduced: ReducedModel) -> Callable[[Array], Shares]:
    """The function from parameters on the engine's scale to the expected shares."""
    expected_people, states = history(reduced.program), reduced.states
    home = np.array([s.name == HOME for s in states])
    dead = np.array([s.fate == "killed" for s in states])
    theatre = np.array([s.stage in ("theatre", "detained") for s in states])
    third = np.array([s.fate in ("in_transit", "lying_low") and s.stage != "arriving" for s in states])
    ranks = np.array([s.fate == "in_ranks" for s in states])
    n_regions, n_roles = len(view.regions), len(ROLES)

    def run(theta: Array) -> Shares:
        people = expected_people(theta)  # [T + 1, S, C]
        by_role = people.reshape(*people.shape[:2], n_regions, n_roles)
        by_region = by_role.sum(axis=3)
        everyone = by_region.sum(axis=1) + SMALL

        def part(which: np.ndarray) -> Array:
            return by_region[:, which].sum(axis=1) / everyone

        dead_now = by_role[-1][dead].sum(axis=0)
        return Shares(
            everyone,
            part(home),
            part(dead),
            part(theatre),
            part(third),
            by_role[..., 0][:, ranks].sum(axis=1),
            dead_now.sum(axis=1) / (dead_now[:, 0] + SMALL),
        )

    return run


def by_group(
    view: CaseView, reduced: ReducedModel, figures: FitFigures
) -> Callable[[Array, Array], tuple[Array, Shares]]:
    """Log likelihood of each origin's figures (those of the world last), ``[O' + 1]``, and the shares behind them."""
    data, expect = fit_arrays(view, figures), shares_of(view, reduced)

    def run(theta: Array, discrepancy: Array) -> tuple[Array, Shares]:
        shares = expect(theta)
        return combine(data, log_likelihood_each(data, reduced, theta, shares, discrepancy, data.points)), shares

    return run


def combine(data: FitData, log_each: Array) -> Array:
    """Log likelihood by origin ``[O' + 1]`` from that of every figure at every point of its total ``[n, K]``."""
    by_family = data.family @ log_each
    by_quantity = logsumexp(data.family_weight[:, :, None] + by_family[None], axis=1)
    rows = jax.ops.segment_sum(by_quantity, data.group_origin, len(data.log_total))
    return logsumexp(rows + data.log_total_weight, axis=1)


def log_likelihood_each(
    data: FitData,
    reduced: ReducedModel,
    theta: Array,
    shares: Shares,
    discrepancy: Array,
    points: Array,
    concentration: Array | None = None,
) -> Array:
    """Log likelihood of every figure at every point of its origin's total, ``[n, K]``, for points ``[n, 5]``.

    `concentration` ``[n]`` is that of each figure, where it is not the common parameter (see `regional_borrowing`).
    """
    proportion = np.isin(data.quantity, [FIT_QUANTITIES.index(q) for q in SHARES])
    before = moments_of(data, reduced, theta, shares, discrepancy, concentration)
    expected, v = given_split(data, reduced, theta, *before, points, concentration)
    middle = points[:, points.shape[1] // 2]
    # Densities of the log, as for shares: competing families are compared on one scale.
    counts = _negative_binomial(points, expected, v) + jnp.log(jnp.maximum(middle, 1.0))[:, None]
    tails = _tail(data.bound, middle, expected, with_sampling_variance(proportion, v, expected))
    ratios = _lognormal(points, expected, v)
    return jnp.where((data.bound != 0)[:, None], tails, jnp.where(proportion[:, None], ratios, counts))


def moments_of(
    data: FitData,
    reduced: ReducedModel,
    theta: Array,
    shares: Shares,
    discrepancy: Array,
    concentration: Array | None = None,
) -> tuple[Array, Array]:
    """Expected figures ``[n, K]``, and their relative variance beyond sampling variance ``[n]``."""
    column = {name: i for i, name in enumerate(reduced.names)}
    expected, share = _expected(data, shares, theta, column)
    spread = spread_of_origins(share, _alike(data, reduced, theta, concentration))
    return expected, relative_variance(jnp.where(data.region < 0, 0.0, spread), data.sd, discrepancy)


def _alike(data: FitData, reduced: ReducedModel, theta: Array, concentration: Array | None) -> Array:
    """Concentration of each figure ``[n]``: its own where given, else the parameter."""
    if concentration is not None:
        return concentration
    return jnp.full(len(data.quantity), theta[reduced.names.index("nowcast.concentration")])


def given_split(
    data: FitData,
    reduced: ReducedModel,
    theta: Array,
    expected: Array,
    v: Array,
    points: Array,
    concentration: Array | None = None,
) -> tuple[Array, Array]:
    """Expected figures and relative variances, both ``[n, K]``, with the dead given the returned of the same source."""
    v = jnp.broadcast_to(v[:, None], expected.shape)
    dead = np.flatnonzero(data.split_with >= 0)
    returned = data.split_with[dead]
    alike = _alike(data, reduced, theta, concentration)[dead, None] + 1.0
    slope = 1.0 / (alike * (v[returned] + 1.0 / expected[returned]))
    surprise = points[returned, points.shape[1] // 2][:, None] / expected[returned] - 1.0
    factor = jnp.maximum(1.0 - slope * surprise, LEAST_LEFT)
    left = jnp.maximum(v[dead] - slope / alike, SMALL)
    return expected.at[dead].set(expected[dead] * factor), v.at[dead].set(left)


def moments(
    view: CaseView, reduced: ReducedModel, figures: FitFigures
) -> Callable[[Array, Array], tuple[Array, Array, Array]]:
    """The function from parameters and discrepancy to expected figures, relative variances and weights, ``[n, K]``."""
    data, expect = fit_arrays(view, figures), shares_of(view, reduced)
    proportion = np.isin(data.quantity, [FIT_QUANTITIES.index(q) for q in SHARES])

    def run(theta: Array, discrepancy: Array) -> tuple[Array, Array, Array]:
        expected, v = given_split(
            data, reduced, theta, *moments_of(data, reduced, theta, expect(theta), discrepancy), data.points
        )
        return expected, with_sampling_variance(proportion, v, expected), jnp.exp(data.log_total_weight)[data.origin]

    return run


def with_sampling_variance(proportion: np.ndarray, v: Array, expected: Array) -> Array:
    """The relative variance of figures ``[n, K]``, including the sampling variance of counts."""
    return v + jnp.where(proportion[:, None], 0.0, 1.0 / expected)


def _expected(data: FitData, shares: Shares, theta: Array, column: dict[str, int]) -> tuple[Array, Array]:
    """Expected figures as counted, ``[n, K]``, and the share of people that each measures, ``[n]``."""
    returned, killed = (theta[column[name]] for name in REPORTING.values())
    seen = seen_in_theatre(shares.theatre, shares.home, shares.dead, returned, killed)
    table = jnp.stack([shares.home, shares.dead, seen, shares.third, shares.home, shares.dead, shares.ranks])
    reported = jnp.stack([returned, killed, 1.0, 1.0, returned, killed, 1.0])[data.quantity]
    everyone = shares.people.sum(axis=1)
    world = (table * shares.people).sum(axis=2) / everyone  # [q, T + 1]
    region = np.maximum(data.region, 0)
    own = table[data.quantity, data.column, region]
    share = jnp.where(data.region < 0, world[data.quantity, data.column], own)
    share = jnp.clip(share, 1e-6, 1.0 - 1e-6)
    left_out, in_theatre = theta[column[FIGHTERS_LEAVE_OUT]], theta[column[SHARE_IN_THEATRE]]
    family = jnp.exp(theta[column["role.adult"]]) + jnp.exp(theta[column["role.minor"]])
    unit = jnp.stack(people_per_unit(left_out, in_theatre, family))
    log_people = data.log_total + jnp.log(unit)[data.total_kind]
    so_far = shares.people[data.column, region] / shares.people[-1, region]
    n_people = jnp.exp(log_people)[data.origin] * so_far[:, None]
    n_people = jnp.where((data.region < 0)[:, None], everyone[data.column][:, None], n_people)
    of_dead = dead_per_counted_fighter(left_out, shares.dead_per_fighter[region])
    per_unit = unit[data.kind]
    dead_fighters = (data.quantity == FIT_QUANTITIES.index("killed")) & (data.kind == FIGHTERS_ONLY)
    per_unit = jnp.where(dead_fighters & (data.region >= 0), of_dead, per_unit)
    count = n_people * (reported * share / per_unit)[:, None]
    proportion = np.isin(data.quantity, [FIT_QUANTITIES.index(q) for q in SHARES])
    ranks = data.quantity == FIT_QUANTITIES.index("strength")
    fighters_held = shares.ranks[data.column].sum(axis=1)
    count = jnp.where(proportion[:, None], (reported * share)[:, None], count)
    count = jnp.where(ranks[:, None], fighters_held[:, None], count)
    return jnp.maximum(count, SMALL), share


def _negative_binomial(points: Array, mean: Array, v: Array) -> Array:
    """Log mean density over the points of each interval, ``[n, K]``."""
    r, y, mu = (1.0 / v)[:, :, None], points[:, None, :], mean[:, :, None]
    log = gammaln(y + r) - gammaln(r) - gammaln(y + 1.0) - r * jnp.log1p(mu / r) - y * jnp.log1p(r / mu)
    return logsumexp(log, axis=2) - math.log(points.shape[1])


def _lognormal(points: Array, mean: Array, v: Array) -> Array:
    sd = jnp.sqrt(jnp.log1p(v))[:, :, None]
    middle = jnp.log(mean)[:, :, None] - sd**2 / 2.0
    log = norm.logpdf(jnp.log(jnp.maximum(points, SMALL))[:, None, :], middle, sd)
    return logsumexp(log, axis=2) - math.log(points.shape[1])


def _tail(bound: np.ndarray, middle: Array, mean: Array, v: Array) -> Array:
    """Log probability that the number is at least, or at most, the published bound, ``[n, K]``."""
    sd = jnp.sqrt(jnp.log1p(v))
    z = (jnp.log(mean) - sd**2 / 2.0 - jnp.log(jnp.maximum(middle, SMALL))[:, None]) / sd
    return norm.logcdf(z * bound[:, None])


def falls(reduced: ReducedModel, figures: FitFigures) -> Callable[[Array], Array]:
    """Partial log likelihood of which holdings were lost."""
    column = {name: i for i, name in enumerate(reduced.names)}

    def effect(theta: Array, name: str) -> Array:
        return theta[column[name]] if name in column else jnp.zeros(())

    def run(theta: Array) -> Array:
        size, neighbour = effect(theta, "territory.size"), effect(theta, "territory.neighbour")
        total = jnp.zeros(())
        for sizes, near, fell in figures.falls:
            log = size * sizes + neighbour * near
            total += (log * fell).sum() - fell.sum() * logsumexp(log)
        return total

    return run
