"""Tables, JSON and picture of a comparison show the same, and never too much."""

import json
from dataclasses import replace

from tests.json_schemas import problems

from afterfall.policy import Comparison
from afterfall.policy.paired_differences import Difference
from afterfall.report.comparison.comparison_json import comparison_json
from afterfall.report.comparison.comparison_picture import comparison_words, paired_differences
from afterfall.report.comparison.comparison_tables import (
    better_words,
    comparison_grids,
    comparison_headline,
    comparison_notes,
    same_words,
)
from afterfall.report.kit.number_formats import signed


def a_difference(prob_better: float | None, prob_same: float = 0.0) -> Difference:
    return Difference(-1, -1, -2, 0, 3, 2, prob_better, prob_same, "less", 0.9, -1, 0.1, 50)


def test_no_words_are_certain() -> None:
    assert better_words(a_difference(0.9999)) == ">99 in 100"
    assert better_words(a_difference(0.0001)) == "<1 in 100"
    assert better_words(a_difference(0.42)) == "42 in 100"
    assert better_words(a_difference(0.0, 1.0)) == "never differs"
    assert better_words(a_difference(None)) == "–"


def test_what_differs_once_in_a_while_is_not_the_same() -> None:
    assert same_words(a_difference(0.5, 0.996)) == ">99 in 100"
    assert same_words(a_difference(0.0, 1.0)) == "100 in 100"
    assert same_words(a_difference(0.5, 0.3)) == "30 in 100"


def test_signs() -> None:
    assert (signed(1.234), signed(-0.5), signed(0.001), signed(0)) == ("+1.2", "-0.5", "0", "0")


def test_tables_hold_what_was_asked(found: Comparison) -> None:
    grids = comparison_grids(found)
    text = str(grids)
    for word in ("died in camps", "stateless", "wrongly flagged", "in third countries", "rho 0.5", "assumption"):
        assert word in text, word
    assert "certain" not in text.replace("uncertain", "")
    assert all(len(row) == len(g.columns) for g in grids for section in g.sections for row in section)
    assert "Brom" in comparison_headline(found)[0]
    assert "imprisoned at home (since)" in text, "a counter beside the stock of like name"
    assert "imprisoned (since)" not in text
    assert comparison_notes(found)


def test_json_has_its_keys_and_no_nan(found: Comparison) -> None:
    content = comparison_json(found, "afterfall compare tiny")
    assert problems(content) == []
    text = json.dumps(content, allow_nan=False)
    assert json.loads(text)["trajectories"] == 30
    needed = {"mean", "median", "low90", "high90", "judged", "prob_better", "direction"}
    assert all(needed <= set(d) for d in content["differences"].values())
    assert {"differences", "costs", "side_effects", "rho", "others", "evidence", "a", "b"} <= set(content)
    assert content["rho"].keys() == {"0", "0.5", "1"}
    assert {s["lever"] for s in content["side_effects"]} == {"border", "programmes"}


def test_picture_draws_every_harm(found: Comparison) -> None:
    drawn = json.dumps(paired_differences(found, "afterfall compare").to_dict())
    for word in ("stateless", "died in camps and prisons abroad", "wrongly flagged"):
        assert word in drawn
    assert "at risk and undetected at home" in comparison_words(found)
    assert "; the same: " in comparison_words(found)


def test_others_are_told_only_where_it_matters(found: Comparison) -> None:
    """A future in two hundred in which one more stranger relapsed is no row."""
    far = {name: replace(one, mean=0.0 if name != "remain" else 0.06) for name, one in found.others.items()}
    others = next(g for g in comparison_grids(replace(found, others=far)) if "other countries" in g.title)
    assert [row[0] for section in others.sections for row in section] == ["stay in the theatre after the fall"]
    nobody = replace(found, others={name: replace(one, mean=0.0) for name, one in found.others.items()})
    assert "no outcome differs by as much" in str(comparison_grids(nobody))
