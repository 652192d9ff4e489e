"""When a figure counts as published: the rule that keeps later knowledge out of an early as-of date."""

from __future__ import annotations

import pytest

from isis_2017 import citations
from isis_2017.tables import Reference, exceptions


@pytest.mark.parametrize(
    ("stated", "citation", "url", "expected"),
    [
        # a yearly report printed months after its year ended
        ("2016-12", "Krone Jul 2017 on a report", "", "2017-07"),
        # a statement quoted in the month it was made keeps its own, finer date
        ("2016-07-19", "FranceSoir Jul 2016 quoting a minister", "", "2016-07-19"),
        # the page gives a day inside the stated month
        ("2015-01", "A report, 26 Jan 2015", "", "2015-01-26"),
        # so does its address
        ("2016-12", "El Independiente Feb 2017", "https://example.org/politica/2017/02/07/45-de-los", "2017-02-07"),
        # a number in an address that is no day of the month is not a date
        ("2017-06-26", "oilandgas360 Jun 2017 on a release", "https://example.org/2017/06/60-percent", "2017-06-26"),
        # a year alone does not move a finer date inside it
        ("2015-10", "24.kg 2015 quoting a member of parliament", "", "2015-10"),
        # a citation without a date cannot move anything
        ("2014-12", "A page without a date", "", "2014-12"),
    ],
)
def test_published_is_the_later_of_statement_and_page(stated: str, citation: str, url: str, expected: str) -> None:
    assert citations.published(stated, citation, url, "press") == expected


def test_an_encyclopedia_keeps_the_date_of_the_statement() -> None:
    assert citations.published("2015-12", "Wikipedia (copy of Sep 2023), an article", "", "encyclopedia") == "2015-12"
    assert citations.kind_of("Wikipedia (copy of Sep 2023), an article") == "encyclopedia"


def test_a_figure_never_speaks_of_a_day_after_its_publication() -> None:
    assert citations.refers_to("2015-01", "2015-01-26") == "2015-01-26"
    assert citations.refers_to("2014-12", "2015-01-26") == "2014-12"


def test_rows_of_one_report_share_a_family_whoever_prints_them() -> None:
    assert citations.family_of("TSG2015", "A newspaper Jan 2016", "TUN") == "tsg-2015"
    assert citations.family_of("other", "MDR Nov 2019 quoting German interior ministry", "DEU") == "official-deu"
    assert citations.family_of("other", "A newspaper Jan 2016", "TUN") == "a-newspaper-jan-2016"


def test_an_exception_written_for_another_row_stops_the_build() -> None:
    moved = [Reference("origins", 14, {"iso3": "XXX", "low": "1", "as_of": "2014-10"})]
    with pytest.raises(ValueError, match=r"'origins', 14\): written for 'AUS 150 2014-10', found 'XXX 1 2014-10'"):
        exceptions(moved)
