"""The record over several as-of dates: steps between dates, how a forecast moved, misses with a reason, the command."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell, shell  # noqa: F401

from afterfall.case import Case, cut
from afterfall.evaluate import Scores, score, select
from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.scoring_rules import crps, on_scale
from afterfall.evaluate.record.forecast_record import Track, missed_figures, step, track, why
from afterfall.model import build
from afterfall.report.track_record.record_json import track_json
from afterfall.report.track_record.record_page import RecordPictures, track_markdown
from afterfall.run import forecast

EARLIER, HORIZON = "2015-03-31", 15


@pytest.fixture(scope="module")
def earlier(later: Case) -> Scores:
    months = select(later, EARLIER, HORIZON).months
    model = build(cut(later, EARLIER), horizon=HORIZON, record_months=months)
    return score(forecast(model, trajectories=40, seed=7), later)


@pytest.fixture(scope="module")
def record(earlier: Scores, scores: Scores) -> Track:
    return track([scores, earlier], chosen_by=dt.date(2016, 8, 1))


def test_dates_stand_in_order_and_one_case_only(record: Track, scores: Scores) -> None:
    assert [one.run.as_of for one in record.scores] == [dt.date(2015, 3, 31), dt.date(2015, 6, 30)]
    assert record.day == dt.date(2016, 6, 30)
    other = replace(scores, run=replace(scores.run, request=replace(scores.run.request, case="other")))
    with pytest.raises(ValueError, match="one case"):
        track([scores, other])


def test_a_step_compares_common_figures_on_the_later_scale(earlier: Scores, scores: Scores) -> None:
    found = step(earlier, scores)
    common = [o for o in scores.scored.outcomes if o.figure in {e.figure for e in earlier.scored.outcomes}]
    assert found.skill.figures == len(common) > 0
    one = replace(common[0], offset=5.0)  # as if five had been published between the two dates
    old = next(o for o in earlier.scored.outcomes if o.figure == one.figure)
    assert old.offset != 5.0
    samples = earlier.forecast.counts(old)
    by_hand = crps(on_scale([one.value], 5.0), on_scale(samples[None, :], 5.0))[0]
    alone = replace(scores, scored=replace(scores.scored, outcomes=(one,)))
    assert step(earlier, alone).skill.baseline == pytest.approx(by_hand)


def test_a_forecast_against_itself_is_a_draw(scores: Scores) -> None:
    assert step(scores, scores).skill.skill == 0


def test_what_was_said_of_the_day_is_what_the_runs_say(record: Track) -> None:
    returned = next(one for one in record.forecast_changes if one.quantity == "returned")
    assert len(returned.as_of) == 2
    for scores, quantiles in zip(record.scores, returned.quantiles, strict=True):
        values = scores.run.quantity("returned").sel(month=scores.run.month(record.day)).values
        assert quantiles[2] == np.quantile(values, 0.5, method="inverted_cdf")


def test_every_miss_is_outside_and_says_why(record: Track) -> None:
    assert record.missed_figures
    for miss in record.missed_figures:
        scores = next(s for s in record.scores if s.run.as_of == miss.as_of)
        assert scores.scored.marks["model"].inside90[miss.row] == 0
        assert miss.why == why(scores, miss.row)
    clusters = [scores.scored.outcomes[m.row].cluster for scores in record.scores for m in missed_figures(scores)]
    assert len(clusters) == len(record.missed_figures)


def test_a_figure_below_the_public_one_is_told_as_such(scores: Scores) -> None:
    row = next(i for i, o in enumerate(scores.scored.outcomes) if o.offset)
    outcomes = list(scores.scored.outcomes)
    outcomes[row] = replace(outcomes[row], value=(outcomes[row].offset or 0) - 1)
    assert why(replace(scores, scored=replace(scores.scored, outcomes=tuple(outcomes))), row).startswith("Below the")


def test_a_published_stock_is_not_called_unpublished(scores: Scores) -> None:
    unpublished = "No such figure was published then"
    row = next(i for i, o in enumerate(scores.scored.outcomes) if o.offset is None and o.place != "WLD")
    baseline = replace(scores.scored.baseline, inside90=np.ones(len(scores.scored.outcomes)))
    for last, expected in ((None, True), (130.0, False)):
        outcomes = list(scores.scored.outcomes)
        outcomes[row] = replace(outcomes[row], last_published=last)
        marks = {**scores.scored.marks, **dict.fromkeys(scores.scored.measured_against, baseline)}
        held = replace(scores, scored=replace(scores.scored, outcomes=tuple(outcomes), marks=marks))
        assert why(held, row).startswith(unpublished) == expected


def test_the_page_has_every_date_and_prints_worse_in_bold(record: Track) -> None:
    page = track_markdown(record, "afterfall track-record tiny", RecordPictures("a.svg", "b.svg", "c.svg"))
    for scores in record.scores:
        assert scores.run.request.hash in page
    assert all(picture in page for picture in ("](a.svg)", "](b.svg)", "](c.svg)"))
    losing = replace(record.scores[0].overall[0], skill=Skill(-0.2, -0.3, -0.1, 1.2, 1.0, 20, 9, 8, 0.01))
    lost = replace(record.scores[0], overall=(losing, record.scores[0].overall[1]))
    again = track_markdown(replace(record, scores=(lost,)), "x", RecordPictures("a.svg", "b.svg"))
    assert "| **worse** | -0.20 (-0.30 to -0.10) |" in again
    assert "**worse**" not in page  # two dates of one small case are too few to judge
    assert "About groups, never about persons." in page


def test_the_page_says_how_many_strongholds_were_expected_to_fall(record: Track) -> None:
    page = track_markdown(record, "afterfall track-record tiny", RecordPictures("track-record.svg"))
    section = page.split("## Strongholds")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "2015" in line]
    some = [one for one in record.scores if one.falls.holdings]
    assert len(rows) == len(some) == section.count("the forecast expected")
    for row, one in zip(rows, some, strict=True):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1] == f"{one.falls.brier:.2f}"
        assert cells[2:] == [
            f"[{b.brier:.2f}]" if b is one.falls.opponent else f"{b.brier:.2f}" for b in one.falls.baselines
        ]


def test_a_record_without_strongholds_has_no_such_section(record: Track) -> None:
    none = replace(
        record, scores=tuple(replace(s, falls=replace(s.falls, holdings=(), count=None)) for s in record.scores)
    )
    assert "## Strongholds" not in track_markdown(
        none, "afterfall track-record tiny", RecordPictures("track-record.svg")
    )


def test_the_object_has_no_nan(record: Track) -> None:
    content = track_json(record, "x")
    assert problems(content) == []
    assert [d["as_of"] for d in content["dates"]] == ["2015-03-31", "2015-06-30"]
    assert content["dates"][0]["chosen_on"] is True
    assert content["steps"][0]["skill"]["figures"] == record.steps[0].skill.figures


def test_the_command_writes_page_object_and_pictures(shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    ask = ("track-record", "tiny", "--as-of", "2015-06-30", "--horizon", "12", "--trajectories", "20")
    outcome = shell(*ask, "--run-dir", str(tmp_path / "runs"), "--out", str(tmp_path / "out"), "--json")
    assert outcome.code == 0
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    pictures = [f"track-record{part}.{kind}" for part in ("", "-country", "-reliability") for kind in ("png", "svg")]
    assert names == sorted(["track-record.json", "track-record.md", *pictures])
    assert json.loads(outcome.out) == json.loads((tmp_path / "out" / "track-record.json").read_text())
    assert json.loads(outcome.out)["dates"][0]["run_sha256"]


def test_a_country_that_the_case_lacks_is_refused(shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    ask = ("track-record", "tiny", "--as-of", "2015-06-30", "--horizon", "12", "--trajectories", "20")
    outcome = shell(*ask, "--run-dir", str(tmp_path / "runs"), "--out", str(tmp_path / "out"), "--country", "Narnia")
    assert outcome.code == 2
    assert "Narnia" in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_day_that_is_none_is_refused(shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    outcome = shell("track-record", "tiny", "--as-of", "2015-13", "--out", str(tmp_path / "out"))
    assert outcome.code == 2
    assert not (tmp_path / "out").exists()
