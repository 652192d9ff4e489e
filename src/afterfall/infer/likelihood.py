"""How likely the figures are, given parameters: the observation models of a fit.

Expected flows by region and month give shares ``m`` of those who travelled: come home, dead, in the theatre, in third
countries. An origin o of region g has N people in all, unknown; of them, by month t, ``N * P[t, g] / P[T, g]`` had
travelled (P: the region's expected travellers). A published count y of a quantity q is

    y ~ negative binomial, mean  mu = rho_q * m_q * N_t / unit,   variance  mu + mu^2 * v,
    v = (1 - m) / (m * (concentration + 1)) + error^2 + discrepancy^2

rho is the share of the returned and of the dead that counts report; `unit` is how many people one counted stands for
(fighters without families, all theatres); the first part of v is the spread between the origins of a region (a beta of
that concentration, as in the nowcast), then the error by the source's grade and a discrepancy common to all. Where one
source tells the returned and the dead of an origin together, and no other contests the returned, they are parts of one
whole (a Dirichlet of the same concentration c: relative covariance ``-1 / (c + 1)``): the dead are read given the
returned r::

    mean  mu_d (1 - b (r / mu_r - 1)) ,  variance  v_d - b / (c + 1) ,  b = 1 / ((c + 1) (v_r + 1 / mu_r))

and those still there, who complete the split, add nothing. Stocks in
the theatre are read as their sources make them: with the dead and the returned whom nobody has reported. An interval is
averaged over, a whole number that is told exactly is taken as it is; shares of the world are lognormal of that mean and
variance; "at least" and "at most" are tails of the lognormal of the same moments.

N is summed out: over the report families of the origin's total by weight, and over a normal error of each (Gauss and
Hermite's seven points). So are contesting families of a count, by their densities on the log scale; a stated bound
contests nothing and stands beside them as a factor of its own. Figures of the world are compared with the sum of all
regions, without the spread between origins.

Which holdings fell, given how many, is a partial likelihood (Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x; ties as
by Breslow); it informs size and neighbours and says nothing of the pace.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln, logsumexp
from jax.scipy.stats import norm

from afterfall.engine.start_plan import FIGHTERS_ONLY
from afterfall.infer.factors import Array
from afterfall.infer.history import history
from afterfall.model.coarse import HOME, Coarse
from afterfall.model.evidence import POINTS, QUANTITIES, SHARES, Evidence, Observed, groups
from afterfall.model.readings import Reading
from afterfall.model.scene import Scene
from afterfall.model.vocabulary import ROLES

HERMITE = 7
#: Fields of `Says` that have an entry a number.
BY_NUMBER = ("quantity", "origin", "region", "column", "points", "sd", "kind", "bound")
SMALL = 1e-9
#: However many came home, so much of the expected dead is left to expect.
LEAST_LEFT = 0.05


class Shares(NamedTuple):
    """What the history expects, by month and region ``[T + 1, G]``; people, and shares of them."""

    people: Array
    home: Array
    dead: Array
    theatre: Array
    third: Array
    ranks: Array  # fighters in the ranks, people
    dead_per_fighter: Array  # [G]


class Says(NamedTuple):
    """The numbers as arrays (n of them), and how they are put together."""

    quantity: np.ndarray  # [n] position in QUANTITIES
    origin: np.ndarray  # [n] row of the totals; the last row is the world
    region: np.ndarray  # [n]; -1 for the world
    column: np.ndarray  # [n]
    points: np.ndarray  # [n, 5] values within the interval
    sd: np.ndarray  # [n]
    kind: np.ndarray  # [n]
    bound: np.ndarray  # [n]
    beside: np.ndarray  # [n] the returned whom the same source told with these dead, -1 for none
    family: np.ndarray  # [F, n] a mean over the numbers of a family
    family_weight: np.ndarray  # [J, F] log weight of a family in a group, -inf elsewhere
    group_origin: np.ndarray  # [J] row of the totals
    log_total: np.ndarray  # [O', K]
    log_total_weight: np.ndarray  # [O', K]
    total_kind: np.ndarray  # [O', K]


def shares_of(scene: Scene, coarse: Coarse) -> Callable[[Array], Shares]:
    """The function from parameters on the engine's scale to what the history expects."""
    walk, states = history(coarse.program), coarse.states
    home = np.array([s.name == HOME for s in states])
    dead = np.array([s.fate == "killed" for s in states])
    theatre = np.array([s.stage in ("theatre", "detained") for s in states])
    third = np.array([s.fate in ("in_transit", "lying_low") and s.stage != "arriving" for s in states])
    ranks = np.array([s.fate == "in_ranks" for s in states])
    n_regions, n_roles = len(scene.regions), len(ROLES)

    def run(theta: Array) -> Shares:
        people = walk(theta)  # [T + 1, S, C]
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


