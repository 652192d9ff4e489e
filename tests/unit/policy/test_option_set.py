"""Options side by side: paired, judged like a comparison, and nothing gained by a name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.json_schemas import problems

import afterfall
from afterfall import OptionSet
from afterfall.case import Case
from afterfall.model.levers import open_levers
from afterfall.policy.endpoints import HARM, HOME, endpoints
from afterfall.policy.option_set import WORTH
from afterfall.policy.option_texts import OptionError, read_options
from afterfall.report.comparison.option_json import option_json
from afterfall.report.comparison.option_picture import options_chart, pictured
from afterfall.report.comparison.option_tables import option_grids, option_headline, option_notes, row_label, shown
from afterfall.report.comparison.option_verdicts import (
    ELSEWHERE,
    is_led,
    leader,
    moved,
    moves_elsewhere,
    outcome_named,
    verdicts,
)

SETTINGS = {"horizon": 12, "trajectories": 30, "seed": 5, "country": "brom"}
GIVEN = ["secure: detention-security=0.9", "programmes: programmes=0.8", "again: programmes=0.8"]


@pytest.fixture(scope="module")
def options(case: Case) -> OptionSet:
    return afterfall.compare_options(case, GIVEN, **SETTINGS)


def test_each_option_is_what_compare_gives(case: Case, options: OptionSet) -> None:
    alone = afterfall.compare(case, levers=["detention-security=0.9"], **SETTINGS)
    assert options.comparisons[0].differences == alone.differences
    secure = options.option("secure")
    for outcome in options.outcomes:
        if outcome.quantity in alone.differences:
            assert options.between(secure, 0, outcome) == alone.differences[outcome.quantity]


def test_two_names_of_one_policy_differ_in_nothing(options: OptionSet) -> None:
    one, other = options.option("programmes"), options.option("again")
    assert any(options.between(one, 0, o).mean != 0 for o in options.outcomes)
    for outcome in options.outcomes:
        assert not (options.values[outcome.quantity][one] - options.values[outcome.quantity][other]).any()


def test_differences_between_two_options_are_those_of_their_differences(options: OptionSet) -> None:
    for outcome in options.outcomes:
        direct = options.between(1, 2, outcome).mean
        assert direct == pytest.approx(options.between(1, 0, outcome).mean - options.between(2, 0, outcome).mean)


def test_the_best_have_no_regret_and_one_is_always_best(options: OptionSet) -> None:
    for outcome in options.judged:
        standings = options.standing(outcome)
        ahead = np.array(
            [
                [options.judged_differences(i, j, outcome) for j in range(len(options.names))]
                for i in range(len(options.names))
            ]
        )
        best = (ahead >= 0).all(axis=1)
        assert best.any(axis=0).all()
        for i, standing in enumerate(standings):
            assert standing.best == pytest.approx(best[i].mean())
            assert standing.regret == pytest.approx(np.maximum(-ahead[i], 0).max(axis=0).mean())
            assert standing.alone <= standing.best
    with pytest.raises(ValueError, match="better in neither direction"):
        options.standing(next(o for o in options.outcomes if o.direction == "neither"))


def test_an_option_that_is_worse_on_everything_is_dominated(options: OptionSet) -> None:
    """Values made up so that the last option is behind on every judged outcome."""
    values = {name: v.copy() for name, v in options.values.items()}
    for outcome in options.judged:
        values[outcome.quantity][3] = values[outcome.quantity].min(axis=0) - 1.0
        if outcome.direction == "less":
            values[outcome.quantity][3] = options.values[outcome.quantity].max(axis=0) + 1.0
    alive = {name: np.zeros_like(v) for name, v in options.deaths.items()}
    found = OptionSet(options.names, options.comparisons, values, alive).dominated()
    assert set(found["again"]) == {"now", "secure", "programmes"}
    assert "now" not in found or "again" not in found["now"]


def test_rows_that_cannot_matter_are_folded(options: OptionSet) -> None:
    rows = shown(options)
    assert 0 < len(rows) < len(options.outcomes)
    for outcome in rows:
        moves = max(abs(options.between(i, 0, outcome).mean) for i in (1, 2, 3)) >= WORTH
        assert moves or outcome.group == "harm"
    assert {o for o in options.outcomes if o.group == "harm"} <= set(rows), "rights have rows, changed or not"
    assert len([o for o in rows if o.group == "sources"]) <= 1
    assert f"{len(options.outcomes) - len(rows)} outcomes have no row" in " ".join(option_notes(options))


def test_tables_and_verdicts_name_every_option(options: OptionSet) -> None:
    words = " ".join(option_headline(options))
    assert all(f"{name}: " in words for name in options.names)
    for verdict in verdicts(options)[: len(options.names) - 1]:
        assert all(part in verdict for part in ("at risk and undetected", "Better:", "Worse:", "Cost:"))
        assert "Elsewhere:" in verdict or "People of other countries:" in verdict
    for table in option_grids(options):
        assert all(len(row) == len(table.columns) for section in table.sections for row in section)
    assert len(verdicts(options)) >= len(options.names)


def test_json_keeps_its_schema(options: OptionSet) -> None:
    made = option_json(options, "afterfall compare")
    assert problems(made) == []
    assert made["outcomes"]["in_programme"]["means"].keys() == set(options.names)


def test_a_picture_has_a_panel_for_each_outcome(options: OptionSet) -> None:
    made = json.dumps(options_chart(options, "afterfall compare").to_dict())
    assert len(pictured(options)) > 1
    for outcome in pictured(options):
        assert options.any.label(outcome.quantity) in made


def test_options_are_read_from_texts_and_files(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "more.toml"
    file.write_text(
        '[options.both]\ntitle = "Both"\nlevers = ["border=0.5", "programmes=0.4@arda"]\n', encoding="utf-8"
    )
    found = read_options(case, ["border=0.6", "now", str(file)], open_levers(), "brom")
    assert [one.name for one in found] == ["border=0.6", "now", "both"]
    assert found[0].policy.labels() == ("border=0.6 for brom from month 1",)
    assert found[1].policy.settings == ()
    assert found[2].policy.title == "Both"
    assert "programmes=0.4 for arda from month 1" in found[2].policy.labels()


def test_all_that_is_wrong_with_options_is_reported_together(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('[options.one]\nlever = ["border=0.5"]\n[options.two]\nlevers = ["bordr=0.5"]\n', encoding="utf-8")
    with pytest.raises(OptionError) as caught:
        read_options(case, ["x: border=2", "x: programmes=0.1", ":", str(file), tmp_path / "no.toml"], open_levers())
    text = str(caught.value)
    for part in ("expected 0 to 1", "expected NAME", "no such key", "bordr", "no.toml"):
        assert part in text, part
    with pytest.raises(OptionError, match="two options have the name 'x'"):
        read_options(case, ["x: border=0.5", "x: programmes=0.1"], open_levers())


def test_who_is_brought_home_in_sight_is_not_held_against_repatriation(options: OptionSet) -> None:
    """Made up: five people are brought home from custody, at risk and known, with two children; nothing is worse."""
    values = {name: np.repeat(v[:1], len(v), axis=0) for name, v in options.values.items()}
    for name, more in {"known_at_risk": 5, "returned_at_risk": 5, "repatriated": 5, "returned": 5}.items():
        values[name][1] += more
    values["detained"][1] -= 5
    values["held_minors"][1] -= 2
    alive = {name: np.zeros_like(v) for name, v in options.deaths.items()}
    found = OptionSet(options.names, options.comparisons, values, alive, options.spent)
    better, worse = moved(found, 1)
    assert [o.quantity for o in better] == ["held_minors"]
    assert worse == []
    assert options.names[1] not in found.dominated()


def test_returns_in_sight_and_unseen_are_apart() -> None:
    endpoint = {o.quantity: o.direction for o in HOME}
    assert endpoint["undetected"] == endpoint["self_returned"] == "less"
    for quantity in ("known_at_risk", "returned_at_risk", "repatriated", "deported", "returned", "under_assessment"):
        assert endpoint[quantity] == "neither", quantity


def test_those_known_and_those_undetected_are_those_at_risk(options: OptionSet) -> None:
    parts = options.values["known_at_risk"] + options.values["undetected"]
    assert np.array_equal(parts, options.values["returned_at_risk"])


def test_rights_are_always_among_the_outcomes() -> None:
    known = [*(o.quantity for o in HARM)]
    found = {o.quantity for o in endpoints(known)}
    assert {"held_minors", "died_in_custody", "condemned_so_far", "executed", "stateless"} <= found
    assert {"wrongly_flagged_so_far", "watched_harmless", "lost_citizenship", "killed_so_far"} <= found


def test_who_leads_is_the_same_in_verdict_table_and_regret(options: OptionSet) -> None:
    """Of options made up: one that is half a person ahead leads; one that is so by killing does not."""
    main = outcome_named(options, "undetected")
    number = options.any.trajectories
    people = np.repeat([[4.0], [4.0], [3.0], [4.0]], number, axis=1)
    for killed, led in ((0.0, True), (1.0, False)):
        dead = np.zeros((4, number))
        dead[2] = killed
        made = replace(
            options, values={**options.values, "undetected": people}, deaths={**options.deaths, "killed_so_far": dead}
        )
        regrets = [one.regret for one in made.standing(main)]
        assert is_led(made) is led
        assert (regrets == [1.0, 1.0, 0.0, 1.0]) is led
        lines = [line for line in verdicts(made) if line.startswith(("Fewest", "No option changes how many"))]
        assert lines == [line for line in lines if line.startswith(leader(made))]
        assert (f": {made.names[2]}, best in 100 of 100" in lines[0]) is led


def test_other_countries_are_named_in_a_verdict_only_where_the_table_has_a_row(options: OptionSet) -> None:
    table = next(one for one in option_grids(options) if one.title.startswith("People of all other countries"))
    rows = {row[0] for section in table.sections for row in section}
    for line, one in zip(verdicts(options), options.comparisons, strict=False):
        named = [q for q in ELSEWHERE if moves_elsewhere(one, q)]
        assert ("People of other countries" in line) == bool(named)
        assert all(row_label(options, outcome_named(options, q)) in rows for q in named)
