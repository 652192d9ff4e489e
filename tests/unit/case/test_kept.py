"""How far a case is kept: as-of dates beyond that day are refused unless they are asked for."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from afterfall.case import (
    BeyondDataError,
    BeyondDataWarning,
    CaseError,
    allow_beyond_data,
    case_hash,
    open_case,
    open_whole_case,
)
from afterfall.run.case_source import case_from


@pytest.fixture
def kept(folder: Path) -> Path:
    """The folder of a case that is kept up to the end of 2015."""
    head = folder / "case.toml"
    head.write_text(head.read_text().replace("format = 1", 'format = 1\nkept_up_to = "2015-12-31"'))
    return folder


def test_up_to_that_day_nothing_changes(kept: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert case_hash(open_case(kept)) == case_hash(open_case("tiny"))
        assert open_case(kept, as_of="2015-12-31").beyond_data == ""


def test_a_later_day_is_refused_with_what_to_do(kept: Path) -> None:
    with pytest.raises(BeyondDataError, match=r"kept up to 2015-12-31, and 2016-01-31 was asked for.*--beyond-data"):
        open_case(kept, as_of="2016-01")
    with pytest.raises(BeyondDataError):
        case_from(open_whole_case(kept), "2016-01")


def test_it_is_let_through_where_it_is_asked_for(kept: Path) -> None:
    with pytest.warns(BeyondDataWarning, match="Beyond the data: case tiny is kept up to 2015-12-31"):
        case = open_case(kept, as_of="2016-01", beyond_data=True)
    assert case.beyond_data.endswith("nothing published in between is in it.")
    assert case_from(case) is case
    with allow_beyond_data(), pytest.warns(BeyondDataWarning):
        assert open_case(kept, as_of="2016-01") == case
    with pytest.raises(BeyondDataError):
        open_case(kept, as_of="2016-01")


def test_the_whole_case_is_no_as_of_date(kept: Path) -> None:
    assert len(open_whole_case(kept).figures) == len(open_whole_case("tiny").figures)


def test_a_case_that_does_not_say_is_refused_a_year_after_its_newest_row() -> None:
    assert open_case("tiny", as_of="2017-06").beyond_data == ""
    with pytest.raises(BeyondDataError, match="case tiny is kept up to 2016-06-30"):
        open_case("tiny", as_of="2025")


def test_it_is_not_before_the_as_of_date_of_the_case(kept: Path) -> None:
    head = kept / "case.toml"
    head.write_text(head.read_text().replace("2015-12-31", "2014-12-31"))
    with pytest.raises(
        CaseError, match=r"case.kept_up_to: found 2014-12-31; expected a date not before as_of, 2015-06-30"
    ):
        open_case(kept)
