"""The track record that comes with the package, and what a brief of a day may know of it."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any

from afterfall.case import open_case
from afterfall.evaluate.core.outcomes import outcomes_hash, select
from afterfall.model import build
from afterfall.posterior import posterior_for
from afterfall.report.track_record.earlier_scores import PACKAGED, track_record
from afterfall.run import request_of

CASE = "isis-2017"
DATES = open_case(CASE).evaluation.record


def kept() -> dict[str, Any]:
    """The packaged record."""
    found: dict[str, Any] = json.loads(
        resources.files("afterfall.report.track_record").joinpath(PACKAGED).read_text(encoding="utf-8")
    )
    return found


def test_it_is_of_the_model_as_it_is() -> None:
    """Fails after a change of model or posteriors: ``python scripts/make_track_record.py`` makes it anew."""
    assert [one["as_of"] for one in kept()["dates"]] == [day.isoformat() for day in DATES]
    for one in kept()["dates"]:
        model = build(open_case(CASE, as_of=one["as_of"]), horizon=one["horizon_months"])
        request = request_of(model, trajectories=one["trajectories"], seed=one["seed"], posterior=posterior_for(model))
        assert (request.model_hash, str(request.draws)) == (one["model_hash"], one["draws"]), one["as_of"]


def test_it_was_scored_on_the_figures_as_they_are() -> None:
    """Fails after a change of later figures; the same command makes the record again."""
    whole = open_case(CASE, as_of=dt.date.max)
    for one in kept()["dates"]:
        day = dt.date.fromisoformat(one["as_of"])
        outcomes = select(whole, day, one["horizon_months"]).outcomes
        assert one["outcomes_hash"] == outcomes_hash(outcomes), day
        assert one["outcomes_hash"] != outcomes_hash(outcomes[1:])


def test_forecasts_from_later_days_are_left_out() -> None:
    found = track_record(CASE, dt.date(2016, 12, 31))
    assert found is not None
    assert {row.as_of for row in found.rows} == {day.isoformat() for day in DATES if day <= dt.date(2016, 12, 31)}
    assert track_record(CASE, DATES[0] - dt.timedelta(days=1)) is None
    assert track_record("tiny", dt.date(2020, 1, 1)) is None


def test_every_quantity_has_its_own_coverage() -> None:
    found = track_record(CASE, DATES[-1])
    assert found is not None
    for one in kept()["dates"]:
        rows = {row.quantity: row for row in found.rows if row.as_of == one["as_of"]}
        assert rows["all"].coverage90 == one["coverage"]["90"]
        for quantity, held in one["coverage_by_quantity"].items():
            assert rows[quantity].coverage90 == held["90"]
        assert len({row.coverage90 for row in rows.values() if row.coverage90 == row.coverage90}) > 1
