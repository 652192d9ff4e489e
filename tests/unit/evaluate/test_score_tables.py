"""What is printed of scores: losses as losses, largest misses first, small counts hidden, JSON whole."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.json_schemas import problems

from afterfall.evaluate import Scores
from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.verdict import TOO_FEW, verdict
from afterfall.report.kit.saving import save_chart
from afterfall.report.kit.text_table import TextTable
from afterfall.report.scores.score_json import score_json
from afterfall.report.scores.score_picture import predicted_and_observed, score_words
from afterfall.report.scores.score_tables import by_miss, score_grids, score_headline

PLAIN = Skill(0.2, 0.1, 0.3, 1.0, 1.25, 10, 7, 5, 0.02)


@pytest.fixture(scope="module")
def content(scores: Scores) -> dict[str, Any]:
    return score_json(scores)


def text(grids: tuple[TextTable, ...]) -> str:
    return "\n".join(" | ".join(row) for grid in grids for section in grid.sections for row in section)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({}, "better"),
        ({"low90": -0.1}, "no clear difference"),
        ({"skill": -0.2, "low90": -0.3, "high90": -0.1}, "worse"),
        ({"skill": -0.2, "low90": -0.3}, "no clear difference"),
        ({"independent": 4}, "too few to judge"),
        ({"skill": -0.2, "low90": -0.3, "high90": -0.1, "independent": 4}, "too few to judge"),
        ({"skill": -math.inf, "low90": -math.inf, "high90": -math.inf}, "worse"),
        ({"skill": math.nan, "independent": 0}, "too few to judge"),
    ],
)
def test_worse_is_printed_as_worse(changed: dict[str, float], word: str) -> None:
    assert verdict(replace(PLAIN, **changed)) == word


def test_the_headline_says_worse(scores: Scores) -> None:
    known, late = scores.overall
    lost = replace(known, skill=replace(PLAIN, skill=-0.4, low90=-0.6, high90=-0.2))
    assert "worse (skill -0.40" in score_headline(replace(scores, overall=(lost, late)))[2]


def test_the_worst_miss_comes_first(scores: Scores) -> None:
    first = by_miss(scores)[0]
    assert scores.scored.outcomes[first].figure == "miss"
    missed_figures = next(g for g in score_grids(scores) if "lie outside the 90% interval" in g.title)
    assert missed_figures.sections[0][0][:4] == ("Arda", "returned so far", "Jan 2016", "5,000")


def test_small_published_counts_are_not_told(scores: Scores, content: dict[str, Any]) -> None:
    row = next(line for line in text(score_grids(scores)).splitlines() if line.startswith("Cern | killed so far"))
    assert row.split(" | ")[3] == "<5"
    few = next(s for s in content["scores"] if s["figure"] == "few")
    assert (few["observed"], few["observed_text"]) == (None, "<5")


def test_every_table_has_a_cell_a_column(scores: Scores) -> None:
    grids = score_grids(scores)
    assert len(grids) == 8
    for grid in grids:
        assert all(len(row) == len(grid.columns) for section in grid.sections for row in section)


def test_strongholds_stand_against_every_constant_hazard(scores: Scores, content: dict[str, Any]) -> None:
    assert score_headline(scores)[-1].endswith("; it fell.")
    (hazards,) = (g for g in score_grids(scores) if "Constant hazards by window" in g.title)
    (model,), rows = hazards.sections
    assert model[0] == "model"
    assert [row[0].split(" (")[0] for row in rows] == [
        f"constant hazard of the last {w} months" for w in (3, 6, 12, 24)
    ]
    best = min(scores.falls.baselines, key=lambda b: b.brier)
    assert [row[0] for row in rows if "opponent" in row[0]] == [
        f"constant hazard of the last {best.window} months (opponent)"
    ]
    found = content["strongholds"]
    assert found["opponent_months"] == best.window
    assert [one["brier"] for one in found["constant_hazards"]] == [b.brier for b in scores.falls.baselines]
    assert found["count"]["holdings"] == 1


def test_one_campaign_is_one_cluster_and_decides_nothing(scores: Scores) -> None:
    fall = scores.falls.holdings[0]
    skill = scores.falls_skill
    assert (skill.figures, skill.clusters) == (1, 1)
    assert math.isnan(skill.low90)
    assert skill.skill == pytest.approx(1 - fall.brier / scores.falls.opponent.brier)
    (table,) = (g for g in score_grids(scores) if g.title.startswith("When strongholds fell"))
    assert f"{TOO_FEW} against the best constant hazard" in table.title


def test_json_holds_what_was_promised(scores: Scores, content: dict[str, Any]) -> None:
    again = json.loads(json.dumps(content, allow_nan=False))
    assert problems(content) == []
    assert set(again["coverage"]) == {"50", "90"}
    parts = {"all", "hindsight", "falls", "splits", "by_quantity", "all_against_regression", "model_alone"}
    parts.add("model_alone_against_regression")
    assert set(again["skill"]) == parts
    assert {"skill", "low90", "high90"} <= set(again["skill"]["all"])
    assert len(again["scores"]) == len(scores.scored.outcomes) == again["figures"]["scored"]
    assert set(again["baseline"]["quantities"]) == {"returned", "killed_so_far", "detained", "in_theatre"}
    assert again["scores"][0]["model"]["crps"] == pytest.approx(scores.scored.marks["model"].crps[0])
    assert again["holdings"][0]["holding"] == "harbour"


def test_the_picture_shows_each_cluster_and_can_be_drawn(scores: Scores, tmp_path: Path) -> None:
    chart = predicted_and_observed(scores)
    drawn = json.dumps(chart.to_dict())
    for words in ("Arda", "killed so far, Jan 2016", "Against the baselines", "<5"):
        assert words in drawn
    svg, png = save_chart(chart, tmp_path / "scores", score_words(scores))
    assert svg.read_text().count('role="img"') == 1
    assert png.read_bytes().startswith(b"\x89PNG")
