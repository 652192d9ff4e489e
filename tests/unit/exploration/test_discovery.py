"""Boxes, indices and rank flips find what was planted, and nothing where nothing was."""

import numpy as np
import pytest
from tests.made_up.explorations import exploration

from afterfall.exploration.designs import design
from afterfall.exploration.rank_flips import rank_flips
from afterfall.exploration.scenario_boxes import discover
from afterfall.exploration.sobol_indices import sensitivities
from afterfall.report.explore.explore_words import box_words, explore_notes, flip_words, standing_words, verdicts
from afterfall.report.explore.trade_off_picture import trade_off_chart


def points(n: int, k: int = 3) -> np.ndarray:
    return np.random.default_rng(7).uniform(size=(n, k))


def test_prim_and_cart_find_a_planted_box() -> None:
    values = points(300)
    inside = (values[:, 0] > 0.6) & (values[:, 1] < 0.5)
    people = np.stack([np.full(300, 10), np.where(inside, 12, 8), np.full(300, 9)], axis=1)
    found = exploration(values, people)
    where = discover(found, 1, "worse", found.worse(found.outcome())[:, 1], seed=1)
    assert where.share == pytest.approx(inside.mean())
    for box in (where.prim, where.cart):
        assert box is not None
        limits = {limit.assumption: limit for limit in box.limits}
        assert set(limits) == {"x1", "x2"}
        assert limits["x1"].low == pytest.approx(0.6, abs=0.03)
        assert limits["x2"].high == pytest.approx(0.5, abs=0.04)
        assert min(box.density, box.coverage) > 0.9
    assert where.prim is not None
    assert all(limit.quasi_p is not None and limit.quasi_p < 0.001 for limit in where.prim.limits)
    words = box_words(found, where.prim)
    assert "“how much of x1” is high (0.6" in words
    assert "“how much of x2” is low (0.48 or less)" in words
    assert "density" in words


def test_what_holds_everywhere_is_robust_and_the_rest_is_belief() -> None:
    values = points(120)
    split = np.where(values[:, 0] > 0.5, 12, 8)
    safe = np.where(values[:, 1] > 0.5, 10, 8)
    people = np.stack([np.full(120, 10), np.full(120, 9), split, np.full(120, 10), safe], axis=1)
    found = exploration(values, people, options=("now", "steady", "risky", "idle", "safe"))
    robust, belief, neither = standing_words(found.findings())
    assert robust.startswith("Robust under the stated assumptions: steady is better than now (better in 100%")
    assert "safe is never worse than now" in robust
    assert "whether risky beats now" in belief
    assert "rests most on “how much of x1”" in belief
    assert neither == "No difference of 0.05 people or more anywhere: idle."


def test_no_box_is_found_in_noise_or_where_all_is_alike() -> None:
    values, noise = points(300), np.random.default_rng(8).uniform(size=300) < 0.3
    found = exploration(values, np.stack([np.full(300, 10), np.where(noise, 12, 8)], axis=1), options=("now", "a"))
    assert discover(found, 1, "worse", noise, seed=1).prim is None
    assert discover(found, 1, "worse", np.ones(300, dtype=bool), seed=1).prim is None


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_indices_are_those_of_an_additive_function(kind: str) -> None:
    made = exploration([[0.5, 0.5]], [[0, 0]], options=("now", "a"), design=kind)  # type: ignore[arg-type]
    values = design(kind, made.assumptions, 256, seed=2)  # type: ignore[arg-type]
    people = np.round(1000 * (3 * values[:, 0] + values[:, 1])).astype(int)
    found = exploration(
        values,
        np.stack([np.zeros_like(people), people], axis=1),
        options=("now", "a"),
        design=kind,  # type: ignore[arg-type]
    )
    one, other = sensitivities(found, found.outcome())
    assert (one.option, one.assumption, other.assumption) == ("a", "x1", "x2")
    assert one.first == pytest.approx(0.9, abs=0.05)
    assert other.first == pytest.approx(0.1, abs=0.08)
    assert (one.total is None) == (kind == "lhs")
    if one.total is not None:
        assert one.total == pytest.approx(0.9, abs=0.05)


def test_a_planted_crossing_is_found_and_a_tie_is_no_flip() -> None:
    values = points(300)
    slope = np.round(100 * values[:, 0]).astype(int)
    people = np.stack([np.full(300, 200), np.full(300, 60), slope], axis=1)
    found = exploration(values, people)
    first, *others = rank_flips(found, found.outcome())
    assert (first.assumption, first.best, first.flips) == ("x1", ("b", "b", "a"), True)
    assert first.crossing == pytest.approx(0.6, abs=0.03)
    assert first.crossing_low is not None
    assert first.crossing_high is not None
    assert first.crossing_low <= 0.6 <= first.crossing_high
    assert not any(one.flips for one in others)
    assert "b where it is low, a where it is high" in flip_words(found, first)


def test_where_no_option_changes_the_outcome_none_is_called_best() -> None:
    """All equal on the undetected: nobody is called best, and no few simulations are blamed."""
    values, same = points(60), np.full((60, 3), 2)
    found = exploration(values, same, killed=np.tile([1, 1, 4], (60, 1)))
    findings = found.findings()
    first, *each = verdicts(findings)
    assert first.startswith("No option changes people undetected by 0.05 or more")
    assert "best in" not in " ".join((first, *each))
    assert [line.partition(":")[0] for line in each] == ["a", "b"]
    assert not any("Few simulations" in note for note in explore_notes(findings))
    assert "No option changes people" in str(trade_off_chart(findings, "").to_dict())


def test_blocks_of_a_sobol_design_are_stated() -> None:
    notes = {
        kind: " ".join(explore_notes(exploration(points(8), np.full((8, 3), 1), design=kind).findings()))
        for kind in ("lhs", "sobol")
    }
    assert "come in blocks" in notes["sobol"]
    assert "come in blocks" not in notes["lhs"]


def test_half_widths_of_balance_designs_are_those_of_all_points() -> None:
    """Against the spread of the index over other random designs."""
    firsts, errors = [], []
    for seed in range(30):
        random = np.random.default_rng(seed)
        values = random.uniform(size=(250, 2))
        people = np.round(1000 * (2 * values[:, 0] + values[:, 1] + random.normal(0, 0.5, 250))).astype(int) + 5000
        found = exploration(values, np.stack([np.zeros_like(people), people], axis=1), options=("now", "a"))
        one = next(s for s in sensitivities(found, found.outcome()) if s.assumption == "x1")
        firsts.append(one.first)
        errors.append(one.first_error)
    assert np.mean(errors) == pytest.approx(1.645 * np.std(firsts, ddof=1), rel=0.3)
