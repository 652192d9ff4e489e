"""Exchange rates: what one amount is in another currency, and when that was known."""

import datetime as dt

import pytest

from afterfall.reference.exchange_rates import OF_COUNTRY, exchange_rate
from afterfall.reference.unit_costs import unit_costs

DAY = dt.date(2026, 3, 13)


def test_rates_are_those_of_the_year_and_go_by_way_of_the_euro() -> None:
    """A United States dollar was 1.067 Canadian dollars on average over 2008 and 1.3415 over 2020 (Bank of Canada)."""
    assert exchange_rate("USD", "CAD", 2008, DAY) == pytest.approx(1.067, abs=0.01)
    assert exchange_rate("USD", "CAD", 2020, DAY) == pytest.approx(1.3415, abs=0.005)
    there, back = exchange_rate("AUD", "CAD", 2008, DAY), exchange_rate("CAD", "AUD", 2008, DAY)
    assert there is not None
    assert back is not None
    assert there * back == pytest.approx(1.0)
    assert exchange_rate("CAD", "CAD", 2022, DAY) == 1.0


def test_the_mean_of_a_year_is_known_when_the_year_is_over() -> None:
    assert exchange_rate("GBP", "CAD", 2011, dt.date(2011, 12, 31)) is None
    assert exchange_rate("GBP", "CAD", 2011, dt.date(2012, 1, 1)) is not None
    assert exchange_rate("XXX", "CAD", 2011, DAY) is None


def test_every_unit_cost_can_be_stated_in_the_currency_of_every_country_that_has_one() -> None:
    for one in unit_costs():
        for currency in set(OF_COUNTRY.values()):
            assert exchange_rate(one.currency, currency, one.price_year, DAY), (one.id, currency)
