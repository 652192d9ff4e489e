"""Stated and observed shares: right for a perfect forecast, each pair once, a band by independent units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from afterfall.evaluate import Scores
from afterfall.evaluate.core.reliability import LEVELS, reliability
from afterfall.evaluate.record.reliability_of_record import reliability_by_quantity
from afterfall.evaluate.record.scoring import MODEL
from afterfall.report.kit.reliability_picture import headline, reliability_picture, reliability_words
from afterfall.report.kit.saving import save_chart


def test_a_perfect_forecast_lies_in_its_band_nine_times_in_ten() -> None:
    rng, times = np.random.default_rng(1), 200
    inside = np.zeros(len(LEVELS))
    for _ in range(times):
        found = reliability(rng.random(60), list(range(60)), list(range(60)))
        inside += [low <= seen <= high for low, seen, high in zip(found.low, found.observed, found.high, strict=True)]
    # The band of a discrete share holds at least 90 %; Binomial(200, 0.9) has a standard deviation of 4.2.
    assert all(inside > 180 - 4 * 4.2)
    assert inside.mean() < 0.97 * times


def test_intervals_that_are_too_wide_lie_above_the_band() -> None:
    middle = 0.5 + 0.2 * (np.random.default_rng(2).random(80) - 0.5)
    found = reliability(middle, list(range(80)), list(range(80)))
    assert found.observed[LEVELS.index(0.5)] == 1.0 > found.high[LEVELS.index(0.5)]
    assert sum(found.pit[4:6]) == pytest.approx(1.0)


def test_each_pair_counts_once() -> None:
    found = reliability(np.array([0.5, 0.5, 0.5, 0.99]), ["a", "a", "a", "b"], ["r", "s", "t", "u"])
    assert found.observed[LEVELS.index(0.5)] == 0.5
    assert (found.pit[5], found.pit[9]) == (0.5, 0.5)


def test_one_report_of_many_countries_has_the_band_of_one_figure() -> None:
    found = reliability(np.linspace(0.0, 1.0, 30), list(range(30)), ["report"] * 30)
    assert (found.clusters, found.independent) == (30, 1)
    assert (found.low[4], found.high[4]) == (0.0, 1.0)
    wide = reliability(np.linspace(0.0, 1.0, 30), list(range(30)), list(range(30)))
    assert (wide.low[4], wide.high[4]) == pytest.approx(tuple(binom.ppf((0.05, 0.95), 30, 0.5) / 30))


def test_all_quantities_and_each_are_those_of_the_scores(scores: Scores) -> None:
    found = reliability_by_quantity([scores])
    known = [i for i, late in enumerate(scores.scored.hindsight) if not late]
    assert set(found) == {"all", *(scores.scored.outcomes[i].quantity for i in known)}
    assert found["all"].figures == len(known)
    pit = scores.scored.marks[MODEL].pit[known]
    alone = [scores.scored.outcomes[i].cluster for i in known]
    assert len(set(alone)) == found["all"].clusters
    twice = reliability_by_quantity([scores, scores])["all"]
    assert (twice.figures, twice.clusters) == (2 * len(pit), found["all"].clusters)
    assert twice.observed == pytest.approx(found["all"].observed)


def test_the_picture_judges_no_quantity_from_too_few(scores: Scores, tmp_path: Path) -> None:
    found = reliability_by_quantity([scores])
    assert headline(found).startswith("Too few independent figures")
    svg, png = save_chart(reliability_picture(found, ["foot"]), tmp_path / "r", reliability_words(found))
    assert "Killed so far" in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")
    flat = reliability(np.linspace(0.0, 1.0, 40), list(range(40)), list(range(40)))
    narrow = reliability(np.repeat([0.0, 1.0], 20), list(range(40)), list(range(40)))
    judged = {"all": flat, "returned": flat, "travelled": narrow}
    assert headline(judged) == "All quantities: 50% intervals contained 50 of 100 figures, 90% intervals 90"
    assert reliability_words(judged).endswith("Outside the band: travelled so far.")
