"""People sent abroad: what is expected before the as-of date meets what is drawn on it."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.attack.exposure import ABROAD, HOME, _people_before, history_shape
from afterfall.case import open_case
from afterfall.model import build
from afterfall.run import forecast
from afterfall.run.presence import by_origin

NUMBER = 400


def test_the_expected_stock_at_month_0_is_the_mean_of_the_drawn_stock() -> None:
    model = build(open_case("tiny"), horizon=1)
    run = forecast(model, trajectories=NUMBER, seed=1, draws="prior")
    shape, before = history_shape(model), _people_before(run, model)
    for name in (HOME, ABROAD):
        drawn = by_origin(run, [name], model.origins)[:, 0].sum(axis=1)
        expected = (before * shape[name][-1]).sum(axis=1)
        error = (drawn - expected).std() / np.sqrt(NUMBER)
        assert drawn.mean() == pytest.approx(expected.mean(), rel=0.1, abs=3 * error)
