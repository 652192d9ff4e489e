"""Reads one cell: text in; out comes a value of the column's kind, or what the column expects."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from afterfall.case.dates import DATE_SHAPE, PartialDate
from afterfall.case.number_hints import date_hint, number_hint
from afterfall.case.problems import nearest_name
from afterfall.case.schema import Column
from afterfall.case.text_rules import fault_in

Value = str | float | int | bool | PartialDate | None

SLUG = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
GRADE = re.compile(r"[A-F][1-6]")
#: Plain decimals only: float() would accept nan, inf and 1_000.
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
INTEGER = re.compile(r"[+-]?\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cell cannot be read: what the column expects, and the nearest valid word."""

    expected: str
    nearest: str | None = None


def parse(cell: str, column: Column) -> Value | Refusal:
    """The value of a cell without surrounding blanks, or a refusal if it is not what the column expects.

    An empty cell is ``""`` for text, names and words, and None for other kinds.
    """
    text = cell.strip()
    fault = fault_in(text, lines=column.lines)
    if fault is not None:
        return Refusal(f"text without it: found {fault}")
    if not text:
        if column.required:
            return Refusal(f"{EXPECTED[column.kind]}, not an empty cell")
        return "" if column.kind in ("text", "slug", "word") else None
    return _parsed(text, column)


def _parsed(text: str, column: Column) -> Value | Refusal:
    match column.kind:
        case "text":
            return text
        case "slug" if SLUG.fullmatch(text):
            return text
        case "grade" if GRADE.fullmatch(text):
            return text
        case "yes_no" if text in ("yes", "no"):
            return text == "yes"
        case "word" if text in column.words:
            return text
        case "word":
            return Refusal(f"one of {', '.join(column.words)}", nearest_name(text, column.words))
        case "integer" if INTEGER.fullmatch(text):
            number = _within(float(text), column)
            return number if isinstance(number, Refusal) else int(number)
        case "number" if NUMBER.fullmatch(text):
            return _within(float(text), column)
        case "date":
            return _date(text)
    hint = number_hint(text) if column.kind in ("number", "integer") else ""
    return Refusal(_with(EXPECTED[column.kind], hint))


def _with(expected: str, hint: str) -> str:
    return f"{expected}; {hint}" if hint else expected


def _date(text: str) -> PartialDate | Refusal:
    try:
        return PartialDate(text)
    except ValueError:
        return Refusal(_with(EXPECTED["date"], date_hint(text)))


def _within(number: float, column: Column) -> float | Refusal:
    if not math.isfinite(number):
        return Refusal("a finite number")
    if column.at_least is not None and number < column.at_least:
        return Refusal(f"a number of at least {column.at_least:g}")
    if column.at_most is not None and number > column.at_most:
        return Refusal(f"a number of at most {column.at_most:g}")
    return number


EXPECTED = {
    "text": "text",
    "slug": "a name of letters and digits joined by - or _",
    "number": "a number",
    "integer": "a whole number",
    "date": f"a date as {DATE_SHAPE}",
    "grade": "an Admiralty grade, A to F then 1 to 6, such as B2",
    "yes_no": "yes or no",
    "word": "a word",
    "names": "a list of names",
    "texts": "a list of texts",
    "dates": f"a list of dates as {DATE_SHAPE}",
}
