"""Leaving a core and pledging to one: which rows and which years count."""

from __future__ import annotations

import datetime as dt

import pytest

from afterfall.reference import open_reference_class
from afterfall.reference.allegiance_changes import LEAVING, PLEDGING, allegiance_counts, allegiance_rates, sworn_to
from afterfall.reference.reference_class import ReferenceClass


@pytest.fixture(scope="module")
def known() -> ReferenceClass:
    return open_reference_class("2017-02-13")


def test_both_exits_were_of_al_qaidas_affiliates(known: ReferenceClass) -> None:
    """One disowned while it gained ground, one out by consent while it lost some; a pledge is no exit."""
    raw = allegiance_counts(LEAVING, known, "ISIS").raw
    assert [c.events for c in raw] == [1, 1]
    assert raw[0].exposure + raw[1].exposure == pytest.approx(89.3, abs=1.0)


def test_pledges_to_one_family_are_not_those_to_another(known: ReferenceClass) -> None:
    to = {family: allegiance_counts(PLEDGING, known, family) for family in ("ISIS", "AQ", "any")}
    free = {family: found.raw[0] for family, found in to.items()}
    assert free["ISIS"].events > 2 * free["AQ"].events > 0
    assert free["any"].events == free["ISIS"].events + free["AQ"].events
    assert free["any"].exposure == pytest.approx(free["ISIS"].exposure + free["AQ"].exposure)
    assert all(found.raw[1].events == 0 for found in to.values())
    assert to["ISIS"].raw[1].exposure == pytest.approx(to["AQ"].raw[1].exposure)  # changes of side, both together


def test_years_in_the_family_are_no_years_at_risk(known: ReferenceClass) -> None:
    names = [o.organisation for o in known.organisations]
    groups = allegiance_counts(PLEDGING, known, "ISIS").groups
    assert groups.years[names.index("ISIS Libya")] == pytest.approx(0.0, abs=0.05)
    assert groups.years_losing[names.index("AQAP")] > groups.years[names.index("AQAP")]
    assert groups.years[names.index("JTJ / AQI / ISI / ISIS")] == 0.0


def test_the_rate_of_changing_sides_is_lower_than_that_of_a_first_pledge(known: ReferenceClass) -> None:
    free, sworn, ratio = allegiance_rates(PLEDGING, known, "ISIS")
    assert sworn.mean < free.mean
    assert ratio.low < 0.1  # never seen, so hardly bounded from below


def test_who_is_sworn_depends_on_the_day() -> None:
    name = "Boko Haram / WAP / JAS"
    days = (dt.date(2015, 3, 6), dt.date(2015, 3, 7), dt.date(2016, 8, 2), dt.date(2016, 8, 3))
    assert [sworn_to(name, day) for day in days] == ["", "ISIS", "ISIS", ""]
