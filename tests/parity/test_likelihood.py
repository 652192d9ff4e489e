"""The likelihood of figures against a readable reference, one number at a time, with scipy's distributions."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

import jax
import numpy as np
import pytest
from benchmarks.eight_origins import eight_origins
from scipy import stats

from afterfall.infer.likelihood import Shares, by_group, given_split, moments_of, shares_of, with_sampling_variance
from afterfall.infer.log_posterior import LogPosterior
from afterfall.model import build
from afterfall.model.observation.figure_rules import SHARES
from afterfall.model.observation.fit_arrays import HERMITE, fit_arrays, within
from afterfall.model.observation.fit_data import POINTS, Observed
from afterfall.model.observation.measurement_error import Reading

DISCREPANCY = 0.25
WORLD = -1


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> LogPosterior:
    """Every kind of figure; one report family has two counts."""
    density = LogPosterior.of(build(eight_origins(tmp_path_factory.mktemp("eight")), horizon=1))
    observed = density.fit_figures.observed
    of = next(o for o in observed if o.quantity == "killed" and not o.bound and o.low > 12)
    again = replace(of, column=of.column - 2, low=of.low - 6.0, high=of.high - 6.0)
    return replace(density, fit_figures=replace(density.fit_figures, observed=(*observed, again)))


@pytest.fixture(scope="module")
def z(eight: LogPosterior) -> np.ndarray:
    return 0.4 * np.random.default_rng(2).normal(size=len(eight.names))


class Reference:
    """Log likelihood of one origin's figures: over readings of its total, over their errors, number by number."""

    def __init__(self, density: LogPosterior, theta: np.ndarray, shares: Shares) -> None:
        self.density, self.shares = density, shares
        self.value = dict(zip(density.program.names, map(float, theta), strict=False))
        view = density.model.view
        self.region = {o: view.regions.index(view.region_of[name]) for o, name in enumerate(view.origins)}

    def of(self, origin: int) -> float:
        if origin == WORLD:
            return self.given(origin, math.nan)
        readings = self.density.fit_figures.totals[origin]
        worth = [1.0 / r.sd**2 for r in readings]
        nodes, weights = np.polynomial.hermite_e.hermegauss(HERMITE)
        logs = []
        for reading, w in zip(readings, worth, strict=True):
            for node, weight in zip(nodes, weights / weights.sum(), strict=True):
                error = abs(node) * reading.bound if reading.bound else node
                people = math.exp(reading.log + reading.sd * error) * self.unit(reading)
                logs.append(math.log(w / sum(worth) * weight) + self.given(origin, people))
        return float(np.logaddexp.reduce(logs))

    def unit(self, reading: Reading) -> float:
        family = math.exp(self.value["role.adult"]) + math.exp(self.value["role.minor"])
        fighters = 1.0 + self.value["definition.fighters"] * family
        return (1.0, fighters, self.value["definition.in_theatre"])[reading.kind]

    def given(self, origin: int, people: float) -> float:
        """Given the origin's travellers: contested counts are mixtures of families, bounds factors of their own."""
        contested: dict[str, dict[str, list[Observed]]] = defaultdict(lambda: defaultdict(list))
        total = 0.0
        for one in self.density.fit_figures.observed:
            if one.origin == origin and one.bound:
                total += self.bound(one, people)
            elif one.origin == origin:
                contested[one.quantity][one.family].append(one)
        for families in contested.values():
            worth = {f: max(1.0 / o.sd**2 for o in numbers) for f, numbers in families.items()}
            logs = [
                math.log(worth[f] / sum(worth.values())) + np.mean([self.number(o, people) for o in numbers])
                for f, numbers in families.items()
            ]
            total += float(np.logaddexp.reduce(logs))
        return total

    def number(self, one: Observed, people: float) -> float:
        """A count is negative binomial, as a density of its logarithm; a share of the world is lognormal."""
        mean, v = self.given_returned(one, people)
        middle, half = (one.low + one.high) / 2, (one.high - one.low) / 2
        if one.quantity in SHARES:
            sd = math.sqrt(math.log1p(v))
            logs = [stats.norm.pdf(math.log(middle + p * half), math.log(mean) - sd**2 / 2, sd) for p in POINTS]
            return math.log(np.mean(logs))
        points = [middle] if half == 0.5 else [middle + p * half for p in POINTS]
        return math.log(np.mean([nbinom(y, mean, 1 / v) for y in points])) + math.log(max(middle, 1.0))

    def given_returned(self, one: Observed, people: float) -> tuple[float, float]:
        """The dead given the returned of the same source and month: a regression on parts of one whole."""
        mean, v = self.moments(one, people)
        both = [
            o
            for o in self.density.fit_figures.observed
            if (o.quantity, o.bound) == ("returned", 0)
            and (o.origin, o.family, o.column) == (one.origin, one.family, one.column)
        ]
        counts = [o for o in self.density.fit_figures.observed if (o.quantity, o.bound) == ("returned", 0)]
        contested = len({o.family for o in counts if o.origin == one.origin}) > 1
        if one.quantity != "killed" or one.bound or one.origin == WORLD or contested or not both:
            return mean, v
        theirs, spread = self.moments(both[0], people)
        covariance = -1.0 / (self.value["nowcast.concentration"] + 1.0)
        variance = spread + 1.0 / theirs
        published = (both[0].low + both[0].high) / 2
        shift = 1.0 + covariance / variance * (published / theirs - 1.0)
        return mean * max(shift, 0.05), v - covariance**2 / variance

    def bound(self, one: Observed, people: float) -> float:
        mean, v = self.moments(one, people)
        sd = math.sqrt(math.log1p(v + 1 / mean))
        above = stats.norm.sf(math.log((one.low + one.high) / 2), math.log(mean) - sd**2 / 2, sd)
        return math.log(above if one.bound == 1 else 1 - above)

    def moments(self, one: Observed, people: float) -> tuple[float, float]:
        """Mean, and relative variance beyond chance."""
        share = self.share(one)
        error = one.sd**2 + DISCREPANCY**2
        rho = self.value.get(f"reporting.{one.quantity.removesuffix('_share')}", 1.0)
        if one.origin == WORLD:
            fighters = float(self.shares.ranks[one.column].sum())
            return (fighters if one.quantity == "strength" else rho * share), error
        region = self.region[one.origin]
        by_then = float(self.shares.people[one.column, region] / self.shares.people[-1, region])
        spread = (1 - share) / (share * (self.value["nowcast.concentration"] + 1))
        return people * by_then * share * rho, spread + error

    def share(self, one: Observed) -> float:
        """Of the region's people, or of the world's."""
        shares, unseen = self.shares, [1 - self.value[f"reporting.{q}"] for q in ("returned", "killed")]
        seen = shares.theatre + unseen[1] * shares.dead + unseen[0] * shares.home
        tables = {"returned": shares.home, "killed": shares.dead, "in_theatre": seen, "third_country": shares.third}
        if one.origin != WORLD:
            return float(tables[one.quantity][one.column, self.region[one.origin]])
        if one.quantity == "strength":
            return 0.5  # not read
        row, people = tables[one.quantity.removesuffix("_share")][one.column], shares.people[one.column]
        return float((row * people).sum() / people.sum())


