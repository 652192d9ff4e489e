"""Tables: every row is there, adds up, and says what must be known to read it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.made_up.outlooks import made_up

from afterfall.case import open_case
from afterfall.model import Model, build
from afterfall.model.observation.data_usage import data_usage
from afterfall.report.forecast.outlook import Fall
from afterfall.report.forecast.outlook_tables import (
    MEANS_ADD,
    headline,
    month_range,
    notes,
    outlook_grids,
)
from afterfall.report.forecast.stronghold_timeline import stronghold_timeline
from afterfall.report.model.case_counts import case_grid
from afterfall.report.model.model_tables import model_grids


@pytest.fixture(scope="module")
def model() -> Model:
    return build(open_case("tiny"), horizon=1)


def test_where_people_are_lists_pathways_by_letter_then_fates_then_everyone() -> None:
    stocks = outlook_grids(made_up())[0]
    pathways, fates, everyone = stocks.sections
    assert [row[0] for row in pathways] == list("DIROA")
    assert [row[1] for row in fates] == ["killed", "detained in or near the theatre", "returned, at risk"]
    assert [row[1] for row in everyone] == ["everyone, with those born there"]
    assert pathways[0][5:] == ("5,200", "2,300–12,000")


def test_every_row_has_a_cell_a_column(model: Model) -> None:
    for grid in (*outlook_grids(made_up()), *model_grids(model), case_grid(model.case, model)):
        assert {len(row) for section in grid.sections for row in section} == {len(grid.columns)}


def test_the_line_of_everyone_adds_up_the_mean_shares() -> None:
    outlook = made_up()
    stocks = (*outlook.pathways, *outlook.fates)
    added = sum(line.then.mean_share for line in stocks)
    assert outlook_grids(outlook)[0].sections[2][0][4] == f"{100 * added:.0f}%"


@pytest.mark.parametrize(
    ("low", "high", "text"), [(3, 17, "3–17"), (3, math.inf, "3 or later"), (math.inf, math.inf, "later")]
)
def test_a_fall_beyond_the_horizon_is_later(low: float, high: float, text: str) -> None:
    assert month_range(Fall("x", "X", 0.5, math.inf, low, high)) == text


def test_strongholds_show_their_chances_and_who_attacks() -> None:
    by = {6: 0.5, 12: 0.8, 24: 0.95}
    known = Fall("mosul", "Mosul", 0.99, 6.0, 2.0, 19.0, by=by, operation="Iraqi forces")
    outlook = replace(made_up(), falls=(known, Fall("rawa", "Rawa", 1.0, 9.0, 3.0, 30.0, by={6: 0.0, 12: 0.001})))
    table = outlook_grids(outlook)[2]
    assert [column.heading for column in table.columns][1:5] == [f"within {m} months" for m in (6, 12, 24, 60)]
    assert table.sections[0][0] == ("Mosul (attacked by Iraqi forces)", "50", "80", "95", "99", "6", "2–19")
    assert table.sections[0][1] == ("Rawa", "none", "<1", "–", "all", "9", "3–30")
    drawn = stronghold_timeline(outlook)
    assert drawn.index("Mosul") < drawn.index("Rawa")
    assert drawn.count('width="9.0"') == 1, "one square for the one operation under way"


def test_notes_say_what_the_numbers_rest_on() -> None:
    outlook = made_up()
    text = "\n".join(notes(outlook))
    assert MEANS_ADD in text
    assert "61 of the 104 parameters" in text
    assert "not fitted" in text
    assert "12 people a month wait or are turned away on average, 87 in the worst month" in text
    assert "hindsight" not in text
    assert "At least one" not in text
    late = replace(outlook, fates=(replace(outlook.fates[0], hindsight=True),))
    assert "hindsight" in "\n".join(notes(late))
    assert outlook_grids(late)[0].sections[1][0][1] == "killed *"


def test_a_rare_pathway_is_told_by_its_chance() -> None:
    outlook = made_up(scale=1 / 600)
    rare = outlook.pathways[-1]
    assert 0.01 < rare.anyone < 0.5
    assert f"“sent to attack” on 13 Feb 2022: {100 * rare.anyone:.0f} in 100." in "\n".join(notes(outlook))


def test_a_country_has_no_strongholds_and_says_so() -> None:
    outlook = made_up("CAN")
    assert len(outlook_grids(outlook)) == 2
    assert any("leave out --country" in note for note in notes(outlook))
    assert headline(outlook)[0].endswith("Canada")


def test_the_model_is_shown_whole(model: Model) -> None:
    grids = model_grids(model)
    rows = {grid.title: [row for section in grid.sections for row in section] for grid in grids}
    moves = [title for title in rows if title.endswith("transitions")]
    assert sum(len(rows[title]) for title in moves) == len(model.transitions)
    assert len(rows[grids[0].title]) == len(model.states)
    named, priors, read = (rows[grid.title] for grid in grids[-3:])
    assert [row[0].removesuffix(" *") for row in named] == [q.name for q in model.quantities]
    assert [row[0] for row in priors] == [p.name for p in model.parameters]
    uses = data_usage(model.case)
    assert [(row[0], row[1]) for row in read] == [(r.record, r.kind) for r in uses]
    assert [row[4] for row in read] == [r.fit or "–" for r in uses]
    assert {"–"} < {row[4] for row in read}


def test_a_prior_names_its_source_or_says_uninformed(model: Model) -> None:
    rows = {row[0]: row for row in model_grids(model)[-2].sections[0]}
    for prior in model.parameters:
        if prior.uninformed:
            assert rows[prior.name][5] == "uninformed"
        elif prior.source:
            assert rows[prior.name][5] == model.case.source(prior.source).title
            assert rows[prior.name][4] == prior.grade
        else:
            assert rows[prior.name][5] == prior.note != ""
    assert {p.uninformed for p in model.parameters} == {True, False}
