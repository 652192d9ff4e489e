"""Days as a user types them: a slip of the calendar is told with the nearest day there is."""

from __future__ import annotations

import re
from calendar import monthrange

from afterfall.case import as_day
from afterfall.cli.failures import BAD_INPUT, Failure

WRITTEN = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


def check_day(option: str, text: str | None) -> None:
    """Refuse a text that is no date; None, and a number of months, pass.

    Raises
    ------
    Failure
        If the text is no date, with the nearest one where it is written like a date.
    """
    if text is None or (text.isdecimal() and len(text) < len("2018")):
        return
    try:
        as_day(text)
    except ValueError as problem:
        nearest = nearest_day(text)
        hint = f"; the nearest {'day' if nearest.count('-') > 1 else 'month'} is {nearest}" if nearest else ""
        raise Failure(f"{option}: {problem}{hint}", BAD_INPUT) from None


def nearest_day(text: str) -> str | None:
    """The day, or month, of the calendar nearest to one written in numbers, or None where it is not.

    >>> nearest_day("2017-02-30"), nearest_day("2017-13-01"), nearest_day("2017-13"), nearest_day("soon")
    ('2017-02-28', '2017-12-01', '2017-12', None)
    """
    found = WRITTEN.fullmatch(text)
    if found is None or int(found[1]) == 0:
        return None
    year, month = int(found[1]), min(max(int(found[2]), 1), 12)
    if found[3] is None:
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}-{min(max(int(found[3]), 1), monthrange(year, month)[1]):02d}"
