"""How citations of the reference tables become sources, and changes that a reference has moved away from."""

from __future__ import annotations

import pytest

from afterfall.importers.reference_tables import Reference
from isis_2017 import citations
from isis_2017.tables import exceptions


def test_an_encyclopedia_is_recognised_by_its_name() -> None:
    assert citations.kind_of("Wikipedia (copy of Sep 2023), an article") == "encyclopedia"


def test_rows_of_one_report_share_a_family_whoever_prints_them() -> None:
    assert citations.family_of("TSG2015", "A newspaper Jan 2016", "TUN") == "tsg-2015"
    assert citations.family_of("other", "MDR Nov 2019 quoting German interior ministry", "DEU") == "official-deu"
    assert citations.family_of("other", "A newspaper Jan 2016", "TUN") == "a-newspaper-jan-2016"


def test_an_exception_written_for_another_row_stops_the_build() -> None:
    moved = [Reference("origins", 14, {"iso3": "XXX", "low": "1", "as_of": "2014-10"})]
    with pytest.raises(ValueError, match=r"'origins', 14\): written for 'AUS 150 2014-10', found 'XXX 1 2014-10'"):
        exceptions(moved)
