"""Rows of CSV files, and tables of a case with the columns of the schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterfall.case import bundled_cases
from afterfall.case.schema import TABLES
from afterfall.importers.case_tables import case_columns, read_rows, write_rows, write_tables


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    rows = [{"region": "north", "name": "The North, far"}, {"region": "south", "name": 'the "South"'}]
    write_tables(tmp_path / "case", {"regions": rows})
    assert read_rows(tmp_path / "case" / "regions.csv") == rows


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("a,b\n1,2\n".encode("utf-8-sig"))
    assert read_rows(tmp_path / "t.csv") == [{"a": "1", "b": "2"}]


def test_missing_cells_are_empty_and_unknown_columns_an_error(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.csv", ("a", "b"), [{"b": "2"}])
    assert read_rows(tmp_path / "t.csv") == [{"a": "", "b": "2"}]
    with pytest.raises(ValueError, match="'c'"):
        write_rows(tmp_path / "t.csv", ("a", "b"), [{"c": "2"}])


def test_columns_are_those_of_the_schema_for_every_table() -> None:
    for table in TABLES:
        assert case_columns(table.attribute) == tuple(column.name for column in table.columns)
    assert bundled_cases()


def test_a_row_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    write_rows(file, ("a", "b"), [{"a": "1", "b": "2"}])
    before = file.read_bytes()
    with pytest.raises(ValueError, match="'c'"):
        write_rows(file, ("a", "b"), [{"a": "3"}, {"c": "4"}])
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
