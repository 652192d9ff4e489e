"""Custody events and indicators: what is checked, what the cut drops, and that a case without them is as before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from afterfall.case import Case, CaseError, CustodyChange, PartialDate, case_hash, cut, open_case

HEAD = "event,kind,date,from_custodian,to_custodian,site,people,role,low,value,high,family,published,source,grade,note"
GOOD = "flight,break,2015-03-01,tower,unrecorded,the tower,ARDA,man,3,4,6,,2015-03-02,lesson-atlas,C3,"
SIGNS = "indicator,name,watch,pathway,direction,places,judgement,published,source,grade,note"


@pytest.fixture
def custodian(folder: Path) -> str:
    """A custodian of the small case."""
    rows = (folder / "places.csv").read_text().splitlines()
    return next(row.split(",")[0] for row in rows if ",custodian," in row)


def written(folder: Path, *rows: str, name: str = "custody_events.csv", head: str = HEAD) -> Path:
    (folder / name).write_text("\n".join((head, *rows)) + "\n")
    return folder


def row(custodian: str, old: str = "", new: str = "") -> str:
    origin = next(one.place for one in open_case("tiny").places if one.kind == "origin")
    source = open_case("tiny").sources[0].source
    text = GOOD.replace("tower,", f"{custodian},", 1).replace("ARDA", origin).replace("lesson-atlas", source)
    return text.replace(old, new, 1)


def test_an_empty_file_and_no_file_are_the_same_case(folder: Path) -> None:
    empty = written(written(folder), name="indicators.csv", head=SIGNS)
    assert case_hash(open_case(empty)) == case_hash(open_case("tiny"))


def test_an_event_is_read_and_changes_the_hash_only_once_it_is_public(folder: Path, custodian: str) -> None:
    written(folder, row(custodian))
    case = open_case(folder)
    assert [(one.event, one.low, one.value, one.high) for one in case.custody_events] == [("flight", 3.0, 4.0, 6.0)]
    assert case_hash(case) != case_hash(open_case("tiny"))
    early = open_case(folder, as_of="2015-03-01")
    assert early.custody_events == ()
    assert case_hash(early) == case_hash(open_case("tiny", as_of="2015-03-01"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("unrecorded", "unrecordd", r"to_custodian: found 'unrecordd'.*did you mean 'unrecorded'"),
        (
            ",break,",
            ",transfer,",
            "found 'unrecorded'; expected a place of kind custodian, since people of",
        ),
        (",break,", ",brake,", r"kind: found 'brake'.*did you mean 'break'"),
        ("3,4,6", "3,4,", "value: found 3, 4, nothing; expected low, value and high, or none of them"),
        ("3,4,6", "5,4,6", "value: found 5, 4, 6; expected low <= value <= high"),
        ("3,4,6", "3.5,4,6", "low: found 3.5; expected a whole number"),
        ("2015-03-01,", "2015-04-01,", "date: found 2015-04-01, after published 2015-03-02"),
        (",man,", ",men,", r"role: found 'men'.*did you mean 'man'"),
    ],
)
def test_what_is_wrong_is_reported(folder: Path, custodian: str, old: str, new: str, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        open_case(written(folder, row(custodian, old, new)))


def test_nationalities_and_custodians_are_places(folder: Path, custodian: str) -> None:
    origin = next(one.place for one in open_case("tiny").places if one.kind == "origin")
    with pytest.raises(CaseError, match=rf"people: found '{origin}x'.*did you mean '{origin}'"):
        open_case(written(folder, row(custodian, f",{origin},", f",{origin}x,")))
    with pytest.raises(CaseError, match=rf"from_custodian: found '{origin}'; expected a place of kind custodian"):
        open_case(written(folder, row(custodian, f",{custodian},", f",{origin},")))


def test_an_indicator_names_places_and_a_direction(folder: Path) -> None:
    source = open_case("tiny").sources[0].source
    good = f"i1,Name,what is seen,home,up,,,2015-03-02,{source},C3,"
    assert len(open_case(written(folder, good, name="indicators.csv", head=SIGNS)).indicators) == 1
    wrong = good.replace(",up,,", ",upp,NOWHERE,")
    with pytest.raises(CaseError, match=r"direction: found 'upp'.*did you mean 'up'"):
        open_case(written(folder, wrong, name="indicators.csv", head=SIGNS))
    with pytest.raises(CaseError, match=r"places: found 'NOWHERE'; expected names in places.csv"):
        open_case(written(folder, good.replace(",up,,", ",up,NOWHERE,"), name="indicators.csv", head=SIGNS))


def test_an_event_of_people_or_custodians_not_yet_public_is_dropped(whole: Case) -> None:
    keeper = next(one for one in whole.places if one.kind == "custodian")
    event = CustodyChange(
        event="flight", kind="break", date=PartialDate("2015-03"), from_custodian=keeper.place, to_custodian="home",
        published=PartialDate("2015-03"), source=keeper.source, grade="C3",
    )  # fmt: skip
    case = replace(whole, custody_events=(event, replace(event, event="b", people="LATER")))
    assert cut(case, "2015-06-30").custody_events == (event,)


def test_the_transfer_to_iraq_is_known_in_parts_as_they_were_published() -> None:
    def moved(day: str) -> dict[str, float | None]:
        events = open_case("isis", as_of=day).custody_events
        return {one.people: one.value for one in events if one.kind == "transfer" and one.date.text == "2026-02-12"}

    assert moved("2026-02-10") == {}
    assert moved("2026-02-13")[""] == 5704
    assert "TUN" not in moved("2026-02-13")
    now = moved("2026-03-13")
    assert now["TUN"] == 234
    assert now["CHN; TKM"] == 165
    assert now["BEL"] is None
    assert sum(value or 0 for code, value in now.items() if code not in {"", "SYR", "IRQ"}) <= 5704 - 3543 - 467
