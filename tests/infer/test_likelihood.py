"""The likelihood of figures against a readable reference, one number at a time, with scipy's distributions."""

from __future__ import annotations

import math
from collections import defaultdict

import jax
import numpy as np
import pytest
from scipy import stats

from afterfall.engine.start_plan import FIGHTERS_ONLY
from afterfall.infer.density import Density
from afterfall.infer.likelihood import HERMITE, Shares, by_group, shares_of, with_chance
from afterfall.model.evidence import POINTS, Observed
from afterfall.model.readings import Reading

DISCREPANCY = 0.25


@pytest.fixture(scope="module")
def z(density: Density) -> np.ndarray:
    return 0.4 * np.random.default_rng(2).normal(size=len(density.names))


class Reference:
    """Log likelihood of one origin's figures: over readings of its total, over their errors, number by number."""

    def __init__(self, density: Density, theta: np.ndarray, shares: Shares) -> None:
        self.density, self.shares = density, shares
        self.value = dict(zip(density.program.names, map(float, theta), strict=False))
        scene = density.model.scene
        self.region = {o: scene.regions.index(scene.region_of[name]) for o, name in enumerate(scene.origins)}

    def of(self, origin: int) -> float:
        readings = self.density.evidence.totals[origin]
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
        for one in self.density.evidence.observed:
            if one.origin == origin:
                assert not one.bound  # the case has none of its own countries
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
        """Negative binomial over the interval, as a density of the logarithm."""
        region = self.region[one.origin]
        table = {"returned": self.shares.home, "killed": self.shares.dead}[one.quantity]
        share = float(table[one.column, region])
        by_then = float(self.shares.people[one.column, region] / self.shares.people[-1, region])
        assert one.kind != FIGHTERS_ONLY
        mean = people * by_then * share * self.value[f"reporting.{one.quantity}"]
        spread = (1 - share) / (share * (self.value["nowcast.concentration"] + 1))
        r = 1 / (spread + one.sd**2 + DISCREPANCY**2)
        middle, half = (one.low + one.high) / 2, (one.high - one.low) / 2
        inside = [nbinom(middle + p * half, mean, r) for p in POINTS]
        return math.log(np.mean(inside)) + math.log(max(middle, 1.0))


def nbinom(y: float, mean: float, r: float) -> float:
    """The negative binomial as a gamma mixture of Poissons, for numbers between whole ones too."""
    gamma = stats.gamma(a=r, scale=mean / r)
    low, high = gamma.ppf([1e-12, 1 - 1e-12])
    rate = np.exp(np.linspace(math.log(max(low, 1e-12)), math.log(high), 4001))
    poisson = np.exp(y * np.log(rate) - rate - math.lgamma(y + 1))
    return float(np.trapezoid(gamma.pdf(rate) * poisson, rate))


def test_each_origin_is_as_likely_as_a_reader_would_find(density: Density, z: np.ndarray) -> None:
    theta = np.asarray(density.parameters(z))
    found, shares = by_group(density.model.scene, density.program, density.evidence)(theta, DISCREPANCY)
    reference = Reference(density, theta, jax.tree.map(np.asarray, shares))
    origins = sorted(density.evidence.totals)
    assert len(origins) > 1
    assert [float(x) for x in found[:-1]] == pytest.approx([reference.of(o) for o in origins], rel=1e-5)


def test_shares_are_of_everyone(density: Density, z: np.ndarray) -> None:
    shares = shares_of(density.model.scene, density.program)(density.parameters(z))
    whole = sum(np.asarray(part)[-1] for part in (shares.home, shares.dead, shares.theatre, shares.third))
    assert (whole <= 1.0 + 1e-9).all()
    assert whole == pytest.approx(np.ones(len(whole)), abs=0.2)  # the rest is on its way there, or with an offshoot


def test_a_count_varies_by_chance_and_a_share_does_not() -> None:
    v = with_chance(np.array([False, True]), np.array([0.1, 0.2]), np.array([[4.0, 10.0], [0.3, 0.3]]))
    assert np.asarray(v) == pytest.approx(np.array([[0.35, 0.2], [0.2, 0.2]]))