def nbinom(y: float, mean: float, r: float) -> float:
    """The negative binomial, for numbers between whole ones too."""
    log = math.lgamma(y + r) - math.lgamma(r) - math.lgamma(y + 1)
    return math.exp(log + r * math.log(r / (r + mean)) + y * math.log(mean / (r + mean)))


def test_the_reference_is_the_negative_binomial() -> None:
    assert nbinom(7, 4.0, 2.5) == pytest.approx(stats.nbinom.pmf(7, 2.5, 2.5 / 6.5))


def test_each_origin_is_as_likely_as_a_reader_would_find(eight: LogPosterior, z: np.ndarray) -> None:
    theta = np.asarray(eight.parameters(z))
    found, shares = jax.jit(by_group(eight.model.view, eight.program, eight.fit_figures))(theta, DISCREPANCY)
    reference = Reference(eight, theta, jax.tree.map(np.asarray, shares))
    origins = [*sorted(eight.fit_figures.totals), WORLD]
    assert len(origins) == 9
    assert [float(x) for x in found] == pytest.approx([reference.of(o) for o in origins], rel=1e-8)


def test_the_case_has_what_the_reference_is_for(eight: LogPosterior) -> None:
    observed = eight.fit_figures.observed
    assert {o.quantity for o in observed} == {
        *("returned", "killed", "in_theatre", "third_country"),
        *("returned_share", "killed_share", "strength"),
    }
    assert {o.bound for o in observed} == {-1, 0, 1}
    assert any(o.high - o.low > 1 and not o.bound for o in observed)
    data = fit_arrays(eight.model.view, eight.fit_figures)
    dead = np.flatnonzero(data.split_with >= 0)
    assert len(dead) == 4  # of eight origins three contest the returned, and one gives them for another date
    assert {observed[i].quantity for i in data.split_with[dead]} == {"returned"}
    totals = eight.fit_figures.totals.values()
    assert max(map(len, totals)) == 2
    assert {r.kind for block in totals for r in block} == {0, 1}


