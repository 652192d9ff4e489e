"""How to write a number or a date that a cell gives in another form.

A cell is never guessed: "1.450" is 1.45 or 1,450 depending on who wrote it. The hint says what to write for each
meaning.
"""

from __future__ import annotations

import re

GROUPED = re.compile(r"[+-]?\d{1,3}([.,'\u2019\u00a0\u202f ]\d{3})+")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|\u2013|\u2014|to)\s*(\d+(?:\.\d+)?)")
PER_CENT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%")
ABOUT = re.compile(r"(?:~|\u2248|>=?|<=?|ca\.?|about|over|under)\s*(\d+)", re.IGNORECASE)
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED_MONTH = re.compile(r"(?:(\d{1,2})\.?\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})")
SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?")
NO_NUMBER = frozenset({"*", "?", "-", "\u2013", "n/a", "na", "nan", "none", "null", "unknown", ".."})


def number_hint(text: str) -> str:
    """How to write a number that stands in another form, or nothing where the form is not known."""
    if text.casefold() in NO_NUMBER:
        return "leave the row out where no number was published, or give the range it may lie in"
    if GROUPED.fullmatch(text):
        return f"write {re.sub(r'[^0-9+-]', '', text)}, without separators, if that is meant"
    if DECIMAL_COMMA.fullmatch(text):
        return f"write {text.replace(',', '.')}, with a decimal point, if that is meant"
    if match := RANGE.fullmatch(text):
        return f"put {match[1]} in the column low and {match[2]} in the column high"
    if match := PER_CENT.fullmatch(text):
        return f"write {float(match[1]) / 100:g}, a share"
    if match := ABOUT.fullmatch(text):
        return f"write {match[1]} and give the range in low and high, or the bound in the column bound"
    return ""


def date_hint(text: str) -> str:
    """How to write a date that stands in another form, or nothing where the form is not known."""
    meant = dates_meant(text)
    return f"write {' or '.join(meant)}" + (", whichever is meant" if len(meant) > 1 else "") if meant else ""


def dates_meant(text: str) -> tuple[str, ...]:
    """What a date in another form may mean, the day first where it may be day or month; empty for unknown forms.

    >>> dates_meant("13/02/2017"), dates_meant("2/3/2017"), dates_meant("13 Feb 2017")
    (('2017-02-13',), ('2017-03-02', '2017-02-03'), ('2017-02-13',))
    """
    if match := DAY_FIRST.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), match[3]
        return tuple(
            f"{year}-{month:02d}-{day:02d}"
            for day, month in dict.fromkeys(((first, second), (second, first)))
            if 1 <= month <= 12 and 1 <= day <= 31
        )
    if match := NAMED_MONTH.fullmatch(text):
        name = match[2][:3].casefold()
        day = f"-{int(match[1]):02d}" if match[1] else ""
        return (f"{match[3]}-{MONTHS.index(name) + 1:02d}{day}",) if name in MONTHS else ()
    if (match := SLASHED.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        day = f"-{int(match[3]):02d}" if match[3] else ""
        return (f"{match[1]}-{int(match[2]):02d}{day}",)
    return ()
