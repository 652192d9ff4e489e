"""What other rooms ask of a case: each look-up on the small case, whose answers are known by heart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from afterfall.case import Case, PartialDate, cut


@pytest.fixture(scope="module")
def case(whole: Case) -> Case:
    return cut(whole, whole.as_of)


def test_origins_and_hosts_are_codes_in_order(case: Case) -> None:
    assert case.origins() == ("arda", "brom", "cern")
    assert case.hosts() == ("cern",)


def test_figures_come_by_quantity_and_place_in_the_order_of_their_dates(case: Case) -> None:
    world = case.figures_of("travelled", place="WLD")
    assert [f.value for f in world] == [160.0, 320.0, 450.0]
    assert {f.place for f in case.figures_of("returned")} == {"arda", "brom"}
    assert case.figures_of("travelled", place="dusk") == ()
    assert case.figures_of("no such quantity") == ()


def test_a_covariate_is_its_latest_vintage(case: Case, whole: Case) -> None:
    assert case.covariate("cern", "instability") == 1.4
    assert cut(whole, "2015-01").covariate("cern", "instability") == 1.1


def test_a_missing_covariate_is_none_or_the_default_and_never_zero(case: Case) -> None:
    assert case.covariate("cern", "distance_km:cern") is None
    assert case.covariate("cern", "distance_km:cern", 100.0) == 100.0
    assert case.covariate("arda", "coalition", 1.0) == 0.0


def test_a_prior_is_the_latest_published_or_none(case: Case, whole: Case) -> None:
    assert [(p.low, p.high) for p in (case.prior("leaving.mover"), whole.prior("leaving.mover")) if p] == [
        (0.04, 0.2),
        (0.06, 0.15),
    ]
    assert case.prior("no.such") is None


def test_organisations_and_sources_by_name_with_the_nearest_where_there_is_none(case: Case) -> None:
    assert case.organisation("free-column").name == "Free Column"
    assert case.source("lesson-atlas").licence == "CC0 1.0"
    with pytest.raises(KeyError, match=r"no organisation 'free-colum' \(did you mean 'free-column'\?\)"):
        case.organisation("free-colum")
    with pytest.raises(KeyError, match="no source 'zzz'"):
        case.source("zzz")


def test_holdings_are_held_from_their_capture_to_their_loss(whole: Case) -> None:
    assert whole.holdings_at("2013-08") == {"rest-of-territory": "held"}
    assert whole.holdings_at("2013-09") == {"harbour": "held", "rest-of-territory": "held"}
    assert whole.holdings_at("2015-11-19")["harbour"] == "held"
    assert whole.holdings_at("2015-11-20")["harbour"] == "lost"


def test_a_holding_retaken_is_held_again(whole: Case) -> None:
    capture, loss = whole.holding_events
    retaken = replace(capture, date=PartialDate("2016-02"), published=PartialDate("2016-02"))
    case = replace(whole, holding_events=(retaken, loss, capture))
    assert [case.holdings_at(day)["harbour"] for day in ("2014", "2015", "2016")] == ["held", "lost", "held"]


def test_records_compare_by_what_they_say_and_not_by_where_they_stood(case: Case) -> None:
    place = case.places[0]
    assert place.where is not None
    assert replace(place, where=None) == place
    assert hash(replace(place, where=None)) == hash(place)


def test_a_case_shows_itself_in_a_line(case: Case) -> None:
    assert repr(case) == "Case('tiny', as_of=2015-06-30, cut at 2015-06-30, 14 figures)"
