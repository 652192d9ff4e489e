"""Opens the reference class, whole or as it was public on a day.

**The as-of cut.** A row is known from its `published` date and its own. A loss of a place is known from its last day,
because `published` of such a row is that of its last event; it is known as retaken from the day it was. An end that
lies after the day is not known. Countries get their covariates with the delay of their sources: a year's population
and political stability are public at the end of September of the next year (World Bank), and deaths of a year from 31
July of the next year (UCDP). Spans of organisations and pairs of rivals have no date of publication; they are cut at
the day. The share retaken after a break is public one year after it.

**What the cut cannot do.** That a row is in the tables at all was decided later, with what was remembered. Muslim
shares are of a later vintage than early as-of dates. The scale of an affiliate was judged by what became of it, and
strength is a share of a peak that may lie after the day.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from afterfall.case.cells import Refusal, parse
from afterfall.case.dates import PartialDate, as_day
from afterfall.case.problems import Problem, report_lines
from afterfall.reference.class_records import (
    FORMAT,
    Affiliate,
    Alignment,
    BorderPair,
    CountryYear,
    CustodyEvent,
    ListedCountry,
    OrganisationSpan,
    PlaceLost,
    RivalPair,
    WarYear,
)

#: Year in ``active_to`` that means: still there when the table was made.
STILL_THERE = 2026
#: Last day that the tables cover.
LAST_DAY = dt.date(2025, 6, 30)


class ReferenceClassError(ValueError):
    """Tables that cannot be used, with every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems):,} problems"
        super().__init__("\n  ".join([f"the reference class has {count}:", *report_lines(self.problems)]))


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Organisational events of militant organisations as they were public on a day."""

    as_of: dt.date
    affiliates: tuple[Affiliate, ...]
    countries: tuple[ListedCountry, ...]
    country_years: tuple[CountryYear, ...]
    neighbours: tuple[BorderPair, ...]
    wars: tuple[WarYear, ...]
    places: tuple[PlaceLost, ...]
    alignments: tuple[Alignment, ...]
    organisations: tuple[OrganisationSpan, ...]
    rivals: tuple[RivalPair, ...]
    custody: tuple[CustodyEvent, ...]


def open_reference_class(as_of: dt.date | str | None = None) -> ReferenceClass:
    """The reference class as it was public on a day; None for the last day that the tables cover.

    Raises
    ------
    ValueError
        If the text is no date, or the day lies before 2005, when there was too little to learn from.
    """
    day = LAST_DAY if as_of is None else min(as_day(as_of), LAST_DAY)
    if day < dt.date(2005, 1, 1):
        raise ValueError(f"the reference class starts to inform in 2005: found as_of {day}, expected a later day")
    return _cut_on(day)


@lru_cache(maxsize=16)
def _cut_on(day: dt.date) -> ReferenceClass:
    """The bundled class as it was public on a day, cut once."""
    return cut_class(_bundled(), day)


def cut_class(whole: ReferenceClass, day: dt.date) -> ReferenceClass:
    """The class as it was public on a day (see the module docstring)."""
    return ReferenceClass(
        as_of=day,
        affiliates=tuple(
            _affiliate(a, day) for a in whole.affiliates if _known(a.published, day) and _known(a.began, day)
        ),
        countries=whole.countries,
        country_years=tuple(y for y in whole.country_years if dt.date(y.year + 1, 9, 30) <= day),
        neighbours=whole.neighbours,
        wars=tuple(w for w in whole.wars if dt.date(w.year + 1, 7, 31) <= day),
        places=tuple(_place(p, day) for p in whole.places if _known(p.lost, day)),
        alignments=tuple(a for a in whole.alignments if _known(a.published, day) and _known(a.date, day)),
        organisations=tuple(_span(o, day) for o in whole.organisations if o.start.first_day < day),
        rivals=tuple(_pair(r, day) for r in whole.rivals if r.war_start.first_day < day),
        custody=tuple(_custody(c, day) for c in whole.custody if _known(c.published, day) and _known(c.date, day)),
    )


def read_tables(texts: Mapping[str, str]) -> ReferenceClass:
    """The whole class from the text of each file, by the name of its table.

    Raises
    ------
    ReferenceClassError
        If a file, a column or a cell cannot be read, or a country is not in the list; all problems are listed.
    """
    problems: list[Problem] = []
    found = {name: _records(name, texts.get(name), problems) for name in FORMAT}
    listed = {c.country for c in found["countries"]}
    for name in ("country_years", "neighbours", "wars"):
        for row, record in enumerate(found[name], 2):
            for column in ("country", "neighbour"):
                code = getattr(record, column, None)
                if code is not None and code not in listed:
                    problems.append(Problem(f"{name}.csv", row, column, repr(code), "a country of countries.csv"))
    if problems:
        raise ReferenceClassError(problems)
    return ReferenceClass(as_of=LAST_DAY, **{name: tuple(records) for name, records in found.items()})


def _records(name: str, text: str | None, problems: list[Problem]) -> list[Any]:
    """Records of one table; what cannot be read is added to the problems."""
    record, columns = FORMAT[name]
    file = f"{name}.csv"
    if text is None:
        problems.append(Problem(file, None, None, "no such file", "a CSV file"))
        return []
    reader = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [c.name for c in columns if c.name not in (reader.fieldnames or ())]
    problems += [Problem(file, 1, column, "no such column", f"a column {column}") for column in lacking]
    if lacking:
        return []
    kept = []
    for number, row in enumerate(reader, 2):
        values = {c.name: parse(row[c.name] or "", c) for c in columns}
        wrong = [
            Problem(file, number, column, repr(row[column]), value.expected, value.nearest)
            for column, value in values.items()
            if isinstance(value, Refusal)
        ]
        problems += wrong
        if not wrong:
            kept.append(record(**values))
    return kept


@cache
def _bundled() -> ReferenceClass:
    folder = resources.files("afterfall.reference").joinpath("data")
    return read_tables({name: folder.joinpath(f"{name}.csv").read_text(encoding="utf-8") for name in FORMAT})


def _known(date: PartialDate, day: dt.date) -> bool:
    return date.last_day <= day


def _by(date: PartialDate | None, day: dt.date) -> PartialDate | None:
    return date if date is not None and _known(date, day) else None


def _affiliate(record: Affiliate, day: dt.date) -> Affiliate:
    """An end is known if its year is over; a year that means "still there" is no end."""
    ended = record.active_to is not None and record.active_to < min(day.year, STILL_THERE)
    return replace(record, active_to=record.active_to if ended else None, recognised=_by(record.recognised, day))


def _place(record: PlaceLost, day: dt.date) -> PlaceLost:
    retaken = _by(record.retaken, day)
    return replace(
        record,
        retaken=retaken,
        how=record.how if retaken else "",
        lost_again=_by(record.lost_again, day) if retaken else None,
        observed_to=_earlier(record.observed_to, day),
    )


def _span(record: OrganisationSpan, day: dt.date) -> OrganisationSpan:
    known = [(one, _earlier(other, day)) for one, other in record.losing if one.first_day < day]
    spans = ";".join(f"{one}/{other}" for one, other in known)
    return replace(record, end=_earlier(record.end, day), losing_spans=spans)


def _pair(record: RivalPair, day: dt.date) -> RivalPair:
    merged = record.merged if _known(record.war_end, day) else "none"
    return replace(record, war_end=_earlier(record.war_end, day), merged=merged)


def _custody(record: CustodyEvent, day: dt.date) -> CustodyEvent:
    known = record.date.last_day + dt.timedelta(days=365) <= day
    return record if known else replace(record, retaken_share=None)


def _earlier(date: PartialDate, day: dt.date) -> PartialDate:
    return date if _known(date, day) else PartialDate(day.isoformat())