def test_a_whole_number_is_taken_as_it_is_and_a_range_within(eight: LogPosterior) -> None:
    one = eight.fit_figures.observed[0]
    assert within(replace(one, quantity="killed", low=25.5, high=26.5)) == [26] * 5
    assert within(replace(one, quantity="killed", low=0.0, high=0.5)) == [0] * 5  # zero
    assert within(replace(one, quantity="killed", low=12.0, high=13.0)) == pytest.approx([12.1, 12.3, 12.5, 12.7, 12.9])
    assert within(replace(one, quantity="killed_share", low=0.1, high=0.2))[2] == pytest.approx(0.15)


def test_shares_are_of_everyone(eight: LogPosterior, z: np.ndarray) -> None:
    shares = shares_of(eight.model.view, eight.program)(eight.parameters(z))
    whole = sum(np.asarray(part)[-1] for part in (shares.home, shares.dead, shares.theatre, shares.third))
    assert (whole <= 1.0 + 1e-9).all()
    assert whole == pytest.approx(np.ones(len(whole)), abs=0.2)  # the rest is on its way there, or with an offshoot


def test_more_who_came_home_leave_fewer_to_be_dead(eight: LogPosterior, z: np.ndarray) -> None:
    theta = eight.parameters(z)
    data, shares = fit_arrays(eight.model.view, eight.fit_figures), shares_of(eight.model.view, eight.program)(theta)
    dead = np.flatnonzero(data.split_with >= 0)
    before, v = moments_of(data, eight.program, theta, shares, DISCREPANCY)
    means = []
    for times in (0.5, 1.0, 2.0):
        points = data.points.copy()
        points[data.split_with[dead]] = times * np.asarray(before)[data.split_with[dead]].mean(axis=1)[:, None]
        mean, variance = given_split(data, eight.program, theta, before, v, points)
        means.append(np.asarray(mean)[dead].mean(axis=1))
        assert (np.asarray(variance)[dead] < np.asarray(v)[dead][:, None]).all()
        rest = np.setdiff1d(np.arange(len(data.split_with)), dead)
        assert np.array_equal(np.asarray(mean)[rest], np.asarray(before)[rest])
    assert (means[0] > means[1]).all()
    assert (means[1] > means[2]).all()


def test_a_split_without_error_is_a_dirichlet(eight: LogPosterior, z: np.ndarray) -> None:
    """Mean and variance of the dead among countless people, given that more came home than expected."""
    data, theta = fit_arrays(eight.model.view, eight.fit_figures), eight.parameters(z)
    dead = np.flatnonzero(data.split_with >= 0)
    returned, c = data.split_with[dead], float(theta[eight.program.names.index("nowcast.concentration")])
    home, gone, seen, people = 0.3, 0.2, 0.45, 1e12
    share = np.full(len(data.split_with), home)
    share[dead] = gone
    points = data.points.copy()
    points[returned] = seen * people
    expected = jax.numpy.asarray(people * share[:, None] * np.ones((1, data.log_total.shape[1])))
    mean, v = given_split(data, eight.program, theta, expected, (1 - share) / (share * (c + 1)), points)
    of_rest = stats.beta(gone * c, (1 - home - gone) * c)  # of those who are not home
    assert np.asarray(mean)[dead] / people == pytest.approx((1 - seen) * of_rest.mean())
    # A regression's variance is that of the Dirichlet on average over the returned, whose share itself varies.
    spread = 1 + home / (1 - home) / (c + 1)
    assert np.asarray(v)[dead] == pytest.approx(spread * of_rest.var() / of_rest.mean() ** 2)


def test_a_count_varies_by_chance_and_a_share_does_not() -> None:
    v = with_sampling_variance(np.array([False, True]), np.array([[0.1], [0.2]]), np.array([[4.0, 10.0], [0.3, 0.3]]))
    assert np.asarray(v) == pytest.approx(np.array([[0.35, 0.2], [0.2, 0.2]]))
