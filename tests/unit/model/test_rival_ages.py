"""A rival's age counts: one founded lately has few people, unless it has taken over those of another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import afterfall
from afterfall.case import Case, PartialDate, open_case
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.rival_ages import age_paths


def founded(case: Case, rival: str, date: str, parent: str = "") -> Case:
    changed = tuple(
        replace(o, founded=PartialDate(date), published=PartialDate(date), parent=parent)
        if o.organisation == rival
        else o
        for o in case.organisations
    )
    return replace(case, organisations=changed)


def ages(case: Case) -> dict[str, list[float]]:
    return {p.name: [p.values(m) for m in (-24, -6, 0, 1)] for p in age_paths(CaseView(case))}


def with_second(date: str, parent: str = "", *, first_ended: str = "") -> Case:
    tiny = open_case("tiny")
    first = next(o for o in tiny.organisations if o.kind == "rival")
    second = replace(
        first,
        organisation="second",
        name="Second",
        founded=PartialDate(date),
        published=PartialDate(date),
        parent=parent,
    )
    old = replace(first, ended=PartialDate(first_ended)) if first_ended else first
    return replace(tiny, organisations=(*(old if o is first else o for o in tiny.organisations), second))


def test_a_rival_founded_yesterday_has_few_people_on_the_first_day() -> None:
    tiny = open_case("tiny")
    old, new = (
        afterfall.forecast(case, horizon=3, trajectories=60, draws="prior", seed=1)
        for case in (tiny, founded(tiny, "free-column", "2015-06-29"))
    )
    first = [float(np.mean(run.quantity("defect").values[:, 0])) for run in (old, new)]
    assert first[1] < 0.15 * first[0]


def test_rivals_share_one_weight_in_the_months_in_which_they_existed() -> None:
    assert ages(with_second("2015-03")) == {
        "rival_age.free-column": [2.0, 2.0, 1.0, 1.0],
        "rival_age.second": [0.0, 0.0, 1.0, 1.0],
    }


def test_a_split_has_half_of_its_parents_people_and_a_successor_all() -> None:
    assert ages(with_second("2015-03", "free-column")) == {
        "rival_age.free-column": [1.0] * 4,
        "rival_age.second": [1.0] * 4,
    }
    assert ages(with_second("2015-03", "free-column", first_ended="2015-03")) == {"rival_age.second": [1.0] * 4}


def test_the_core_is_no_ancestor() -> None:
    case = with_second("2015-03", "dusk-league")
    assert ages(case)["rival_age.second"] == [0.0, 0.0, 1.0, 1.0]


def test_a_rival_without_a_date_has_always_existed() -> None:
    tiny = open_case("tiny")
    undated = tuple(replace(o, founded=None) if o.kind == "rival" else o for o in tiny.organisations)
    assert ages(replace(tiny, organisations=undated)) == {"rival_age.free-column": pytest.approx([1.0] * 4)}
