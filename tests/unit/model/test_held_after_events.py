"""Counts of people held are read across the custody events that came after them."""

from dataclasses import replace

import pytest

from afterfall.case import Figure, open_case
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.custody_events import UNRECORDED
from afterfall.model.mechanisms.detention import SENTENCED
from afterfall.model.observation.custody.held_after_events import (
    at_site,
    closed,
    followed,
    states_of,
)
from afterfall.model.observation.custody.moved_in import moved_in
from afterfall.model.observation.custody.repatriation_record import given_record, record_of
from afterfall.model.observation.custody.taken_home import left_after_repatriations, repatriated_bound
from afterfall.model.observation.held_figures import custodians_of


@pytest.fixture(scope="module")
def view() -> CaseView:
    return CaseView(open_case("isis", as_of="2026-03-12"))


def figure(view: CaseView, name: str) -> Figure:
    return next(f for f in view.case.figures if f.figure == name)


def test_a_prison_count_holds_for_all_to_whom_events_led(view: CaseView) -> None:
    found = custodians_of(view, figure(view, "detained-bel-man-2026-01-22"))
    assert set(found) == {"ne-syria-prison", "iraq", "syria-other", UNRECORDED}
    assert "turkey" not in found


def test_a_site_that_closed_and_the_one_that_did_not(view: CaseView) -> None:
    assert closed(view, "al-Hol")
    assert not closed(view, "Roj")
    roj = figure(view, "camp-population-gbr-2026-01-2")
    assert custodians_of(view, roj) == ("ne-syria-camp",)
    hol = replace(roj, definition="al_hol")
    assert set(custodians_of(view, hol)) == {"syria-other", UNRECORDED}
    assert at_site(view, roj).bound == ""
    before = CaseView(open_case("isis", as_of="2024-12-08"))
    assert at_site(before, roj).bound == "at_least", "other sites are open"


def test_without_events_a_count_is_as_it_was(view: CaseView) -> None:
    early = CaseView(open_case("isis", as_of="2018-07-31"))
    one = figure(view, "detained-bel-man-2026-01-22")
    assert followed(early, one, ["ne-syria-prison"]) == ("ne-syria-prison",)
    assert left_after_repatriations(early, one) == 1.0
    assert not list(moved_in(early, "FRA"))
    assert repatriated_bound(early, "FRA") is None


def test_those_moved_join_those_known_to_be_there(view: CaseView) -> None:
    (france,) = moved_in(view, "FRA")
    known = figure(view, "detained-fra-man-2024").value
    assert (france.definition, france.role) == ("iraq", "man")
    assert france.value == known + 47 + 5, "two transfers since that count, and not the one before it"
    (tunisia,) = moved_in(view, "TUN")
    assert tunisia.value == 234


def test_whom_courts_sentenced_are_with_their_custodian(view: CaseView) -> None:
    model = build(view.case, horizon=1)
    iraq = dict(zip([s.name for s in model.states], states_of(view, ("iraq",), model.states), strict=True))
    assert iraq["detained_iraq"]
    assert iraq[SENTENCED]
    camp = dict(zip(iraq, states_of(view, ("ne-syria-camp",), model.states), strict=True))
    assert not camp[SENTENCED]


def test_a_record_of_repatriations_moves_the_effect_of_an_origin(view: CaseView) -> None:
    assert record_of(view, "MAR") is None or record_of(view, "MAR") != (0.0, 0.0)
    many, none = given_record(0.0, -5.0, 1.0, 400.0, 5000.0), given_record(0.0, -5.0, 1.0, 0.0, 5000.0)
    assert none < 0.0 < many
    assert given_record(1.0, -5.0, 1.0, 0.0, 0.0) == pytest.approx(1.0, abs=0.02), "no exposure says nothing"
