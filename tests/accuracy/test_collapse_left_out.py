"""The pool over the other collapses equals integration by brute force."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.stats import halfnorm, norm

from afterfall.infer.collapse_left_out import pooled
from afterfall.infer.past_collapses import BETWEEN_SCALE, MEAN, MEAN_SD, SETTLED_SD, Collapse, past_collapses

ALL = past_collapses(dt.date(9999, 12, 31))


def brute(others: list[Collapse], one: Collapse, at: np.ndarray) -> np.ndarray:
    """The forecast's distribution function on a grid over mean, shift and spread."""
    mean = np.linspace(MEAN - 7 * MEAN_SD, MEAN + 7 * MEAN_SD, 141)[:, None, None]
    shift = np.linspace(-6 * SETTLED_SD, 6 * SETTLED_SD, 81)[None, :, None]
    between = np.linspace(1e-3, 9.0, 181)[None, None, :]
    log = norm.logpdf(mean, MEAN, MEAN_SD) + norm.logpdf(shift, 0, SETTLED_SD)
    log = log + halfnorm.logpdf(between, scale=BETWEEN_SCALE)
    for c in others:
        log = log + norm.logpdf(c.logit, mean + shift * c.settled, np.sqrt(between**2 + c.sd**2))
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    sd = np.sqrt(between**2 + one.sd**2)
    return np.array([(weight * norm.cdf(y, mean + shift * one.settled, sd)).sum() for y in at])


@pytest.mark.parametrize("row", range(len(ALL)))
def test_the_pool_is_that_of_brute_force(row: int) -> None:
    one, others = ALL[row], [c for c in ALL if c is not ALL[row]]
    at = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    assert brute(others, one, pooled(others, one).quantiles(at)) == pytest.approx(at, abs=3e-3)
