"""Days as a user types them: a day that is not in the calendar is an error that names the nearest one."""

from __future__ import annotations

import re
from calendar import monthrange

from afterfall.cli.failures import BAD_INPUT, Failure

WRITTEN = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


def check_day(option: str, text: str | None) -> None:
    """Refuse a text that is no date; None, and a number of months, pass.

    Raises
    ------
    Failure
        If the text is no date, with the nearest one where it is written like a date.
    """
    from afterfall.case import as_day

    if text is None or (text.isdecimal() and len(text) < len("2018")):
        return
    try:
        as_day(text)
    except ValueError as problem:
        nearest = nearest_day(text)
        hint = f"; the nearest {'day' if nearest.count('-') > 1 else 'month'} is {nearest}" if nearest else ""
        raise Failure(f"{option}: {problem}{hint}", BAD_INPUT) from None


def check_month(at: str | None, case: str | None, as_of: str | None, horizon: int | None) -> None:
    """Refuse a month or a date that lies outside a forecast, before it is run.

    Raises
    ------
    ValueError
        If it does, or the case cannot be opened.
    """
    if at is not None and case is not None:
        from afterfall.case import open_case
        from afterfall.defaults import DEFAULT_HORIZON
        from afterfall.run.months import month_at

        months = DEFAULT_HORIZON if horizon is None else horizon
        month_at(open_case(case, as_of=as_of).as_of, at, months)


def years_of(option: str, text: str) -> range:
    """A year or a range of years such as ``2018-2023``.

    Raises
    ------
    ValueError
        If the text is neither.
    """
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise ValueError(f"{option}: found {text!r}, expected a year or a range such as 2018-2023")
    return range(int(first), int(last or first) + 1)


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
