"""What one further break does: quantiles of Student's t on the logit, and what is known by a day."""

import numpy as np
import pytest
from scipy import stats

from afterfall.reference import open_reference_class
from afterfall.reference.break_outcomes import EDGE, _further, break_outcomes
from afterfall.reference.custody_breaks import SIZES, breaks_at_risk


def test_a_further_share_is_as_spread_as_the_shares_known() -> None:
    x = np.array([-2.0, -0.5, 0.3, 1.0, 2.2])
    found = _further((1 / (1 + np.exp(-x))).tolist())
    logits = np.log(found / (1 - found))
    assert np.median(logits) == pytest.approx(x.mean(), abs=0.01)
    upper = x.mean() + x.std(ddof=1) * np.sqrt(1.2) * stats.t.ppf(0.9, 4)
    assert np.quantile(logits, 0.9) == pytest.approx(upper, abs=0.01)
    assert found.min() >= EDGE
    assert found.max() <= 1 - EDGE


def test_with_few_shares_the_prior_is_wide() -> None:
    assert np.quantile(_further([0.9, 0.8]), [0.05, 0.5, 0.95]) == pytest.approx([0.078, 0.5, 0.922], abs=0.01)


def test_the_chance_of_a_collapse_is_that_of_weighted_counts() -> None:
    known = open_reference_class("2024-12-08")
    found, rows = break_outcomes(known), breaks_at_risk(known, SIZES[0])
    weights = np.array([1.0 if r.verified else 0.5 for r in rows])
    fell = np.array([r.kind == "custodial collapse" for r in rows])
    assert found.counts[2:] == (int(fell.sum()), len(rows))
    assert found.collapse.mean() == pytest.approx((weights[fell].sum() + 0.5) / (weights.sum() + 1.0), abs=1e-3)


def test_nothing_is_known_before_it_was_public() -> None:
    early, late = (break_outcomes(open_reference_class(day)).counts for day in ("2019-03-31", "2026-03-12"))
    assert all(a < b for a, b in zip(early, late, strict=True))
