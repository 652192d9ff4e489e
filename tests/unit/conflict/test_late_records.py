"""A country whose record of conflict begins late: what is unknown is not read as months without deaths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.conflict_records import made_record

from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.conflict.ensemble import recent
from afterfall.conflict.hurdle import fit_hurdle, predict_hurdle
from afterfall.conflict.own_history import own_history

KNOWN = 4


@pytest.fixture(scope="module")
def late() -> tuple[ConflictRecord, ConflictRecord, int]:
    """A record, the same with the most violent country unknown but for its last months, and that country."""
    whole = made_record()
    country = int(np.argmax((whole.deaths[:, -KNOWN:] > 0).sum(axis=1) * 1e6 + whole.deaths.sum(axis=1)))
    deaths = np.array(whole.deaths)
    deaths[country, :-KNOWN] = np.nan
    return whole, replace(whole, deaths=deaths), country


def test_unknown_months_take_the_known_ones(late: tuple[ConflictRecord, ConflictRecord, int]) -> None:
    whole, cut, country = late
    known = whole.deaths[country, -KNOWN:]
    assert set(recent(cut)[country]) == set(known)
    assert own_history(cut, 120)[country].mean() == pytest.approx(known.mean(), rel=0.05)
    others = np.arange(len(cut.countries)) != country
    assert np.array_equal(recent(cut)[others], recent(whole)[others])


def test_a_late_country_ranks_by_what_is_known_of_it(late: tuple[ConflictRecord, ConflictRecord, int]) -> None:
    whole, cut, country = late
    hurdle = fit_hurdle(whole, (3,))
    chance = predict_hurdle(hurdle, cut, (3,)).chance[:, 0]
    assert chance[country] > np.median(chance)
    assert chance[country] == pytest.approx(predict_hurdle(hurdle, whole, (3,)).chance[country, 0], abs=0.3)


def test_a_country_that_is_no_more_has_no_conflict(late: tuple[ConflictRecord, ConflictRecord, int]) -> None:
    whole, _, country = late
    deaths = np.array(whole.deaths)
    deaths[country, -KNOWN:] = np.nan
    ended = replace(whole, deaths=deaths)
    assert recent(ended)[country, :KNOWN].max() == 0
    assert predict_hurdle(fit_hurdle(whole, (3,)), ended, (3,)).chance[country, 0] == 0
