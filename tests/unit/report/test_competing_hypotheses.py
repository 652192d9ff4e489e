"""An event speaks for a pathway by its likelihood ratio, and only where the difference is more than chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from afterfall.report.explain.competing_hypotheses import Support, support, tells_apart

PEOPLE = np.arange(200.0)
MIDDLE = float(np.median(PEOPLE))
MORE = PEOPLE > MIDDLE


def flags(of_more: int, of_others: int) -> np.ndarray:
    """An event in so many of the 100 simulations with more people, and of the 100 others."""
    found = np.zeros(200, dtype=bool)
    found[np.flatnonzero(MORE)[:of_more]] = True
    found[np.flatnonzero(~MORE)[:of_others]] = True
    return found


@pytest.mark.parametrize(
    ("of_more", "of_others", "mark"),
    [(80, 10, "++"), (60, 30, "+"), (30, 60, "-"), (10, 80, "--"), (50, 50, "0"), (52, 40, "0"), (98, 80, "0")],
)
def test_marks_follow_the_ratio(of_more: int, of_others: int, mark: str) -> None:
    found = support(flags(of_more, of_others), PEOPLE)
    assert found.mark == mark
    assert found.ratio == pytest.approx((of_more + 0.5) / (of_others + 0.5))


def test_an_event_never_seen_in_one_part_has_a_finite_ratio() -> None:
    found = support(flags(40, 0), PEOPLE)
    assert found.ratio == pytest.approx(81.0)
    assert found.mark == "++"


def test_there_is_no_ratio_where_all_are_alike() -> None:
    assert support(flags(10, 10), np.zeros(200)) == Support(None, "")


def test_chance_alone_marks_few_cells() -> None:
    rng = np.random.default_rng(1)
    marks = [support(rng.random(200) < 0.3, rng.permutation(PEOPLE)).mark for _ in range(2000)]
    assert sum(mark != "0" for mark in marks) < 40


def test_a_row_tells_apart_by_its_spread_of_what_counts() -> None:
    row = {"a": Support(4.0, "++"), "b": Support(0.5, "-"), "c": Support(1.4, "0"), "d": Support(None, "")}
    assert tells_apart(row) == pytest.approx(math.log(8))
    assert tells_apart({"a": Support(1.4, "0")}) == 0.0
    assert tells_apart({"a": Support(4.0, "++"), "b": Support(4.0, "++")}) == 0.0


@pytest.mark.parametrize("few", [1, 19])
def test_a_split_into_very_unlike_parts_says_nothing(few: int) -> None:
    people = np.zeros(200)
    people[:few] = 1.0
    assert support(people > 0, people) == Support(None, "")


@pytest.mark.parametrize("rate", [0.02, 0.3, 0.5, 0.9])
def test_chance_alone_marks_few_cells_of_a_lopsided_split(rate: float) -> None:
    rng, people = np.random.default_rng(2), np.zeros(200)
    people[:25] = 1.0
    marks = [support(rng.random(200) < rate, people).mark for _ in range(1000)]
    assert sum(mark != "0" for mark in marks) <= 20
