"""Plain text: lines and tables that fit 100 columns by breaking words, never numbers."""

from __future__ import annotations

from afterfall.cli.plain_columns import WIDTH, plain_line, plain_text
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def test_a_long_line_is_broken_between_words_and_indented_after_a_dash() -> None:
    lines = plain_line("- " + "word " * 60).splitlines()
    assert len(lines) > 2
    assert max(map(len, lines)) <= WIDTH
    assert all(line.startswith("  word") for line in lines[1:])


def test_a_wide_table_breaks_headings_first_then_words_and_no_number() -> None:
    columns = (*word_columns("what"), *number_columns(*(f"a long heading number {i}" for i in range(6))))
    row = ("an organisation with a long name that could be broken somewhere", *("1,000–20,000",) * 6)
    text = plain_text(TextTable(columns, ((row,),)))
    assert max(map(len, text.splitlines())) <= 110
    assert text.count("1,000–20,000") == 6
    assert "a long heading number 0" not in text


def test_a_narrow_table_is_left_as_it_is() -> None:
    grid = TextTable((*word_columns("who it is"), *number_columns("how many of them")), ((("a", "1"),),))
    assert plain_text(grid).splitlines() == ["who it is  how many of them", "a                         1"]
