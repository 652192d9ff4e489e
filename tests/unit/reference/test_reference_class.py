"""Opening the reference class: the as-of cut, and one report of all problems."""

from __future__ import annotations

import datetime as dt
from importlib import resources

import pytest

from afterfall.reference.class_records import FORMAT
from afterfall.reference.reference_class import (
    LAST_DAY,
    ReferenceClass,
    ReferenceClassError,
    open_reference_class,
    read_tables,
)


def texts() -> dict[str, str]:
    folder = resources.files("afterfall.reference").joinpath("data")
    return {name: folder.joinpath(f"{name}.csv").read_text(encoding="utf-8") for name in FORMAT}


@pytest.fixture(scope="module")
def early() -> ReferenceClass:
    return open_reference_class("2017-02-13")


def test_nothing_in_a_cut_class_was_published_or_dated_later(early: ReferenceClass) -> None:
    day = early.as_of
    assert len(early.affiliates) > 100
    assert all(a.published.last_day <= day and a.began.last_day <= day for a in early.affiliates)
    assert all(a.active_to is None or a.active_to < day.year for a in early.affiliates)
    assert all(p.lost.last_day <= day for p in early.places)
    for place in early.places:
        assert place.retaken is None or place.retaken.last_day <= day
        assert place.lost_again is None or place.lost_again.last_day <= day
        assert place.observed_to.last_day <= day
    assert all(o.end.last_day <= day for o in early.organisations)
    assert all(other.last_day <= day for o in early.organisations for _, other in o.losing)
    assert max(w.year for w in early.wars) == 2015  # deaths of 2016 are public from 31 July 2017
    assert max(y.year for y in early.country_years) == 2015


def test_a_pledge_that_was_disclosed_late_is_known_late() -> None:
    """The Allied Democratic Forces pledged in October 2017, which was public in April 2019."""
    for day, there in (("2018-12-31", False), ("2019-05-01", True)):
        found = {(a.country, a.family) for a in open_reference_class(day).affiliates}
        assert (("COD", "ISIS") in found) == there


def test_a_place_retaken_later_is_not_yet_retaken() -> None:
    """Qaryatayn was lost in April 2016 and retaken in October 2017."""
    for day, retaken in (("2017-02-13", None), ("2017-12-31", "2017-10-01")):
        places = {p.place: p for p in open_reference_class(day).places}
        found = places["Qaryatayn (first loss)"].retaken
        assert (None if found is None else str(found)) == retaken


def test_a_row_published_later_changes_nothing(early: ReferenceClass) -> None:
    changed = texts()
    row = "XKX,Invented,ISIS,org,new_founding,2016-01,,no,2016,2026,2018-01,nobody,,B2,yes\n"
    changed["affiliates"] += row
    from afterfall.reference.reference_class import cut_class

    assert cut_class(read_tables(changed), early.as_of) == early
    assert cut_class(read_tables(changed), dt.date(2018, 6, 1)) != open_reference_class("2018-06-01")


def test_all_problems_are_reported_together() -> None:
    broken = texts()
    broken["affiliates"] = broken["affiliates"].replace(",ISIS,", ",ISISS,", 1)
    broken["places"] = broken["places"].replace("2010-08-25", "2010-13-25", 1)
    broken["wars"] += "ZZZ,ISIS,2020,30\n"
    del broken["rivals"]
    with pytest.raises(ReferenceClassError) as caught:
        read_tables(broken)
    said = str(caught.value)
    assert "4 problems" in said
    for what in ("'ISISS'", "places.csv", "ZZZ", "rivals.csv"):
        assert what in said


def test_a_day_too_early_or_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="starts to inform in 2005"):
        open_reference_class("2003-01-01")
    with pytest.raises(ValueError, match="expected a date"):
        open_reference_class("soon")


def test_the_last_day_is_where_the_tables_end() -> None:
    assert open_reference_class().as_of == LAST_DAY == open_reference_class("2030-01-01").as_of


def test_the_list_fixed_in_advance_has_36_losses_of_which_four_were_retaken() -> None:
    fixed = [p for p in open_reference_class().places if p.fixed_list]
    assert (len(fixed), sum(p.retaken is not None for p in fixed)) == (36, 4)
