"""Each rule against a closed form, or against its definition written out."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from afterfall.evaluate.baselines.baselines import normal_quantiles
from afterfall.evaluate.core.scoring_rules import (
    LEAST_BANDWIDTH,
    bandwidth,
    brier,
    crps,
    energy_score,
    event_log_score,
    interval_score,
    log_score,
    mark,
    on_scale,
    pit,
)

STANDARD = NormalDist()


def draws(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).gamma(2.0, size=shape)


def test_scale_counts_what_is_added_to_the_last_public_figure() -> None:
    assert on_scale([40, 30, 52], 40) == pytest.approx([0.0, 0.0, math.log(13)])
    assert on_scale(7) == pytest.approx(math.log(8))


def test_crps_is_its_definition() -> None:
    x, y = draws(4, 30), draws(4, seed=2)
    written = [
        np.mean([abs(a - o) for a in row]) - np.mean([[abs(a - b) for a in row] for b in row]) / 2
        for row, o in zip(x, y, strict=True)
    ]
    assert crps(y, x) == pytest.approx(written)


@pytest.mark.parametrize("y", [-1.5, 0.0, 0.7])
def test_crps_of_a_normal_is_its_closed_form(y: float) -> None:
    closed = y * (2 * STANDARD.cdf(y) - 1) + 2 * STANDARD.pdf(y) - 1 / math.sqrt(math.pi)
    assert crps(np.array([y]), normal_quantiles(4000)[None])[0] == pytest.approx(closed, abs=1e-3)


def test_log_score_is_minus_the_log_of_the_kernel_mixture() -> None:
    x, y = draws(1, 50), np.array([1.2])
    width = float(bandwidth(x)[0])
    assert width > LEAST_BANDWIDTH
    density = np.mean([NormalDist(a, width).pdf(1.2) for a in x[0]])
    assert log_score(y, x)[0] == pytest.approx(-math.log(density))


def test_log_score_of_equal_samples_is_finite() -> None:
    x = np.full((1, 20), 2.0)
    assert log_score(np.array([2.0]), x)[0] == pytest.approx(-math.log(NormalDist(0, LEAST_BANDWIDTH).pdf(0)))


def test_log_score_far_from_every_sample_is_finite() -> None:
    x, width = np.full((1, 20), 2.0), LEAST_BANDWIDTH
    closed = 0.5 * (98 / width) ** 2 + math.log(width * math.sqrt(2 * math.pi))
    assert log_score(np.array([100.0]), x)[0] == pytest.approx(closed)


def test_bandwidth_is_silvermans() -> None:
    x = draws(60) * 10
    low, high = np.quantile(x, (0.25, 0.75))
    assert bandwidth(x) == pytest.approx(0.9 * min(x.std(ddof=1), (high - low) / 1.34) * 60**-0.2)


def test_interval_score_is_width_and_twentyfold_miss() -> None:
    y, low, high = np.array([1.0, 4.0, 0.0]), np.full(3, 0.5), np.full(3, 3.0)
    assert interval_score(y, low, high) == pytest.approx([2.5, 2.5 + 20 * 1.0, 2.5 + 20 * 0.5])


def test_coverage_is_of_the_central_intervals() -> None:
    x = np.arange(101.0)[None].repeat(5, axis=0)
    marks = mark([24.9, 25.0, 95.0, 95.1, 50.0], x, list("abcde"), seed=0)
    assert marks.inside50.tolist() == [0, 1, 0, 0, 1]
    assert marks.inside90.tolist() == [1, 1, 1, 0, 1]


def test_pit_without_ties_is_the_share_below() -> None:
    x = np.arange(10.0)[None]
    assert pit(np.array([3.5]), x, ["a"], seed=0)[0] == pytest.approx(0.4)


def test_pit_is_uniform_where_all_samples_tie() -> None:
    names = [f"figure-{i}" for i in range(2000)]
    values = np.sort(pit(np.zeros(2000), np.zeros((2000, 5)), names, seed=3))
    distance = np.abs(values - (np.arange(2000) + 0.5) / 2000).max()
    # Kolmogorov-Smirnov at p = 1e-6; without the draw every value would be 1, a distance of 1.
    assert distance < math.sqrt(math.log(2 / 1e-6) / 2 / 2000)


def test_pit_depends_on_the_name_and_the_seed_alone() -> None:
    x = np.zeros((2, 5))
    both = pit(np.zeros(2), x, ["a", "b"], seed=3)
    assert pit(np.zeros(2), x, ["b", "a"], seed=3).tolist() == both[::-1].tolist()
    assert pit(np.zeros(2), x, ["a", "b"], seed=4).tolist() != both.tolist()


def test_energy_score_is_its_definition_and_crps_in_one_dimension() -> None:
    x, y = draws(40, 3), draws(3, seed=2)
    near = np.mean([np.linalg.norm(a - y) for a in x])
    cross_validation = np.mean([[np.linalg.norm(a - b) for a in x] for b in x])
    assert energy_score(y, x) == pytest.approx(near - cross_validation / 2)
    assert energy_score(y[:1], x[:, :1]) == pytest.approx(crps(y[:1], x[:, 0][None])[0])


def test_event_scores_by_hand() -> None:
    assert brier([1, 0], [0.7, 0.7]) == pytest.approx([0.09, 0.49])
    assert event_log_score([1, 0], [0.7, 0.7]) == pytest.approx([-math.log(0.7), -math.log(0.3)])


@pytest.mark.parametrize("rule", [crps, log_score])
def test_the_truth_scores_best_and_a_wrong_spread_or_place_worse(rule: object) -> None:
    y = np.random.default_rng(5).normal(size=4000)
    z = normal_quantiles(200)
    means = {
        name: np.mean(rule(y, np.tile(x, (4000, 1))))
        for name, x in {"true": z, "narrow": 0.5 * z, "wide": 2 * z, "shifted": z + 0.5}.items()  # type: ignore[operator]
    }
    assert min(means, key=lambda name: float(means[name])) == "true"
