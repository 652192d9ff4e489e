"""The regression: quantiles and positions are each other's inverse, it learns what was planted, and sees no future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.made_up.conflict_records import made_record

from afterfall.conflict import ConflictRecord, Estimate, estimate
from afterfall.conflict.conflict_samplers import deaths_at, quantiles, randomised_pit
from afterfall.conflict.ensemble import BANDS, WEIGHTS
from afterfall.conflict.hurdle import fit_hurdle, leads_for, predict_hurdle

SHAPE = np.linspace(-2.0, 3.0, 201)
CEILING = 9.0


def test_leads_to_learn_from() -> None:
    assert leads_for(12) == (3, 8, 14)
    assert leads_for(30) == (3, 8, 14, 26, 30)
    assert leads_for(74) == (3, 8, 14, 26, 44, 74)


def test_nobody_dies_as_often_as_said() -> None:
    u = (np.arange(1000) + 0.5) / 1000
    drawn = np.array([deaths_at(v, 0.3, 1.0, 0.8, SHAPE, CEILING) for v in u])
    assert (drawn == 0).mean() == pytest.approx(0.7)
    assert (np.diff(drawn) >= 0).all()
    assert drawn.max() == round(np.exp(1.0 + 0.8 * np.interp(0.9983, np.linspace(0, 1, 201), SHAPE)))


def test_the_ceiling_holds() -> None:
    assert deaths_at(0.999999, 0.9, 8.0, 2.0, SHAPE, CEILING) == round(np.exp(CEILING))


@pytest.mark.parametrize(("error", "fine"), [(0.0, True), (0.25, False)])
def test_positions_of_draws_are_uniform(error: float, fine: bool) -> None:
    """The twin reads the draws with a level that is off, and must be caught."""
    rng = np.random.default_rng(5)
    n = 4000
    chance, level, spread = np.full((n, 1), 0.8), rng.normal(2.0, 1.0, (n, 1)), np.full((n, 1), 0.7)
    group, shape = np.zeros((n, 1), dtype=np.int32), SHAPE[None]
    drawn = np.array(
        [[deaths_at(u, 0.8, float(m), 0.7, SHAPE, CEILING)] for u, m in zip(rng.random(n), level[:, 0], strict=True)]
    )
    u = randomised_pit(drawn, rng.random((n, 1)), chance, level + error, spread, group, shape)
    assert bool(stats.kstest(u.ravel(), "uniform").pvalue > 1e-6) is fine


def test_quantiles_are_those_of_single_draws(fitted: Estimate) -> None:
    predicted, hurdle = fitted.predicted, fitted.hurdle
    u = np.array([0.1, 0.6, 0.97])
    many = quantiles(
        u, predicted.chance, predicted.level, predicted.spread, predicted.group, hurdle.shape, hurdle.ceiling
    )
    c, h = 7, 4
    one = deaths_at(
        0.97,
        predicted.chance[c, h],
        predicted.level[c, h],
        predicted.spread[c, h],
        hurdle.shape[predicted.group[c, h]],
        hurdle.ceiling,
    )
    assert many[c, h, 2] == one


def test_a_violent_country_is_told_from_a_quiet_one(record: ConflictRecord, fitted: Estimate) -> None:
    recent = record.deaths[:, -24:].mean(axis=1)
    violent, quiet = int(np.argmax(recent)), int(np.argmin(recent))
    assert fitted.predicted.chance[violent, 0] > 0.8 > 0.3 > fitted.predicted.chance[quiet, 0]
    assert fitted.predicted.level[violent, 0] > fitted.predicted.level[quiet, 0]


def test_chances_of_held_back_months_beat_each_country_s_own_frequency() -> None:
    """Out of sample: right on the whole, and sharper than the share of past months with deaths."""
    whole = made_record(11)
    predicted, own, came = [], [], []
    for back in range(12, 61, 12):
        cut = whole.until(whole.last - back)
        predicted.append(predict_hurdle(fit_hurdle(cut, (3, 8, 14)), cut, range(1, 13)).chance)
        own.append(np.repeat((cut.deaths > 0).mean(axis=1)[:, None], 12, axis=1))
        came.append(whole.deaths[:, cut.deaths.shape[1] :][:, :12] > 0)
    p, q, y = (np.concatenate(part) for part in (predicted, own, came))
    assert abs(p.mean() - y.mean()) < 0.08
    assert ((p - y) ** 2).mean() < 0.9 * ((q - y) ** 2).mean()


def test_the_future_changes_no_bit(record: ConflictRecord) -> None:
    cut = record.until(record.last - 24)
    altered = record.deaths.copy()
    altered[:, -24:] = 10_000.0
    again = replace(record, deaths=altered).until(record.last - 24)
    one, other = estimate(cut, (1, 6, 12)), estimate(again, (1, 6, 12))
    assert np.array_equal(one.draws(50), other.draws(50))
    assert one.ensemble == other.ensemble
    shorter = estimate(record.until(record.last - 25), (1, 6, 12))
    assert not np.array_equal(one.draws(50), shorter.draws(50))


def test_draws_mix_by_weight(fitted: Estimate) -> None:
    draws = fitted.draws(100)
    own = round(100 * fitted.ensemble.weight(1))
    assert draws.shape == (len(fitted.record.countries), 12, 100)
    if own:
        assert np.isin(draws[:, 0, :own], fitted.recent).all()


def test_weights_and_correlation_are_in_their_range(fitted: Estimate) -> None:
    ensemble = fitted.ensemble
    assert len(ensemble.weights) == len(BANDS) + 1
    assert set(ensemble.weights) <= set(WEIGHTS)
    assert 0.0 < ensemble.share < 1.0
    assert len(ensemble.origins) == 5
    assert max(ensemble.origins) + 12 <= fitted.record.last


def test_months_hang_together_where_they_do() -> None:
    slow = estimate(made_record(3, memory=0.97), range(1, 13)).ensemble
    none = estimate(made_record(3, memory=0.0), range(1, 13)).ensemble
    assert slow.share * slow.memory**6 > none.share * none.memory**6 + 0.05


def test_too_short_a_record_is_refused(record: ConflictRecord) -> None:
    with pytest.raises(ValueError, match="cannot fit the record of violence"):
        fit_hurdle(record.until(record.first + 60), (3, 8, 14))
