"""The record of deaths in conflict from small tables of the published form."""

from __future__ import annotations

import pandas as pd
import pytest

from afterfall.importers.conflict_tables import RELEASES, country_rows, event_rows


def record(deaths: list[int], first: int = 457) -> pd.DataFrame:
    months = range(first, first + len(deaths))
    return pd.DataFrame(
        {
            "iso3": "AAA",
            "country": "Aland",
            "month_id": list(months),
            "month": [f"2018-{m - first + 1:02d}" for m in months],
            "ged_sb": deaths,
        }
    )


def actuals(deaths: list[int], first: int = 457) -> pd.DataFrame:
    months = list(range(first, first + len(deaths)))
    return pd.DataFrame({"month_id": months, "country_id": 7, "outcome": deaths, "name": "Aland"})


def test_a_country_has_the_number_whose_actuals_equal_its_record() -> None:
    assert country_rows(record([1, 0, 3]), actuals([0, 3], 458)) == [("AAA", 7, "Aland", "2018-01", "2018-03")]


def test_other_actuals_and_missing_months_are_errors() -> None:
    with pytest.raises(ValueError, match="AAA: its record differs from the actuals of Aland"):
        country_rows(record([1, 0, 3]), actuals([1, 0, 4]))
    with pytest.raises(ValueError, match="AAA: expected 3 months from the first to the last, found 2"):
        country_rows(record([1, 0, 3]).drop(index=1), actuals([1, 0, 3]))


def events(dataset: str, spread: float, end: float, number: float = 2.0, kind: int = 1) -> dict[str, object]:
    return {
        "dataset": dataset,
        "country": "Yemen (North Yemen)",
        "month": "2021-03",
        "type_of_violence": kind,
        "best_spread": spread,
        "best_end": end,
        "events_end": number,
    }


CODES = {"Yemen": "YEM"}


def test_sides_are_summed_and_the_first_release_counts() -> None:
    table = pd.DataFrame(
        [
            events(RELEASES[0], 10, 10),
            events(RELEASES[0], 5, 5, 1.0),
            events(RELEASES[3], 99, 99),
            events("other", 7, 7),
        ]
    )
    assert event_rows(table, CODES) == [("YEM", "2021-03", 15, 3)]


def test_yearly_summaries_other_types_and_unknown_countries_are_left_out() -> None:
    assert event_rows(pd.DataFrame([events(RELEASES[0], 50, 100)]), CODES) == []
    assert event_rows(pd.DataFrame([events(RELEASES[0], 10, 10, kind=2)]), CODES) == []
    assert event_rows(pd.DataFrame([events(RELEASES[0], 10, 10)]), {}) == []
