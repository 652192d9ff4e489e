"""Neighbours by friendship: a case of one's own with and without an ally, and what is unknown of a country."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from afterfall.case import Case, open_case
from afterfall.foundings.founding_risk import ANOTHER, AT_RISK, FoundingRisk, founding_risk
from afterfall.foundings.world_foundings import WorldFoundings, draw_world
from afterfall.model.language.case_view import CaseView
from afterfall.reference.class_records import CountryYear
from afterfall.reference.country_years import CountryFacts
from afterfall.reference.reference_class import open_reference_class

DAY, HORIZON, NUMBER = dt.date(2013, 2, 1), 60, 200
CORE = "northern-league"


def own_case(*, ally: bool) -> Case:
    """A case of one's own in Mali: a core of no family of the reference class, one organisation abroad, in Nigeria."""
    case = open_case("mali-2013", as_of=DAY)
    old = case.core
    names = {old: CORE}
    kept = [o for o in case.organisations if o.kind == "core" or o.place == "NGA"]
    rows = tuple(
        replace(
            o,
            organisation=names.get(o.organisation, o.organisation),
            ally=ally and o.place == "NGA",
        )
        for o in kept
    )
    return replace(case, core=CORE, organisations=rows)


def drawn(case: Case) -> tuple[FoundingRisk, WorldFoundings]:
    risk = founding_risk(CaseView(case))
    return risk, draw_world(risk, DAY, 1, NUMBER, HORIZON)


@pytest.fixture(scope="module")
def both() -> tuple[WorldFoundings, WorldFoundings]:
    return drawn(own_case(ally=True))[1], drawn(own_case(ally=False))[1]


def test_an_ally_raises_its_place_and_those_around_it(both: tuple[WorldFoundings, WorldFoundings]) -> None:
    friend, stranger = (found.probabilities(12) for found in both)
    for code in ("NGA", "NER", "BEN", "CMR"):
        assert friend[code] > 1.2 * stranger[code]
    assert 1.5 < friend["NGA"] / stranger["NGA"] < 4  # the prior has the median 2
    assert friend["IDN"] == stranger["IDN"]
    assert friend["SEN"] == pytest.approx(stranger["SEN"], rel=0.05)


def test_a_place_with_an_ally_ranks_above_one_like_it_without(both: tuple[WorldFoundings, WorldFoundings]) -> None:
    ranked = [c.code for c in both[0].countries(HORIZON)]
    alone = [c.code for c in both[1].countries(HORIZON)]
    assert ranked.index("NER") < alone.index("NER")
    assert ranked.index("NGA") <= alone.index("NGA")


def test_an_organisation_of_others_is_no_neighbour() -> None:
    risk = founding_risk(CaseView(own_case(ally=False)))
    at = {code: i for i, code in enumerate(risk.codes)}
    assert risk.state[at["NGA"]] == AT_RISK
    assert risk.neighbours[at["BEN"]] == 0
    assert risk.neighbours[at["SEN"]] == 1  # Mali
    assert not risk.ally.any()


def test_an_ally_is_no_other_organisation_of_the_reference_class() -> None:
    """The effect of one is learned from pledges to the Islamic State, which an ally of any core is not."""
    friend, stranger = (founding_risk(CaseView(own_case(ally=ally))) for ally in (True, False))
    assert [code for code, ally in zip(friend.codes, friend.ally, strict=True) if ally] == ["NGA"]
    assert (friend.covariates[:, ANOTHER] == stranger.covariates[:, ANOTHER]).all()


def test_a_country_without_values_yet_is_like_the_mean_and_not_like_zero() -> None:
    """South Sudan began in 2011: as of 2012 its political stability has not been published for any year."""
    facts = CountryFacts(open_reference_class("2012-01-01"))
    assert not any(row.country == "SSD" and row.instability is not None for row in facts.known.country_years)
    values = facts.at(dt.date(2012, 1, 1), "ISIS", ("instability",))[:, 0]
    here = facts.codes.index("SSD")
    unknown = {"SSD"} | {c for c in facts.codes if all(_unknown(row, c) for row in facts.known.country_years)}
    known = [i for i, code in enumerate(facts.codes) if code not in unknown]
    assert values[here] == pytest.approx(values[known].mean(), abs=0.02)
    assert values[here] != 0


def _unknown(row: CountryYear, code: str) -> bool:
    return row.country != code or row.instability is None
