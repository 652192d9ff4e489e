"""The as-of cut by examples: ends not yet known, policies announced, organisations not yet founded, days refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest

from afterfall.case import Campaign, Case, CustodyChange, Indicator, PartialDate, case_hash, cut, read_case
from afterfall.case.schema import BY_ATTRIBUTE, TABLES

WHOLE = read_case(resources.files("afterfall.case").joinpath("data", "tiny"))


SIEGE = Campaign(
    campaign="siege",
    holding="harbour",
    by="army of Dusk",
    start=PartialDate("2014-10-05"),
    end=PartialDate("2015-11-20"),
    published=PartialDate("2014-10-05"),
    source="lesson-field",
    grade="C3",
)


FLIGHT = CustodyChange(
    event="flight",
    kind="break",
    date=PartialDate("2014-10"),
    from_custodian=next(p.place for p in WHOLE.places if p.kind == "custodian"),
    to_custodian="unrecorded",
    published=PartialDate("2014-10"),
    source="lesson-field",
    grade="C3",
)
SIGN = Indicator(
    indicator="sign",
    name="A sign",
    watch="what is seen",
    pathway="home",
    direction="up",
    published=PartialDate("2014-10"),
    source="lesson-field",
    grade="C3",
)
#: Rows of tables that the small case does not have.
EXAMPLES = {"campaigns": SIEGE, "custody_events": FLIGHT, "indicators": SIGN}


DATED = [t for t in TABLES if t.dated]


AS_OF = dt.date(2015, 6, 30)


def without(attribute: str, change: Callable[[Any], Any]) -> Case:
    """The cut case with one table changed."""
    return replace(WHOLE, **{attribute: tuple(change(r) for r in getattr(WHOLE, attribute))})


@pytest.mark.parametrize("table", [t.attribute for t in DATED])
def test_a_row_is_public_on_its_last_day_and_not_the_day_before(table: str) -> None:
    record = getattr(WHOLE, table, ())[0] if getattr(WHOLE, table) else EXAMPLES[table]
    copy = replace(record, **{BY_ATTRIBUTE[table].key[0]: "extra", "published": PartialDate("2014-11")})  # type: ignore[index]
    if table == "holding_events":
        copy = replace(copy, holding="rest-of-territory")
    if table == "campaigns":
        copy = replace(copy, end=None)
    if table == "covariates":
        copy = replace(record, covariate="extra", published=PartialDate("2014-11"))
    case = replace(WHOLE, **{table: (*getattr(WHOLE, table), copy)})
    assert copy in getattr(cut(case, "2014-11-30"), table)
    assert copy not in getattr(cut(case, "2014-11-29"), table)


def test_a_policy_in_force_has_no_known_end() -> None:
    policy = next(p for p in cut(WHOLE, AS_OF).policies if p.policy == "arda-border")
    assert policy.end is None
    policy = next(p for p in cut(WHOLE, "2016-03").policies if p.policy == "arda-border")
    assert policy.end == PartialDate("2016-03")


def test_a_policy_announced_but_not_begun_is_left_to_counterfactuals() -> None:
    announced = without(
        "policies", lambda p: replace(p, start=PartialDate("2015-07"), published=PartialDate("2015-01"))
    )
    assert cut(announced, AS_OF).policies == ()


def test_an_organisation_not_yet_founded_takes_its_holdings_and_figures_with_it() -> None:
    founded = replace(WHOLE.organisations[2], founded=PartialDate("2015-07"))
    case = cut(replace(WHOLE, organisations=(*WHOLE.organisations[:2], founded)), AS_OF)
    assert "dusk-league-cern" not in {o.organisation for o in case.organisations}
    assert "cern-league-2015" not in {f.figure for f in case.figures}


def test_a_cut_case_cannot_be_asked_about_a_later_day() -> None:
    with pytest.raises(ValueError, match="cut at 2015-06-30 and knows nothing of 2015-07-01"):
        cut(cut(WHOLE, AS_OF), "2015-07-01")


def test_a_day_before_the_history_or_before_any_word_of_the_core_is_refused() -> None:
    with pytest.raises(ValueError, match="starts on 2013-01-31; found as_of 2013-01-31"):
        cut(WHOLE, "2013-01")
    with pytest.raises(ValueError, match="no public record of its core 'dusk-league' by 2013-02-27"):
        cut(WHOLE, "2013-02-27")


def test_the_ledger_of_hindsight_stays_and_is_no_part_of_the_hash() -> None:
    case = cut(WHOLE, AS_OF)
    assert case.hindsight == WHOLE.hindsight
    assert case_hash(replace(case, hindsight=())) == case_hash(case)


def test_an_operation_under_way_has_no_known_end_and_one_that_is_announced_is_known() -> None:
    announced = replace(SIEGE, campaign="spring", start=PartialDate("2015-09"), published=PartialDate("2015-06-01"))
    case = cut(replace(WHOLE, campaigns=(announced, SIEGE)), AS_OF)
    assert [(c.campaign, c.end) for c in case.campaigns] == [("siege", None), ("spring", None)]
    later = cut(replace(WHOLE, campaigns=(announced, SIEGE)), "2015-12")
    assert [c.end for c in later.campaigns] == [PartialDate("2015-11-20")] * 2


def test_a_case_with_another_operation_has_another_hash() -> None:
    case = replace(WHOLE, campaigns=(SIEGE,))
    assert case_hash(case) != case_hash(WHOLE)
    later = replace(SIEGE, published=PartialDate("2015-07"))
    assert case_hash(replace(WHOLE, campaigns=(later,))) == case_hash(WHOLE)
