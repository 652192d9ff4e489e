"""Conditions of a forecast: dated events that are taken as given, as a user writes them.

::

    raqqa falls 2017-10         Raqqa falls in that month
    raqqa falls by 2017-10      in that month or before
    raqqa falls                 within the horizon
    all fall by 2019-03         every holding that is still held, the rest of the territory included
    merger hts by 2018-06       the core and that rival merge; without a date, within the horizon
    break al-hol by 2026-06     custody breaks at that site, for the first time since the as-of date
    collapse iraq by 2026-06    all custody of that custodian's captor collapses

A date is a month or a day. It stands for the month of the run that contains it: months of a run end on the day of the
month of the as-of date, and a calendar month stands for the one that contains its 16th, so most of its days.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from afterfall.case.dates import PartialDate
from afterfall.case.problems import nearest_name
from afterfall.run.errors import SettingError

Event = Literal["fall", "merger", "break", "collapse"]
#: The name that stands for every holding that is still held.
ALL = "all"
FORMS = (
    "'HOLDING falls YYYY-MM', 'HOLDING falls by YYYY-MM', 'all fall by YYYY-MM', 'merger RIVAL', "
    "'merger RIVAL by YYYY-MM', 'break SITE by YYYY-MM' or 'collapse CUSTODIAN by YYYY-MM'; of what `watch` lists, "
    "'event NAME by DATE', 'QUANTITY PLACE at least N more by DATE' or 'count QUANTITY PLACE at least N on DATE'"
)
WORDS = ("falls", "merger", "break", "collapse")
#: The day of a month on which it is decided in which month of the run it lies.
MIDDLE = 16
_HOW = r"(?:\s+(?P<how>by|in|on)\b)?"
_FALL = re.compile(rf"(?P<name>\S.*?)\s+falls?{_HOW}(?:\s+(?P<date>\S+))?", re.IGNORECASE)
_END = rf"{_HOW}(?:\s+(?P<date>(?(how)\S+|\d\S*)))?"
_CUSTODY = {
    word: re.compile(rf"{word}\s+(?:of\s+|at\s+)?(?P<name>\S.*?){_END}", re.IGNORECASE)
    for word in ("break", "collapse")
}
_MERGER = re.compile(rf"merger\s+(?:with\s+)?(?P<name>\S.*?){_HOW}(?:\s+(?P<date>(?(how)\S+|\d\S*)))?", re.IGNORECASE)


#: Form of each event; that of a fall comes last, since it has no first word of its own.
_FORMS: dict[Event, re.Pattern[str]] = {"merger": _MERGER, **_CUSTODY, "fall": _FALL}  # type: ignore[dict-item]


class ConditionError(SettingError):
    """Conditions that cannot be used, with every problem found."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        lines = [f"{{0}} {text!r}: {what}" for text, what in problems]
        super().__init__("\n".join(lines), "given")


@dataclass(frozen=True, slots=True)
class Condition:
    """A dated event that is taken as given.

    Attributes
    ----------
    event
        ``fall``, ``merger``, or ``break`` and ``collapse`` of custody.
    name
        The holding, or `ALL`; the rival; the site or the custodian.
    date
        A month or a day (``2017-10``); None for the horizon.
    by
        Whether the event happens in that month or before, not in that very month.
    """

    event: Event
    name: str
    date: str | None = None
    by: bool = True

    @property
    def text(self) -> str:
        """The condition as a user writes it."""
        fall = f"{self.name} fall{'s' * (self.name != ALL)}"
        what = fall if self.event == "fall" else f"{self.event} {self.name}"
        return what if self.date is None else f"{what} {'by ' * self.by}{self.date}"


Given = str | Condition | Iterable[str | Condition] | None


def several_conditions(given: Given) -> tuple[str | Condition, ...]:
    """One condition or several, as a tuple; None stands for none.

    Raises
    ------
    SettingError
        If it is neither a condition nor several.

    Examples
    --------
    >>> several_conditions("all fall by 2019-03")
    ('all fall by 2019-03',)
    """
    if isinstance(given, str | Condition):
        return (given,)
    found: tuple[object, ...] = () if given is None else tuple(given) if isinstance(given, Iterable) else (given,)
    kept = tuple(one for one in found if isinstance(one, str | Condition))
    if len(kept) < len(found):
        wrong = next(one for one in found if not isinstance(one, str | Condition))
        expected = "expected a text such as 'all fall by 2019-03', a Condition, or several of these"
        raise SettingError(f"{{0}}: found {wrong!r}, {expected}", "given")
    return kept


def read_condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    ValueError
        If it has none of the forms, or no date where one is needed.

    Examples
    --------
    >>> read_condition("Raqqa falls by 2017-10")
    Condition(event='fall', name='Raqqa', date='2017-10', by=True)
    >>> read_condition("merger hts").text
    'merger hts'
    """
    words = " ".join(str(text).split())
    for event, form in _FORMS.items():
        found = form.fullmatch(words)
        if found is None:
            continue
        how, date = found["how"], found["date"]
        if date is None and how is not None:
            raise ValueError(f"found no date after {how!r}, expected a month (YYYY-MM) or a day (YYYY-MM-DD)")
        by = date is None or (how or "").lower() == "by"
        read = Condition(event, found["name"], date, by)
        if read.name.lower() == ALL and event == "fall":
            read = replace(read, name=ALL)
        return read
    raise ValueError(f"found no known event, expected {FORMS}{_meant(words)}")


def check_date(condition: Condition) -> PartialDate | None:
    """The date of a condition.

    Raises
    ------
    ValueError
        If it is no month and no day, or missing where all holdings fall in one month.
    """
    if condition.name == ALL and condition.event == "fall" and not condition.by:
        raise ValueError(f"all holdings do not fall in one month, expected 'all fall by {condition.date}'")
    if condition.date is None:
        return None
    expected = "expected a month (YYYY-MM) or a day (YYYY-MM-DD)"
    try:
        read = PartialDate(condition.date)
    except ValueError:
        raise ValueError(f"found the date {condition.date!r}, {expected}") from None
    if read.precision == "year":
        raise ValueError(f"found the year {condition.date!r}, {expected}")
    return read


def day_meant(date: PartialDate) -> dt.date:
    """The day that decides on the month of the run: the day itself, or the 16th of a month.

    >>> day_meant(PartialDate("2017-10"))
    datetime.date(2017, 10, 16)
    """
    return date.first_day.replace(day=MIDDLE) if date.precision == "month" else date.first_day


def _meant(words: str) -> str:
    """A question with the nearest condition that can be read, where one word is close to one of an event."""
    found = []
    for word in words.split():
        near = nearest_name(word, WORDS)
        candidate = words.replace(word, near or word, 1)
        if near is not None and any(form.fullmatch(candidate) for form in _FORMS.values()):
            found.append((SequenceMatcher(None, word, near).ratio(), candidate))
    return f" (did you mean {max(found)[1]!r}?)" if found else ""
