"""Complete splits are of one place, source and day; all three figures or none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.scoring_rules import energy_score
from afterfall.evaluate.figures.splits import WHOLE, complete_splits, score_splits

ONE = Outcome("r", "returned", "AAA", 5, dt.date(2018, 1, 31), 12, "", "fam", "src", 0.1, None)
SPLIT = tuple(replace(ONE, figure=q[0], quantity=q) for q in WHOLE)


def test_a_split_needs_all_three_of_one_source_and_day() -> None:
    assert complete_splits(SPLIT) == [SPLIT]
    assert complete_splits(SPLIT[:2]) == []
    for change in ({"family": "other"}, {"place": "BBB"}, {"refers_to": dt.date(2018, 2, 28)}):
        assert complete_splits((*SPLIT[:2], replace(SPLIT[2], **change))) == []


def test_the_models_samples_are_joint() -> None:
    rng = np.random.default_rng(2)
    samples = {o.figure: rng.normal(size=200) for o in SPLIT}
    observed = {o.figure: 0.3 for o in SPLIT}
    (scored,) = score_splits(SPLIT, observed, samples, samples, seed=1)
    joint = np.stack([samples[o.figure] for o in SPLIT], axis=-1)
    assert scored.energy == pytest.approx(energy_score(np.full(3, 0.3), joint))


def test_the_naive_samples_are_independent() -> None:
    ordered = np.sort(np.random.default_rng(2).normal(size=500))
    samples = {o.figure: ordered for o in SPLIT}
    observed = {"r": 1.5, "k": -1.5, "i": 1.5}
    (scored,) = score_splits(SPLIT, observed, samples, samples, seed=1)
    # Perfectly dependent samples cannot reach an outcome off the diagonal, shuffled ones can.
    assert scored.energy_baseline < scored.energy - 0.1
