"""Outcomes are chosen by what a figure is, each reason for leaving one out on a hand-made case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from tests.made_up.figures import figure, known_later

from afterfall.case import open_case
from afterfall.evaluate import Selection, select

AS_OF = dt.date(2015, 6, 30)


def chosen(*figures: Any, horizon: int = 24) -> Selection:
    return select(known_later("tiny", figures), AS_OF, horizon)


def test_a_figure_that_passes_is_an_outcome() -> None:
    (one,) = chosen(figure("plain", value=66)).outcomes
    assert (one.figure, one.quantity, one.place, one.value) == ("plain", "returned", "arda", 66)
    assert one.refers_to == dt.date(2016, 1, 31)
    assert one.month == 8  # the month from 31 January; 30 January would close month 7
    assert one.offset == 45
    assert one.error == 0.15


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"refers_to": "2015-06"}, "refers to a day by the as-of date"),
        ({"refers_to": "2017-07"}, "beyond the horizon"),
        ({"quantity": "attacks"}, "a quantity that is not scored"),
        ({"role": "woman"}, "a part of everyone (role)"),
        ({"organisation": "free-column"}, "of another organisation"),
        ({"bound": "at_least"}, "a bound, no value"),
        ({"definition": "all_nationalities"}, "counts something else (definition)"),
        ({"basis": "year"}, "an operation or a yearly flow (basis)"),
        ({"basis": "stock"}, "an operation or a yearly flow (basis)"),
        ({"quantity": "in_theatre"}, "an operation or a yearly flow (basis)"),
        ({"place": "theatre"}, "of a place that the model does not name"),
        (
            {"quantity": "returned_share", "basis": "share", "family": "nobody"},
            "a share without a total of its family",
        ),
    ],
)
def test_each_reason_leaves_a_figure_out_and_is_counted(changed: dict[str, Any], reason: str) -> None:
    selection = chosen(figure("plain"), figure("odd", place=changed.pop("place", "brom"), **changed))
    assert [o.figure for o in selection.outcomes] == ["plain"]
    assert selection.dropped == {reason: 1}


def test_figures_public_by_the_as_of_date_are_neither_scored_nor_counted() -> None:
    selection = chosen(figure("early", refers_to="2015-08", published="2015-06"))
    assert selection.outcomes == ()
    assert selection.dropped == {}


def test_a_year_counts_as_its_last_day() -> None:
    (one,) = chosen(figure("year", refers_to="2015", published="2016")).outcomes
    assert one.refers_to == dt.date(2015, 12, 31)


def test_one_copy_of_a_count_the_most_reliable_then_the_widest() -> None:
    copies = [
        figure("narrow", definition="fighters"),
        figure("doubtful", grade="D2"),
        figure("wide"),
        figure("repeated", published="2016-03"),
    ]
    selection = chosen(*copies, figure("another-family", family="ministry-arda"), figure("later", refers_to="2016-02"))
    assert [o.figure for o in selection.outcomes] == ["another-family", "wide", "later"]
    assert selection.dropped == {"another copy of a count": 3}


def test_a_share_is_taken_of_the_latest_total_of_its_family_and_date() -> None:
    share = figure("share", quantity="returned_share", basis="share", value=0.3, family="f", refers_to="2016-03")
    totals = [
        figure("old", quantity="travelled", value=200, family="f", refers_to="2015-12"),
        figure("too-late", quantity="travelled", value=900, family="f", refers_to="2016-04"),
        figure("others", quantity="travelled", value=500, family="g", refers_to="2016-02"),
    ]
    counts = {o.figure: o.value for o in chosen(share, *totals).outcomes}
    assert counts["share"] == pytest.approx(60)


def test_a_stock_has_no_last_public_figure_and_a_counter_without_one_none() -> None:
    stock = figure("stock", quantity="in_theatre", basis="stock")
    counter = figure("counter", quantity="prosecuted")
    assert [o.offset for o in chosen(stock, counter).outcomes] == [None, None]


def test_the_choice_does_not_look_at_what_figures_say() -> None:
    whole = open_case("isis-2017", as_of=dt.date(9999, 12, 31))
    other = replace(
        whole, figures=tuple(replace(f, low=1.0, value=1.0 + i % 7, high=9.0) for i, f in enumerate(whole.figures))
    )
    ours, theirs = (select(case, "2017-02-13", 60) for case in (whole, other))
    assert [o.figure for o in ours.outcomes] == [o.figure for o in theirs.outcomes]
    assert ours.dropped == theirs.dropped
    assert len(ours.outcomes) > 100


def test_no_count_is_scored_twice() -> None:
    outcomes = select(open_case("isis-2017", as_of=dt.date(9999, 12, 31)), "2016-08-01", 60).outcomes
    keys = {(o.place, o.quantity, o.family, o.refers_to) for o in outcomes}
    assert len(keys) == len(outcomes)
    assert all(o.refers_to > dt.date(2016, 8, 1) and 1 <= o.month <= 60 for o in outcomes)
