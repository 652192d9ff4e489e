"""One rule for verdicts, and how many of many would come from chance."""

from __future__ import annotations

import numpy as np

from afterfall.evaluate.core.bootstrap import ENOUGH, NO_SKILL, Skill, skill
from afterfall.evaluate.core.verdict import BETTER, Comparisons, comparisons, verdict
from afterfall.report.kit.skill_words import many_verdicts


def compared(ours: float, seed: int, clusters: int = 40) -> Skill:
    rng = np.random.default_rng(seed)
    scores = rng.gamma(4.0, ours / 4.0, size=clusters), rng.gamma(4.0, 0.25, size=clusters)
    return skill(*scores, list(range(clusters)), name=str(seed), seed=1)


def test_few_clusters_are_never_judged_however_clear() -> None:
    few = skill([1.0] * (ENOUGH - 1), [2.0] * (ENOUGH - 1), list(range(ENOUGH - 1)), name="x", seed=1)
    enough = skill([1.0] * ENOUGH, [2.0] * ENOUGH, list(range(ENOUGH)), name="x", seed=1)
    assert (verdict(few), verdict(enough), verdict(NO_SKILL)) == ("too few to judge", BETTER, "too few to judge")


def test_one_report_of_many_countries_is_not_judged() -> None:
    found = skill([1.0] * 30, [2.0] * 30, list(range(30)), families=["report"] * 30, name="x", seed=1)
    assert (found.clusters, found.independent, verdict(found)) == (30, 1, "too few to judge")


def test_without_a_difference_adjustment_leaves_hardly_any() -> None:
    equal = [compared(1.0, seed) for seed in range(100)]
    found = comparisons(equal)
    assert (found.made, found.by_chance) == (100, 10.0)
    # Binomial(100, 0.1) is below 20 in 99.8 of 100 cases; intervals of 40 clusters are slightly too narrow.
    assert 0 < found.better + found.worse < 25
    assert found.adjusted <= 2


def test_true_differences_survive_the_adjustment() -> None:
    assert comparisons([compared(0.4, seed) for seed in range(20)]) == Comparisons(20, 2.0, 20, 0, 20)


def test_what_is_not_judged_is_not_counted() -> None:
    assert comparisons([NO_SKILL, compared(0.4, 1, clusters=3)]) == Comparisons(0, 0.0, 0, 0, 0)
    assert many_verdicts([NO_SKILL]) == "No comparison has enough independent units to be judged."
    assert many_verdicts([compared(0.4, seed) for seed in range(20)]) == (
        "20 comparisons are judged. If nothing differed, 2.0 of their 90% intervals would exclude zero by chance. "
        "20 do (20 better, 0 worse); 20 after Holm's adjustment."
    )