def says(scene: Scene, evidence: Evidence) -> Says:
    """The evidence as arrays."""
    observed = evidence.observed
    row = {origin: i for i, origin in enumerate(sorted(evidence.totals))}
    world = len(row)
    region_of = {o: scene.regions.index(scene.region_of[name]) for o, name in enumerate(scene.origins)}
    families: list[list[int]] = []
    weights: list[dict[int, float]] = []
    group_origin: list[int] = []
    for origin, _, by_family in groups(observed):
        worth = {f: max(1.0 / observed[i].sd ** 2 for i in members) for f, members in by_family.items()}
        group_origin.append(row.get(origin, world))
        weights.append({len(families) + k: math.log(worth[f] / sum(worth.values())) for k, f in enumerate(by_family)})
        families += list(by_family.values())
    family = np.zeros((len(families), len(observed)))
    for f, members in enumerate(families):
        family[f, members] = 1.0 / len(members)
    family_weight = np.full((len(weights), len(families)), -np.inf)
    for j, own in enumerate(weights):
        for f, weight in own.items():
            family_weight[j, f] = weight
    return Says(
        quantity=np.array([QUANTITIES.index(o.quantity) for o in observed], dtype=int),
        origin=np.array([row.get(o.origin, world) for o in observed], dtype=int),
        region=np.array([region_of.get(o.origin, -1) for o in observed], dtype=int),
        column=np.array([o.column for o in observed], dtype=int),
        points=np.array([within(o) for o in observed]).reshape(len(observed), len(POINTS)),
        sd=np.array([o.sd for o in observed]),
        kind=np.array([o.kind for o in observed], dtype=int),
        bound=np.array([o.bound for o in observed], dtype=int),
        beside=beside(observed),
        family=family,
        family_weight=family_weight,
        group_origin=np.array(group_origin, dtype=int),
        **_totals(evidence, row),
    )


def beside(observed: Sequence[Observed], without: int = -1) -> np.ndarray:
    """For each count of an origin's dead, the returned of the same source and month, where no other source tells them.

    Contested returned may be wrong; what they say of the dead is left out. `without` is a number that is not there.
    """
    told = [(i, o) for i, o in enumerate(observed) if not o.bound and i != without]
    counts = {(o.origin, o.family, o.column, o.quantity): i for i, o in told}
    families: dict[int, set[str]] = {}
    for origin, family, _, quantity in counts:
        if quantity == "returned":
            families.setdefault(origin, set()).add(family)
    found = np.full(len(observed), -1)
    for (origin, family, column, quantity), i in counts.items():
        if quantity == "killed" and origin >= 0 and len(families.get(origin, ())) == 1:
            found[i] = counts.get((origin, family, column, "returned"), -1)
    return found


def within(one: Observed) -> list[float]:
    """Points at which a number's likelihood is taken: within its interval, or a whole number that is told exactly."""
    middle, half = (one.low + one.high) / 2.0, (one.high - one.low) / 2.0
    if one.quantity not in SHARES and half <= 0.5 and (middle.is_integer() or one.high <= 0.5):
        return [math.floor(middle)] * len(POINTS)  # a nought is told as the interval from 0 to a half
    return [middle + p * half for p in POINTS]


def _totals(evidence: Evidence, row: dict[int, int]) -> dict[str, np.ndarray]:
    """Points and weights for summing over each origin's total; the last row, the world's, has one of no effect."""
    most = max([HERMITE * len(r) for r in evidence.totals.values()] + [1])
    shape = (len(row) + 1, most)
    log_total, kind, log_weight = np.zeros(shape), np.zeros(shape, dtype=int), np.full(shape, -np.inf)
    log_weight[-1, 0] = 0.0
    for origin, i in row.items():
        at = slice(HERMITE * len(evidence.totals[origin]))
        log_total[i, at], log_weight[i, at], kind[i, at] = points_of_total(evidence.totals[origin])
    return {"log_total": log_total, "log_total_weight": log_weight, "total_kind": kind}


