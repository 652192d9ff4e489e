"""Of the list only the split over years is used, and in a year with a count it says nothing more of the wave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln
from tests.unit.attack.test_attack_model import INSPIRED, NO_COUNTS, inspired_only, picked

from afterfall.attack.wave_likelihood import POINTS, log_waves

ONE_REGION = np.zeros(3, dtype=np.int32)


def likelihood(size: float, counted: Any, attempts: Any, listed: Any, number: Any, group: Any = ONE_REGION) -> float:
    parts = (np.array(x, float) for x in (counted, attempts, listed, number))
    return log_waves(size, *parts, group, np.empty(POINTS))


def dirichlet_multinomial(number: Any, size: float) -> float:
    n, k = np.array(number, float), len(number)
    return float(
        gammaln(n.sum() + 1)
        + gammaln(k * size)
        - gammaln(n.sum() + k * size)
        + (gammaln(n + size) - gammaln(size) - gammaln(n + 1)).sum()
    )


@pytest.mark.parametrize("size", [1.5, 4.0, 12.0])
def test_the_split_over_alike_years_is_dirichlet_multinomial(size: float) -> None:
    """Differences between two splits of one total, against the closed form; for a total of 14 and one of 60."""
    for one, other in (((1, 4, 9), (5, 5, 4)), ((10, 20, 30), (2, 8, 50))):
        found = [likelihood(size, [0] * 3, [0] * 3, [2] * 3, split) for split in (one, other)]
        closed = dirichlet_multinomial(one, size) - dirichlet_multinomial(other, size)
        closed += sum(gammaln(np.array(one) + 1.0)) - sum(gammaln(np.array(other) + 1.0))
        assert found[0] - found[1] == pytest.approx(closed, abs=0.02)


def test_the_total_of_a_list_says_nothing_of_the_level() -> None:
    """Ten times the expected attempts in every year: the same likelihood. With a count it would differ."""
    few, many = (likelihood(3.0, [0] * 3, [0] * 3, np.array([1.0, 2.0, 3.0]) * x, (3, 6, 8)) for x in (1.0, 10.0))
    assert few == pytest.approx(many, abs=0.02)
    low, high = (likelihood(3.0, [0, 6.0 * x, 0], [0, 6, 0], [1, 2 * x, 3], (3, 6, 8)) for x in (1.0, 10.0))
    assert low > high + 1.0


def test_a_count_alone_is_negative_binomial() -> None:
    none = np.full(1, -1, dtype=np.int32)
    for count, mean in ((0, 3.0), (5, 2.0), (17, 30.0)):
        found = likelihood(4.0, [mean], [count], [0.0], [0.0], none)
        assert found == pytest.approx(stats.nbinom.logpmf(count, 4.0, 4.0 / (4.0 + mean)))


def test_count_and_list_share_one_wave() -> None:
    """A year far above the others in the list: the count of that year is less of a surprise if it is high too."""
    lists = (2, 2, 16)
    high = likelihood(2.0, [0, 0, 5], [0, 0, 15], [3] * 3, lists)
    low = likelihood(2.0, [0, 5, 0], [0, 15, 0], [3] * 3, lists)
    assert high > low + 1.0


def test_listed_attacks_of_a_counted_year_do_not_count_twice() -> None:
    """One year alone, with a count: its listed attacks say nothing, whatever the expected attempts behind the count."""
    one = np.zeros(1, dtype=np.int32)
    gains = []
    for listed in (0.0, 8.0):
        near, far = (likelihood(3.0, [mean], [20], [0.4 * mean], [listed], one) for mean in (20.0, 5.0))
        gains.append(near - far)
    assert gains[0] > 1.0
    assert gains[0] == pytest.approx(gains[1], abs=1e-9)


def test_a_counted_year_says_how_many_are_listed() -> None:
    """Half the counted were listed: with as many listed, an uncounted year is expected to be as high as the counted."""
    ratio = []
    for attempts in (6, 24):
        found = [likelihood(50.0, [attempts, 0], [attempts, 0], [attempts, x], (8, 8), ONE_REGION[:2])
                 for x in (0.5 * attempts, attempts, 2.0 * attempts)]  # fmt: skip
        assert found[1] > max(found[0], found[2])
        ratio.append(found[1] - found[0])
    assert ratio[0] > 0.5


def test_waves_of_past_years_follow_counts_and_the_list() -> None:
    """Waves have the mean of Gamma(a + c, a + mean) for a count, and exceed one in a year with many listed.

    Listed attacks of the counted year do not move its wave.
    """
    counts = np.array([[0.0, 0.0, 0.0, 10.0]]), np.array([30.0]), np.array([2], dtype=np.int32)
    exposure, group = np.array([INSPIRED, INSPIRED, [0.0] * 4]), np.array([0, 0, -1], dtype=np.int32)
    listed = exposure, np.array([2.0, 20.0, 0.0]), group
    _, waves = picked(400, 16, inspired_only(0.0, 0.0, 4.0), counts, listed)
    means = waves[:, :, 0] / waves[:, :, 1]
    assert means[:, 2] == pytest.approx(34 / 14)
    assert means[:, 0].mean() < 0.8 < 1.3 < means[:, 1].mean()
    also = np.array([INSPIRED] * 3), np.array([2.0, 20.0, 9.0]), np.zeros(3, dtype=np.int32)
    _, waves = picked(20, 16, inspired_only(0.0, 0.0, 4.0), counts, also)
    assert waves[:, 2, 0] / waves[:, 2, 1] == pytest.approx(34 / 14)
    nothing = exposure, np.zeros(3), np.full(3, -1, dtype=np.int32)
    _, alone = picked(50, 16, inspired_only(0.0, 0.0, 4.0), NO_COUNTS, nothing)
    assert (alone == 4.0).all()
