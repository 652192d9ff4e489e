"""The format is said once: records, reader and page agree with the schema."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_type_hints

import pytest

from afterfall.case import CaseTables, CountryGroup, Evaluation, Header, Hindsight
from afterfall.case.cells import Refusal, parse
from afterfall.case.header_records import NamedView
from afterfall.case.schema import BY_ATTRIBUTE, HEADER, TABLES, Column, Table

PAGE = Path(__file__).parents[3] / "docs" / "case-format.md"
TYPES = {"number": float, "integer": int, "yes_no": bool}
tables = pytest.mark.parametrize("table", TABLES, ids=lambda t: t.attribute)


@tables
def test_a_record_has_the_columns_of_its_file_in_their_order(table: Table) -> None:
    assert [f.name for f in fields(table.record)] == [c.name for c in table.columns] + ["where"]


@tables
def test_what_may_be_empty_has_a_default_and_nothing_else_has(table: Table) -> None:
    optional = {f.name for f in fields(table.record) if f.default is not MISSING} - {"where"}
    assert optional == {c.name for c in table.columns if not c.required}


@tables
def test_the_types_of_a_record_are_those_of_its_cells(table: Table) -> None:
    hints = get_type_hints(table.record)
    for column in table.columns:
        expected = TYPES.get(column.kind)
        if expected is not None:
            assert hints[column.name] in (expected, expected | None), column.name


@tables
def test_keys_and_references_exist(table: Table) -> None:
    names = {c.name for c in table.columns}
    assert set(table.key) <= names
    for column in table.columns:
        assert column.refers is None or BY_ATTRIBUTE[column.refers].name_column
        assert bool(column.words) == (column.kind == "word"), column.name


def test_a_case_has_an_attribute_for_every_table_in_the_same_order() -> None:
    assert [f.name for f in fields(CaseTables)] == [t.attribute for t in TABLES]


def test_the_header_has_the_keys_of_case_toml() -> None:
    keys = [c.name for c in HEADER["case"] if c.name != "format"]
    sections = ["theatre", "hindsight", "evaluation", "groups", "definitions", "views", "declared_id"]
    assert sorted(f.name for f in fields(Header)) == sorted([*keys, *sections])
    assert [f.name for f in fields(Hindsight)] == [c.name for c in HEADER["hindsight"]]
    assert [f.name for f in fields(CountryGroup)] == [c.name for c in HEADER["group"]]
    assert [f.name for f in fields(NamedView)] == [*(c.name for c in HEADER["view"]), "evaluation"]
    assert [f.name for f in fields(Evaluation)] == [c.name for c in HEADER["evaluation"]]


@tables
def test_the_page_lists_every_column_in_its_order(table: Table) -> None:
    section = PAGE.read_text(encoding="utf-8").split(f"### {table.file}\n")[1].split("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [c.name for c in table.columns]
    for column in table.columns:
        row = next(line for line in section.splitlines() if line.startswith(f"| `{column.name}` |"))
        assert ("required" in row.split("|")[2]) == column.required, row
        assert all(f"`{word}`" in row for word in column.words), row
        assert column.refers is None or BY_ATTRIBUTE[column.refers].file in row, row


@pytest.mark.parametrize("text", ["1_000", "nan", "inf", "1,000", "0x10", "١٢", "--1", "1e", ""])
def test_text_that_python_might_take_for_a_number_is_none(text: str) -> None:
    assert isinstance(parse(text, Column("n", "number")), Refusal)
    assert isinstance(parse(text, Column("n", "integer")), Refusal)


@pytest.mark.parametrize(("text", "number"), [("12", 12.0), ("-0.5", -0.5), (".5", 0.5), ("3e-4", 3e-4), (" 7 ", 7.0)])
def test_numbers_are_plain_decimals(text: str, number: float) -> None:
    assert parse(text, Column("n", "number")) == number


def test_an_empty_cell_is_missing_and_never_zero() -> None:
    assert parse(" ", Column("n", "number", required=False)) is None
    assert parse("", Column("d", "date", required=False)) is None
    assert parse("", Column("t", "text", required=False)) == ""
