"""Whom an origin takes back: its stated policies by role, last heard of or over, and its own record under them."""

import math
from dataclasses import replace

import pytest

from afterfall.case import PartialDate, PolicyRecord, open_case
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Cohort
from afterfall.model.mechanisms.repatriation_policy import (
    MEN,
    OPEN,
    REFUSED,
    repatriation_policy,
    repatriation_terms,
    stance,
)
from afterfall.model.observation.custody.repatriation_record import (
    Exposed,
    RepatriationRecord,
    exposed_people,
    record_of,
)


@pytest.fixture(scope="module")
def view() -> CaseView:
    return CaseView(open_case("isis", as_of="2026-03-12"))


def policy(**changes: object) -> PolicyRecord:
    one = PolicyRecord(
        policy="one",
        name="Does not take nationals back",
        place="CAN",
        kind="repatriation_refused",
        start=PartialDate("2020-01"),
        published=PartialDate("2020-01"),
        source="un-2178",
        grade="C3",
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def of(view: CaseView, *policies: PolicyRecord) -> CaseView:
    return CaseView(replace(view.case, policies=policies))


def test_a_policy_on_men_says_nothing_of_families(view: CaseView) -> None:
    men = of(view, policy(whom="men"))
    assert stance(men, "CAN", "fighter", 0) == "repatriation_refused"
    assert stance(men, "CAN", "adult", 0) == ""
    assert stance(men, "FRA", "fighter", 0) == ""


def test_one_on_the_role_counts_before_a_later_one_on_everyone(view: CaseView) -> None:
    everyone = policy(policy="two", kind="repatriation", start=PartialDate("2024-01"))
    both = of(view, policy(whom="men"), everyone)
    assert stance(both, "CAN", "fighter", 0) == "repatriation_refused"
    assert stance(both, "CAN", "minor", 0) == "repatriation"


def test_a_policy_that_is_over_counts_only_then(view: CaseView) -> None:
    over = of(view, policy(end=PartialDate("2022-06"), published=PartialDate("2020-01")))
    assert stance(over, "CAN", "adult", 0) == ""
    assert stance(over, "CAN", "adult", over.month_of(PartialDate("2021-05").last_day)) == "repatriation_refused"


def test_one_last_heard_of_goes_on_and_a_single_operation_does_not(view: CaseView) -> None:
    heard = policy(end=PartialDate("2023-05"), published=PartialDate("2023-05-12"))
    assert stance(of(view, heard), "CAN", "adult", 0) == "repatriation_refused"
    once = replace(heard, start=PartialDate("2023-05-02"))
    assert stance(of(view, once), "CAN", "adult", 0) == ""


def test_the_rows_of_the_case(view: CaseView) -> None:
    assert stance(view, "BEL", "fighter", 0) == "repatriation_refused"
    assert stance(view, "TUR", "adult", 0) == "repatriation"
    assert stance(view, "CAN", "fighter", 0) == "repatriation_refused"
    features = repatriation_policy(view).features
    assert features["refuses_repatriation"](Cohort("BEL", "fighter", "western-europe")) == 1.0
    assert features["takes_back"](Cohort("western-europe", "fighter", "western-europe")) == 0.0, "no policy of a region"


def test_without_custody_events_there_is_nothing() -> None:
    early = CaseView(open_case("isis", as_of="2018-07-31"))
    assert repatriation_terms(early) == ()
    assert not repatriation_policy(early).parameters


def test_those_exposed_are_weighted_by_role_and_by_months_in_force() -> None:
    factors = {MEN: math.log(0.1), REFUSED: math.log(0.2), OPEN: math.log(4.0)}
    record = RepatriationRecord(
        30.0, (Exposed("adult", 100.0, ((REFUSED, 0.5), (OPEN, 0.0))), Exposed("fighter", 50.0, ()))
    )
    assert exposed_people(record, factors) == pytest.approx(100.0 * 0.6 + 5.0)


def test_the_record_of_a_country_tells_men_from_families(view: CaseView) -> None:
    found = record_of(view, "BEL")
    assert found is not None
    by_role = {one.role: one for one in found.exposed}
    assert set(by_role) == {"adult", "fighter"}
    assert dict(by_role["fighter"].in_force)[REFUSED] > 0.3
    assert dict(by_role["adult"].in_force)[REFUSED] == 0.0
    assert record_of(view, "TUN") is not None, "repatriations of one role are a record too"
