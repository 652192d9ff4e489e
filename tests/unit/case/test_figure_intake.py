"""A file of figures against a case: what each row is, one report of all problems, and bytes that stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterfall.case import read_case
from afterfall.case.intake.figure_intake import FigureIntake, FiguresError, take_figures
from afterfall.case.open import open_to_edit

HEAD = "quantity,place,value,refers_to,published,source,grade\n"
NEW = HEAD + "returned,Arda,52,2015-06,2015-06-20,lesson-field,B2\n"


def taken(text: str, name: str | Path = "tiny") -> FigureIntake:
    """A file with this text, checked against a case."""
    return take_figures(*open_to_edit(name), text.encode(), "f.csv")


def status(text: str) -> list[str]:
    """What the rows of a file are."""
    return [row.status for row in taken(text).rows]


def test_a_new_figure_goes_to_the_end_and_the_other_rows_stay_byte_for_byte() -> None:
    found = taken(NEW)
    old, new = found.old["figures.csv"], found.files["figures.csv"]
    assert list(found.files) == ["figures.csv"]
    assert new.startswith(old)
    row = b"returned-arda-2015-06,returned,arda,,,52,52,52,,2015-06,2015-06-20,cumulative,,,lesson-field,B2,no,\n"
    assert new.removeprefix(old) == row
    assert len(found.after.figures) == len(found.before.figures) + 1


def test_ends_of_lines_order_of_columns_and_a_missing_last_end_are_those_of_the_file(tmp_path: Path) -> None:
    _, folder = open_to_edit("tiny")
    for item in folder.iterdir():
        (tmp_path / item.name).write_bytes(item.read_bytes())
    file = tmp_path / "figures.csv"
    lines = [line.split(",", 2) for line in file.read_text().splitlines()]
    file.write_bytes("\r\n".join(f"{b},{a},{rest}" for a, b, rest in lines).encode())
    found = taken(NEW, tmp_path)
    old, new = found.old["figures.csv"], found.files["figures.csv"]
    assert new.startswith(old + b"\r\nreturned,returned-arda-2015-06,arda,")
    assert new.endswith(b"\r\n")


def test_a_figure_that_the_case_has_is_repeated_and_not_added() -> None:
    text = HEAD + "returned,arda,45,2015-04,2015-06,lesson-survey,B2\n"
    found = taken(text)
    assert [row.status for row in found.rows] == ["repeated"]
    assert found.rows[0].figure.figure == "arda-returned-2015"
    assert found.files == {}
    assert found.added == ()


def test_another_number_for_the_same_day_and_an_impossible_one_are_contradictory() -> None:
    other = HEAD + "returned,arda,90,2015-04,2015-06,lesson-field,B2\n"
    more_than_travelled = HEAD + "killed,cern,5000,2015-06,2015-06,lesson-field,B2\n"
    assert status(other) == status(more_than_travelled) == ["contradictory"]
    assert "arda-returned-2015 has 40 to 50" in taken(other).rows[0].remarks[0]
    assert "5,000 for Cern (cern), killed" in taken(more_than_travelled).rows[0].remarks[0]


def test_a_figure_public_after_the_as_of_date_is_late() -> None:
    found = taken(HEAD + "travelled,WLD,470,2015-12,2016-01,lesson-later,B2\n")
    assert [(row.status, row.late) for row in found.rows] == [("new", True)]


def test_the_same_number_by_another_source_is_new_and_said() -> None:
    (row,) = taken(HEAD + "returned,brom,25,2015-05,2015-06,lesson-field,B2\n").rows
    assert row.status == "new"
    assert "give it the family ministry-brom" in row.remarks[0]


def test_names_are_read_as_people_write_them_and_what_is_left_out_is_filled_in_and_said() -> None:
    found = taken(
        "Quantity,Country,Role,Number,As of,Published,Source\nIn theatre,BROM,Women,7,2015-06,2015-06,Lesson field\n"
    )
    (figure,) = [row.figure for row in found.rows]
    assert (figure.quantity, figure.place, figure.role, figure.value) == ("in_theatre", "brom", "woman", 7)
    assert (figure.basis, figure.grade, figure.verified, figure.source) == ("stock", "F6", False, "lesson-field")
    said = "\n".join(found.notes)
    for part in ("'Country' read as place", "'Women' read as woman", "taken as stock", "taken as F6"):
        assert part in said


def test_a_new_source_is_added_to_the_sources() -> None:
    head = HEAD.replace("source,", "source_title,publisher,url,")
    found = taken(head + "returned,arda,52,2015-06,2015-06-20,A new count,Press of Dusk,https://example.org,C2\n")
    assert sorted(found.files) == ["figures.csv", "sources.csv"]
    slug = "press-of-dusk-2015-06-20"
    assert found.rows[0].figure.source == slug
    added = found.files["sources.csv"].removeprefix(found.old["sources.csv"]).decode()
    assert added == f"{slug},A new count,Press of Dusk,2015-06-20,https://example.org,,\n"
    assert found.after.source(slug).title == "A new count"


def test_all_problems_come_in_one_report_with_row_column_and_nearest_name() -> None:
    rows = "retuned,Ardaa,1.000,2/3/2015,2015-03,lesson-feild,Z9\nreturned,arda,x,2015-03,2015-03,lesson-field,B2\n"
    with pytest.raises(FiguresError) as caught:
        taken(HEAD + rows)
    places = {(problem.row, problem.column) for problem in caught.value.problems}
    first = {(2, c) for c in ("quantity", "place", "value", "refers_to", "source", "grade")}
    assert places == {*first, (3, "value")}
    text = str(caught.value)
    assert text.startswith("f.csv has 7 problems; nothing was added:")
    for near in ("did you mean 'returned'?", "did you mean 'arda'?", "did you mean 'lesson-field'?"):
        assert near in text


def test_what_a_check_of_the_case_finds_is_reported_in_the_row_of_the_file() -> None:
    row = "\nreturned,arda,52,2015-06,2014-06,lesson-field,B2\n"
    with pytest.raises(FiguresError, match=r"f\.csv row 3, refers_to: found 2015-06, after published 2014-06"):
        taken(HEAD + row)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "an empty file"),
        (HEAD, "no row below the header row"),
        (
            HEAD.replace("published", "publishd") + "returned,arda,1,2015,2015,lesson-field,B2\n",
            "did you mean 'published'",
        ),
        (HEAD.replace(",value", ",note") + "returned,arda,1,2015,2015,lesson-field,B2\n", "no column value"),
        (NEW + NEW.removeprefix(HEAD), "the same figure as in row 2"),
        (HEAD + "returned,arda,52,2051-01,2051-02,lesson-field,B2\n", "did you mean 2015-01"),
    ],
)
def test_a_file_that_cannot_be_added_says_why(text: str, said: str) -> None:
    with pytest.raises(FiguresError, match=said):
        taken(text)


def test_a_date_that_a_figure_shares_with_its_new_source_is_reported_once() -> None:
    head = HEAD.replace("source,", "source_title,publisher,")
    with pytest.raises(FiguresError) as caught:
        taken(head + "returned,arda,52,2015,2051-01,A new count,Press of Dusk,C2\n")
    assert [(problem.row, problem.column) for problem in caught.value.problems] == [(2, "published")]


def test_a_name_that_another_figure_has_is_refused() -> None:
    text = NEW.replace("quantity", "figure,quantity").replace("returned,Arda", "world-2014-01,returned,Arda")
    with pytest.raises(FiguresError, match="'world-2014-01', which is another figure"):
        taken(text)


def test_the_files_as_they_would_be_are_a_case(tmp_path: Path) -> None:
    found = taken(NEW)
    _, folder = open_to_edit("tiny")
    for item in folder.iterdir():
        (tmp_path / item.name).write_bytes(found.files.get(item.name, item.read_bytes()))
    assert read_case(tmp_path).figures == found.after.figures
