"""What numbers and dates of a file mean, decided for the file as a whole.

"1.450" is 1.45 or 1,450, and "2/3/2017" a day in March or in February, depending on who wrote it. One file is written
by one hand. So each convention is tried on every cell: a point or a comma before decimals, the day or the month first.
A convention that cannot be that of some cell (a count of 1.45 people, a thirteenth month) is not that of the file. A
cell that has one meaning under all conventions that are left is read; one that has several is refused, with all of
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from afterfall.case.dates import PartialDate
from afterfall.case.number_hints import DAY_FIRST, dates_meant, number_hint

#: Signs that separate thousands in any language, besides the point and the comma.
NEUTRAL = " '\u2019\u00a0\u202f"
PER_CENT = re.compile(r"(.*\d)\s*%")
MONTH_YEAR = re.compile(r"(\d{1,2})[./-](\d{4})")
#: A day as databases and spreadsheets write it, with the time at its start.
MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?")


@dataclass(frozen=True, slots=True)
class LooseCell:
    """A cell to be read: where it stands, its text, and which numbers are possible there."""

    row: int
    column: str
    text: str
    possible: Callable[[Decimal], bool] = lambda _: True
    share: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cell means, in the form of a case; or what it may mean and what is expected, where it is refused."""

    text: str | None
    expected: str = ""


Meanings = dict[tuple[int, str], Meaning]


def numbers_meant(cells: Sequence[LooseCell]) -> Meanings:
    """What the cells of numbers of one file mean."""
    read = {sign: [_number(cell, sign) for cell in cells] for sign in ".,"}
    failed = {sign: sum(one is None for one in values) for sign, values in read.items()}
    least = min(failed.values())
    left = [sign for sign in ".," if failed[sign] == least]
    found: Meanings = {}
    for i, cell in enumerate(cells):
        meant = list(dict.fromkeys(value for sign in left if (value := read[sign][i]) is not None))
        if len(meant) == 1:
            found[cell.row, cell.column] = Meaning(meant[0])
        elif meant:
            expected = f"a number with one meaning: write {' or '.join(meant)}, whichever is meant"
            found[cell.row, cell.column] = Meaning(None, expected)
        else:
            found[cell.row, cell.column] = Meaning(None, _expected_number(cell, read, i, left))
    return found


def _expected_number(cell: LooseCell, read: dict[str, list[str | None]], i: int, left: Sequence[str]) -> str:
    other = next((value for sign in ".," if sign not in left and (value := read[sign][i]) is not None), None)
    if other is not None:
        point = "point" if left[0] == "." else "comma"
        return f"a decimal {point}, as in the other cells of the file: write {other} if that is meant"
    hint = number_hint(cell.text)
    return "a number" + (f"; {hint}" if hint else "")


def _number(cell: LooseCell, decimal: str) -> str | None:
    """The number of a cell under a convention as a case has it, or None."""
    text = cell.text
    percent = PER_CENT.fullmatch(text) if cell.share else None
    digits = _plain(percent[1] if percent else text, decimal)
    if digits is None:
        return None
    number = Decimal(digits) / (100 if percent else 1)
    return format(number.normalize(), "f") if cell.possible(number) else None


def _plain(text: str, decimal: str) -> str | None:
    """The digits of a number without separators and with a decimal point, or None."""
    groups = ("," if decimal == "." else ".") + NEUTRAL
    tail = rf"(?:{re.escape(decimal)}(\d+))?"
    if match := re.fullmatch(rf"([+-]?\d+){tail}", text, re.ASCII):
        return match[1] + (f".{match[2]}" if match[2] else "")
    if match := re.fullmatch(
        rf"([+-]?[1-9]\d{{0,2}}(?:([{re.escape(groups)}])\d{{3}})(?:\2\d{{3}})*){tail}", text, re.ASCII
    ):
        return re.sub(r"[^\d+-]", "", match[1]) + (f".{match[3]}" if match[3] else "")
    return None


def days_meant(cells: Sequence[LooseCell]) -> Meanings:
    """What the cells of dates of one file mean."""
    split = [match for cell in cells if (match := DAY_FIRST.fullmatch(cell.text))]
    day_first = any(int(match[1]) > 12 for match in split)
    month_first = any(int(match[2]) > 12 for match in split)
    return {(cell.row, cell.column): _day(cell.text, day_first, month_first) for cell in cells}


def _day(text: str, day_first: bool, month_first: bool) -> Meaning:
    """What a date means in a file that has days first, months first, both or neither."""
    if match := MIDNIGHT.fullmatch(text):
        text = match[1]
    if match := MONTH_YEAR.fullmatch(text):
        text = f"{match[2]}-{int(match[1]):02d}"
    meant = [text, *dates_meant(text)]
    valid = [one for one in dict.fromkeys(meant) if _is_date(one)]
    if len(valid) > 1 and day_first != month_first:
        valid = valid[:1] if day_first else valid[1:]
    if len(valid) == 1:
        return Meaning(valid[0])
    if valid:
        why = "the file has both orders" if day_first else "nothing in the file says whether the day comes first"
        return Meaning(None, f"a date with one meaning ({why}): write {' or '.join(valid)}")
    return Meaning(None, "a date as YYYY, YYYY-MM or YYYY-MM-DD")


def _is_date(text: str) -> bool:
    try:
        PartialDate(text)
    except ValueError:
        return False
    return True