def points_of_total(block: Sequence[Reading]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points over an origin's total, one reading after the other: their logs, log weights and kinds."""
    node, weight = np.polynomial.hermite_e.hermegauss(HERMITE)
    worth = np.array([1.0 / r.sd**2 for r in block])
    errors = [np.abs(node) * r.bound if r.bound else node for r in block]
    return (
        np.concatenate([r.log + r.sd * error for r, error in zip(block, errors, strict=True)]),
        np.log(np.outer(worth / worth.sum(), weight / weight.sum())).ravel(),
        np.repeat([r.kind for r in block], HERMITE),
    )


def by_group(scene: Scene, coarse: Coarse, evidence: Evidence) -> Callable[[Array, Array], tuple[Array, Shares]]:
    """Log likelihood of each origin's figures (those of the world last), ``[O' + 1]``, and the shares behind them."""
    told, expect = says(scene, evidence), shares_of(scene, coarse)

    def run(theta: Array, discrepancy: Array) -> tuple[Array, Shares]:
        shares = expect(theta)
        return put_together(told, each(told, coarse, theta, shares, discrepancy, told.points)), shares

    return run


def put_together(told: Says, log_each: Array) -> Array:
    """Log likelihood by origin ``[O' + 1]`` from that of every number at every point of its total ``[n, K]``."""
    by_family = told.family @ log_each
    by_quantity = logsumexp(told.family_weight[:, :, None] + by_family[None], axis=1)
    rows = jax.ops.segment_sum(by_quantity, told.group_origin, len(told.log_total))
    return logsumexp(rows + told.log_total_weight, axis=1)


def row_of(told: Says, row: int) -> Says:
    """The numbers of one origin (or of the world, the last row) alone."""
    numbers, groups_ = np.flatnonzero(told.origin == row), np.flatnonzero(told.group_origin == row)
    families = np.flatnonzero(np.isfinite(told.family_weight[groups_]).any(axis=0))
    by_number = {name: getattr(told, name)[numbers] for name in BY_NUMBER}
    place = {int(number): i for i, number in enumerate(numbers)}
    return told._replace(
        **{**by_number, "origin": np.zeros_like(numbers)},
        beside=np.array([place.get(int(i), -1) for i in told.beside[numbers]], dtype=int),
        family=told.family[np.ix_(families, numbers)],
        family_weight=told.family_weight[np.ix_(groups_, families)],
        group_origin=np.zeros_like(groups_),
        log_total=told.log_total[[row]],
        log_total_weight=told.log_total_weight[[row]],
        total_kind=told.total_kind[[row]],
    )


def without(told: Says, number: int) -> Says:
    """The same with one number taken out: of its family's mean, or its family out of the families that contest.

    Which dead are read beside which returned stays as it is (`beside`).
    """
    family, weight = told.family.copy(), told.family_weight.copy()
    own = int(np.argmax(family[:, number]))
    members = np.flatnonzero(family[own])
    family[own] = 0.0
    others = members[members != number]
    if len(others):
        family[own, others] = 1.0 / len(others)
    else:
        group = int(np.argmax(np.isfinite(weight[:, own])))
        rest = np.isfinite(weight[group]) & (np.arange(len(family)) != own)
        if rest.any():
            weight[group, own] = -np.inf
            weight[group, rest] -= logsumexp_of(weight[group, rest])
    return told._replace(family=family, family_weight=weight)


def logsumexp_of(logs: np.ndarray) -> float:
    """Log of a sum of a few exponentials."""
    return float(logs.max() + np.log(np.exp(logs - logs.max()).sum()))


def each(told: Says, coarse: Coarse, theta: Array, shares: Shares, discrepancy: Array, points: Array) -> Array:
    """Log likelihood of every number at every point of its origin's total, ``[n, K]``, for points ``[n, 5]``."""
    proportion = np.isin(told.quantity, [QUANTITIES.index(q) for q in SHARES])
    expected, v = given_split(told, coarse, theta, *moments_of(told, coarse, theta, shares, discrepancy), points)
    middle = points[:, points.shape[1] // 2]
    # Densities of the log, as those of shares are: families that contest each other are weighed on one scale.
    counts = _negative_binomial(points, expected, v) + jnp.log(jnp.maximum(middle, 1.0))[:, None]
    tails = _tail(told.bound, middle, expected, with_chance(proportion, v, expected))
    ratios = _lognormal(points, expected, v)
    return jnp.where((told.bound != 0)[:, None], tails, jnp.where(proportion[:, None], ratios, counts))


def moments_of(told: Says, coarse: Coarse, theta: Array, shares: Shares, discrepancy: Array) -> tuple[Array, Array]:
    """Expected numbers ``[n, K]``, and their relative variance beyond that of a count ``[n]``."""
    column = {name: i for i, name in enumerate(coarse.names)}
    expected, share = _expected(told, shares, theta, column)
    spread = (1.0 - share) / (share * (theta[column["nowcast.concentration"]] + 1.0))
    return expected, jnp.where(told.region < 0, 0.0, spread) + told.sd**2 + discrepancy**2


def given_split(
    told: Says, coarse: Coarse, theta: Array, expected: Array, v: Array, points: Array
) -> tuple[Array, Array]:
    """Expected numbers and relative variances, both ``[n, K]``: of the dead given the returned of the same source."""
    v = jnp.broadcast_to(v[:, None], expected.shape)
    dead = np.flatnonzero(told.beside >= 0)
    returned = told.beside[dead]
    concentration = theta[coarse.names.index("nowcast.concentration")] + 1.0
    slope = 1.0 / (concentration * (v[returned] + 1.0 / expected[returned]))
    surprise = points[returned, points.shape[1] // 2][:, None] / expected[returned] - 1.0
    factor = jnp.maximum(1.0 - slope * surprise, LEAST_LEFT)
    left = jnp.maximum(v[dead] - slope / concentration, SMALL)
    return expected.at[dead].set(expected[dead] * factor), v.at[dead].set(left)


def moments(scene: Scene, coarse: Coarse, evidence: Evidence) -> Callable[[Array, Array], tuple[Array, Array, Array]]:
    """From parameters and discrepancy: expected numbers, relative variances, weights of totals, ``[n, K]``."""
    told, expect = says(scene, evidence), shares_of(scene, coarse)
    proportion = np.isin(told.quantity, [QUANTITIES.index(q) for q in SHARES])

    def run(theta: Array, discrepancy: Array) -> tuple[Array, Array, Array]:
        expected, v = given_split(
            told, coarse, theta, *moments_of(told, coarse, theta, expect(theta), discrepancy), told.points
        )
        return expected, with_chance(proportion, v, expected), jnp.exp(told.log_total_weight)[told.origin]

    return run


def with_chance(proportion: np.ndarray, v: Array, expected: Array) -> Array:
    """The relative variance of numbers ``[n, K]``: that of a count's own chance too."""
    return v + jnp.where(proportion[:, None], 0.0, 1.0 / expected)


def _expected(told: Says, shares: Shares, theta: Array, column: dict[str, int]) -> tuple[Array, Array]:
    """Expected numbers as counted, ``[n, K]``, and the share of people each is of, ``[n]``."""
    returned, killed = theta[column["reporting.returned"]], theta[column["reporting.killed"]]
    seen = shares.theatre + (1.0 - killed) * shares.dead + (1.0 - returned) * shares.home
    table = jnp.stack([shares.home, shares.dead, seen, shares.third, shares.home, shares.dead, shares.ranks])
    reported = jnp.stack([returned, killed, 1.0, 1.0, returned, killed, 1.0])[told.quantity]
    everyone = shares.people.sum(axis=1)
    of_world = (table * shares.people).sum(axis=2) / everyone  # [q, T + 1]
    region = np.maximum(told.region, 0)
    own = table[told.quantity, told.column, region]
    share = jnp.where(told.region < 0, of_world[told.quantity, told.column], own)
    share = jnp.clip(share, 1e-6, 1.0 - 1e-6)
    left_out, in_theatre = theta[column["definition.fighters"]], theta[column["definition.in_theatre"]]
    family = jnp.exp(theta[column["role.adult"]]) + jnp.exp(theta[column["role.minor"]])
    fighters = 1.0 + left_out * family
    unit = jnp.stack([1.0, fighters, in_theatre])
    log_people = told.log_total + jnp.log(unit)[told.total_kind]
    so_far = shares.people[told.column, region] / shares.people[-1, region]
    n_people = jnp.exp(log_people)[told.origin] * so_far[:, None]
    n_people = jnp.where((told.region < 0)[:, None], everyone[told.column][:, None], n_people)
    of_dead = 1.0 + left_out * (shares.dead_per_fighter[region] - 1.0)
    per_unit = unit[told.kind]
    dead_fighters = (told.quantity == QUANTITIES.index("killed")) & (told.kind == FIGHTERS_ONLY)
    per_unit = jnp.where(dead_fighters & (told.region >= 0), of_dead, per_unit)
    count = n_people * (reported * share / per_unit)[:, None]
    proportion = np.isin(told.quantity, [QUANTITIES.index(q) for q in SHARES])
    ranks = told.quantity == QUANTITIES.index("strength")
    fighters_held = shares.ranks[told.column].sum(axis=1)
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
    """Log probability that the number is at least, or at most, what was said, ``[n, K]``."""
    sd = jnp.sqrt(jnp.log1p(v))
    z = (jnp.log(mean) - sd**2 / 2.0 - jnp.log(jnp.maximum(middle, SMALL))[:, None]) / sd
    return norm.logcdf(z * bound[:, None])


def falls(coarse: Coarse, evidence: Evidence) -> Callable[[Array], Array]:
    """Partial log likelihood of which holdings fell."""
    column = {name: i for i, name in enumerate(coarse.names)}

    def effect(theta: Array, name: str) -> Array:
        return theta[column[name]] if name in column else jnp.zeros(())

    def run(theta: Array) -> Array:
        size, neighbour = effect(theta, "territory.size"), effect(theta, "territory.neighbour")
        total = jnp.zeros(())
        for sizes, near, fell in evidence.falls:
            log = size * sizes + neighbour * near
            total += (log * fell).sum() - fell.sum() * logsumexp(log)
        return total

    return run
