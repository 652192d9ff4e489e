"""When a figure counts as published: the rule that keeps later knowledge out of an early as-of date."""

from __future__ import annotations

import pytest

from afterfall.importers.citations import printed, published, refers_to, slug, within


@pytest.mark.parametrize(
    ("citation", "url", "expected"),
    [
        ("A report, 26 Jan 2015", "", "2015-01-26"),
        ("Krone Jul 2017 on a report", "", "2017-07"),
        ("24.kg 2015 quoting a member of parliament", "", "2015"),
        ("A page without a date", "", ""),
        ("A paper Feb 2017", "https://example.org/2017/02/07/a-story", "2017-02-07"),
        ("A paper Feb 2017", "https://example.org/2016/02/07/an-older-story", "2017-02"),
        ("A paper Jun 2017", "https://example.org/2017/06/60-percent", "2017-06"),
    ],
)
def test_a_page_is_dated_by_its_citation_and_its_address(citation: str, url: str, expected: str) -> None:
    assert printed(citation, url) == expected


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
    assert published(stated, citation, url, "press") == expected


def test_an_encyclopedia_keeps_the_date_of_the_statement() -> None:
    assert published("2015-12", "Wikipedia (copy of Sep 2023), an article", "", "encyclopedia") == "2015-12"


def test_a_figure_never_refers_to_a_day_after_its_publication() -> None:
    assert refers_to("2015-01", "2015-01-26") == "2015-01-26"
    assert refers_to("2014-12", "2015-01-26") == "2014-12"


def test_partial_dates_lie_within_each_other() -> None:
    assert within("2015-02-28", "2015-02")
    assert within("2015-02", "2015")
    assert not within("2015", "2015-02")


def test_slugs_are_plain_and_bounded() -> None:
    assert slug("Côte d’Ivoire: 2016!") == "cote-divoire-2016"
    assert len(slug("word " * 40)) <= 72
    assert not slug("word " * 40).endswith("-")
