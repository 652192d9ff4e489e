"""Numbers and dates of a file of figures mean one thing, decided for the whole file, or are refused."""

from __future__ import annotations

import pytest

from afterfall.case.intake.loose_sheet import read_loose
from afterfall.case.intake.loose_values import LooseCell, days_meant, numbers_meant


def counts(*texts: str) -> list[str | None]:
    """What counts of people mean that stand in one file."""
    cells = [LooseCell(i, "value", text, lambda number: number == int(number)) for i, text in enumerate(texts)]
    found = numbers_meant(cells)
    return [found[cell.row, cell.column].text for cell in cells]


def shares(*texts: str) -> list[str | None]:
    """What shares mean."""
    cells = [LooseCell(i, "value", text, lambda number: 0 <= number <= 1, share=True) for i, text in enumerate(texts)]
    found = numbers_meant(cells)
    return [found[cell.row, cell.column].text for cell in cells]


def days(*texts: str) -> list[str | None]:
    """What dates mean that stand in one file."""
    found = days_meant([LooseCell(i, "refers_to", text) for i, text in enumerate(texts)])
    return [found[i, "refers_to"].text for i in range(len(texts))]


@pytest.mark.parametrize("text", ["1.450", "1,450", "1 450", "1'450", "1\u202f450", "1450.0", "1450"])
def test_a_count_is_whole_and_so_a_sign_within_it_separates_thousands(text: str) -> None:
    assert counts(text) == ["1450"]


def test_a_number_of_two_meanings_is_refused_with_both() -> None:
    found = numbers_meant([LooseCell(2, "value", "1.000", lambda number: number == int(number))])
    assert found[2, "value"].text is None
    assert "write 1 or 1000" in found[2, "value"].expected


def test_another_cell_of_the_file_decides() -> None:
    assert counts("1.000", "2.450.000") == ["1000", "2450000"]
    assert shares("0,5", "0,125") == ["0.5", "0.125"]


def test_a_share_may_be_written_in_per_cent_and_a_count_may_not() -> None:
    assert shares("30 %", "12,5%") == ["0.3", "0.125"]
    assert counts("30 %") == [None]


@pytest.mark.parametrize("text", ["20-25", "~30", "nan", "about 40", "1,5"])
def test_what_is_no_count_is_refused(text: str) -> None:
    assert counts(text) == [None]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("13/02/2017", "2017-02-13"),
        ("2/13/2017", "2017-02-13"),
        ("13.02.2017", "2017-02-13"),
        ("02/02/2017", "2017-02-02"),
        ("13 Feb 2017", "2017-02-13"),
        ("February 2017", "2017-02"),
        ("02/2017", "2017-02"),
        ("2017/02/13", "2017-02-13"),
        ("2017-02-13 00:00:00", "2017-02-13"),
        ("2017", "2017"),
    ],
)
def test_a_date_of_one_meaning_is_read(text: str, meant: str) -> None:
    assert days(text) == [meant]


def test_the_day_comes_first_where_another_date_of_the_file_says_so() -> None:
    assert days("2/3/2017") == [None]
    assert days("2/3/2017", "13/02/2017") == ["2017-03-02", "2017-02-13"]
    assert days("2/3/2017", "02/13/2017") == ["2017-02-03", "2017-02-13"]
    assert days("2/3/2017", "02/13/2017", "13/02/2017")[0] is None


@pytest.mark.parametrize("text", ["30/02/2017", "13/13/2017", "42779", "13/02/17", "soon"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert days(text) == [None]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_sheet_is_read_with_any_sign_between_cells_and_any_marked_coding(coding: str, sign: str) -> None:
    text = sign.join(["quantity", "place"]) + "\r\n" + sign.join(["returned", '"Côte d\'Ivoire"']) + "\r\n\r\n"
    sheet = read_loose(text.encode(coding), "f.csv")
    assert sheet.problems == ()
    assert sheet.columns == ("quantity", "place")
    assert sheet.rows == ((2, ("returned", "Côte d'Ivoire")),)
    assert len(sheet.notes) == (sign != ",") + (coding != "utf-8")


def test_a_workbook_and_unmarked_codings_are_refused_with_the_line() -> None:
    assert "workbook" in str(read_loose(b"PK\x03\x04...", "f.csv").problems[0])
    (problem,) = read_loose("quantity\nMâcon\n".encode("latin-1"), "f.csv").problems
    assert (problem.row, "0xe2" in problem.found) == (2, True)


def test_a_row_of_another_length_is_reported_by_its_number() -> None:
    sheet = read_loose(b"a,b\n1,2\n\n1,2,3\n1,2,,\n", "f.csv")
    assert [problem.row for problem in sheet.problems] == [4]
    assert [number for number, _ in sheet.rows] == [2, 5]
