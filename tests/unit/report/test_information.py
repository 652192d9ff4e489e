"""Mutual information by hand, its correction, and the level that noise reaches."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.report.watch.information import classes_of, effective_number, entropy, information, noise_level

HALVES = np.repeat([0, 1], 50)


def test_an_indicator_that_is_the_number_says_its_whole_entropy_less_the_correction() -> None:
    # Four cells of which two are in use: K_xy - K_x - K_y + 1 = -1, so 1 / (2 * 100 ln 2) bits are added.
    assert information(HALVES, HALVES) == pytest.approx(1.0 + 1 / (200 * np.log(2)))
    assert entropy(HALVES) == 1.0


def test_a_balanced_table_says_nothing() -> None:
    assert information(HALVES, np.tile([0, 1], 50)) == 0.0


def test_the_plug_in_estimate_by_hand() -> None:
    indicator = np.repeat([0, 0, 1, 1], [30, 20, 10, 40])
    number = np.repeat([0, 1, 0, 1], [30, 20, 10, 40])
    cells = {(0.3, 0.5, 0.4), (0.2, 0.5, 0.6), (0.1, 0.5, 0.4), (0.4, 0.5, 0.6)}
    plug_in = sum(p * np.log2(p / (x * y)) for p, x, y in cells)
    assert information(indicator, number) == pytest.approx(plug_in - 1 / (200 * np.log(2)))


def test_unrelated_classes_say_nothing_on_average() -> None:
    drawn = np.random.default_rng(3)
    found = [information(drawn.integers(0, 2, 400), drawn.integers(0, 5, 400)) for _ in range(300)]
    uncorrected = 4 / (800 * np.log(2))
    assert np.mean(found) < 0.6 * uncorrected  # it is cut off at zero, so the mean is not zero itself


def test_noise_reaches_its_level_as_often_as_is_said() -> None:
    drawn = np.random.default_rng(4)
    pairs = [(drawn.integers(0, 2, 500), drawn.integers(0, 5, 500)) for _ in range(2000)]
    share = np.mean([information(x, y) > noise_level(x, y, 1) for x, y in pairs])
    assert 0.03 < share < 0.075


def test_more_questions_ask_for_more() -> None:
    number = np.tile([0, 1], 50)
    assert noise_level(HALVES, number, 100) > noise_level(HALVES, number, 1) > 0
    assert noise_level(HALVES, np.zeros(100, dtype=int), 1) == np.inf


def test_classes_have_equal_shares_where_values_differ() -> None:
    assert np.bincount(classes_of(np.arange(100.0))).tolist() == [20] * 5
    assert classes_of(np.zeros(10)).tolist() == [0] * 10


def test_simulations_that_are_twice_count_less() -> None:
    assert effective_number(np.array([0, 1, 2])) == 3.0
    assert effective_number(np.array([0, 0, 1])) == pytest.approx(9 / 5)
    assert effective_number(np.array([], dtype=int)) == 0.0
