"""Every published figure of a country is listed, with what the start and the fit do with it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from tests.json_schemas import problems
from tests.made_up.figures import figure

import afterfall
from afterfall.case import Case, open_case
from afterfall.cli.output import plain_text
from afterfall.model import Model, build
from afterfall.report.explain.figure_account import FigureAccount, figure_accounts
from afterfall.report.explain.figure_tables import accounts_json, figure_grids, published_words, short, used_words
from afterfall.report.explain.why_json import why_json

SURVEY = "lesson-survey"
COPY = "another copy of the same report family"


@pytest.fixture(scope="module")
def isis() -> Model:
    return build(open_case("isis-2017"), horizon=1)


def by_name(model: Model, origin: str | None) -> dict[str, FigureAccount]:
    return {a.figure.figure: a for a in figure_accounts(model, origin).own}


def known(*added: dict[str, object]) -> Model:
    """The small case with more figures of arda, public by its as-of date."""
    case: Case = open_case("tiny")
    plain = {"published": "2015-06", "refers_to": "2015-05", "source": SURVEY}
    figures = tuple(figure(**{**plain, **one}) for one in added)  # type: ignore[arg-type]
    return build(replace(case, figures=(*case.figures, *figures)), horizon=1)


@pytest.mark.parametrize("origin", ["CAN", "FRA", "TUN", None])
def test_every_figure_public_by_the_as_of_date_is_listed_once(isis: Model, origin: str | None) -> None:
    listed = [a.figure.figure for a in figure_accounts(isis, origin).own]
    held = [f.figure for f in isis.case.figures if f.place == (origin or "WLD")]
    assert sorted(listed) == sorted(held)
    assert all(a.figure.published.last_day <= isis.case.as_of for a in figure_accounts(isis, origin).own)


def test_both_stocks_of_one_official_source_are_visibly_read(isis: Model) -> None:
    found = by_name(isis, "CAN")
    there, everywhere = found["in-theatre-can-2016-02-23"], found["in-theatre-can-2016-02-23-2"]
    assert (there.figure.value, everywhere.figure.value) == (100, 180)
    assert there.source == everywhere.source
    for one in (there, everywhere):
        assert one.start.used
        assert f"weight {one.start.weight:.2f}" in used_words(one)


def test_what_is_not_read_has_its_reason_and_what_only_the_fit_reads_says_both(isis: Model) -> None:
    for origin in ("CAN", "FRA", "BEL", "GBR"):
        for one in by_name(isis, origin).values():
            words = used_words(one)
            if one.start.used or one.fit.used or one.other_use:
                assert "weight" in words or "read for" in words
            else:
                assert words.startswith("not read: ")
                assert len(words) > len("not read: ")
            if one.fit.used and not one.start.used:
                assert short(one.start_reason) in words
                assert f"fit: weight {one.fit.weight:.2f}" in words


def test_a_second_copy_of_one_count_is_not_called_old(isis: Model) -> None:
    copies = [a for o in isis.view.named for a in by_name(isis, o).values() if a.fit.reason == COPY]
    assert copies
    assert {one.start.reason for one in copies} == {COPY}


def test_figures_of_groups_that_contain_a_country_are_apart(isis: Model) -> None:
    of_france, of_canada = figure_accounts(isis, "FRA"), figure_accounts(isis, "CAN")
    places = {a.figure.place for a in of_france.wider} | {u.place for u in of_france.unread}
    assert {"XEU", "WLD"} <= places
    assert "XEU" not in {a.figure.place for a in of_canada.wider} | {u.place for u in of_canada.unread}
    assert all(a.used for a in of_france.wider)
    assert not {a.figure.place for a in of_france.own} - {"FRA"}


def test_tables_fit_in_eighty_columns_but_for_addresses(isis: Model) -> None:
    for origin in ("CAN", "FRA", "RUS", None):
        for grid in figure_grids(figure_accounts(isis, origin)):
            long = [line for line in plain_text(grid).splitlines() if len(line) > 80]
            assert all(line.startswith("http") for line in long), long


def test_each_table_is_of_one_quantity_the_newest_first(isis: Model) -> None:
    accounts = figure_accounts(isis, "BEL")
    quantities = [a.figure.quantity for a in accounts.own]
    assert quantities == sorted(quantities, key=quantities.index)
    tables = [g for g in figure_grids(accounts) if g.columns[0].heading == "as of" and "groups" not in g.title]
    assert len(tables) == len(set(quantities))
    assert sum(len(g.sections[0]) for g in tables) == len(accounts.own)
    days = [a.figure.refers_to.last_day for a in accounts.own if a.figure.quantity == "in_theatre"]
    assert days == sorted(days, reverse=True)


def test_a_number_is_shown_with_what_rounding_leaves_open(isis: Model) -> None:
    found = by_name(isis, "CAN")
    assert published_words(found["travelled-can-2015-01"].start) == "100 (90–110)"
    assert published_words(found["in-theatre-can-2014-01-2"].start) == "at least 130"
    assert published_words(found["in-theatre-can-2014-10-08"].start) == "130–145"


def test_two_totals_far_apart_cannot_both_be_right_and_the_start_mixes_them() -> None:
    model = known({"name": "arda-other", "quantity": "travelled", "value": 900.0, "family": "other"})
    accounts = figure_accounts(model, "arda")
    found = next(c for c in accounts.contradictions if c.read_as == "total")
    people, weight = next((n, w) for family, n, w in found.components if family == "other")
    text = " ".join("\n".join(map(plain_text, figure_grids(accounts))).split())
    assert "They cannot all be right; the start mixes them." in text
    source = next(i for i, name in enumerate(dict.fromkeys(a.figure.source for a in accounts.own), 1) if name == SURVEY)
    assert re.search(rf"{float(f'{people:.3g}'):,.0f} \[{source}\] with weight {weight:.2f}", text)


def test_figures_that_agree_are_not_flagged() -> None:
    accounts = figure_accounts(known(), "arda")
    assert accounts.contradictions == ()
    assert not any("contradict" in column.heading for g in figure_grids(accounts) for column in g.columns)


def test_parts_that_do_not_add_up_to_the_total_of_a_country_are_flagged(isis: Model) -> None:
    flagged = {o for o in isis.view.named if any(c.read_as == "parts" for c in figure_accounts(isis, o).contradictions)}
    for origin in flagged:
        text = " ".join("\n".join(map(plain_text, figure_grids(figure_accounts(isis, origin)))).split())
        assert "Both cannot be right: the start takes the total from totals and stocks, and the shares" in text
    assert flagged


def test_json_holds_the_same_figures_with_source_and_link() -> None:
    chain = afterfall.explain("tiny", country="arda", horizon=3, trajectories=5, draws="prior")
    content = why_json(chain, "afterfall why tiny arda")
    assert problems(content) == []
    assert chain.accounts is not None
    assert json.loads(json.dumps(content))["every_figure"] == json.loads(json.dumps(accounts_json(chain.accounts)))
    rows = content["every_figure"]["figures"]
    assert [r["figure"] for r in rows] == [a.figure.figure for a in chain.accounts.own]
    assert {r["source_id"] for r in rows} == {"lesson-survey", "lesson-ministry"}
    for row, account in zip(rows, chain.accounts.own, strict=True):
        assert row["start"]["read"] == account.start.used
        assert row["start"]["reason"] == (None if account.start.used else account.start_reason)
        assert row["url"] == (account.source.url or None)
