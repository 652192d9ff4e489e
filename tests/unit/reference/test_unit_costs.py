"""Unit costs are cited, dated, in one currency, and those of the country where it has them."""

import datetime as dt

import pytest

from afterfall.policy.costs import SPENT_ON
from afterfall.policy.endpoints import RESOURCES
from afterfall.reference.unit_costs import MONTHS, unit_cost, unit_costs


def test_every_row_is_cited_and_priced() -> None:
    ids = [one.id for one in unit_costs()]
    assert len(set(ids)) == len(ids)
    for one in unit_costs():
        assert one.source
        assert one.basis
        assert one.url.startswith("http")
        assert len(one.currency) == 3
        assert one.currency.isupper()
        assert one.grade[0] in "ABCDEF"
        assert one.resource in RESOURCES
        assert one.resource in SPENT_ON
        assert one.price_year <= one.published.last_day.year
        assert one.per_month[1] == pytest.approx(one.high / MONTHS[one.unit])


def test_the_cut_holds_and_a_country_s_own_figure_counts() -> None:
    early, late = dt.date(2012, 1, 1), dt.date(2026, 3, 13)
    first, last = unit_cost("imprisoned", "CAN", early), unit_cost("imprisoned", "CAN", late)
    assert first is not None
    assert last is not None
    assert (first.id, last.id) == ("can-prison-2010", "can-prison-2022")
    foreign = unit_cost("repatriated", "CAN", late)
    assert foreign is not None
    assert foreign.country == "FIN"
    assert unit_cost("repatriated", "CAN", early) is None
    assert unit_cost("under_assessment", "CAN", late) is None


def test_those_who_are_watched_less_are_not_called_cheap() -> None:
    """Costs of constant watching are upper bounds, and say so."""
    for one in unit_costs():
        if one.resource == "monitored":
            assert "at most" in one.basis


def test_published_averages_are_those_that_the_basis_names() -> None:
    by_id = {one.id: one for one in unit_costs()}
    assert by_id["usa-prison-2023"].average == 44_090
    assert by_id["swe-prison-2016"].average == pytest.approx(359 * 365)
    assert by_id["fin-repatriation-2020"].average_per_month == pytest.approx(395_000 / 20)
    assert by_id["can-prison-2022"].average_per_month is None
