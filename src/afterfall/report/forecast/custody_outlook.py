"""Who is held, by custodian and by role, and how many are in the theatre, held and born over time.

Custodians are found by the names of quantities: ``detained_<custodian>`` counts everyone whom a custodian holds,
``detained_<custodian>_fighters`` (``_adults``, ``_minors``) one role, ``held_<role>`` all custodians together. What a
run does not count is left out: without roles the table has one column, without custodians there is no table. Those
under sentence of death, and those who left custody and whom nobody counts, have lines where the model has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from afterfall.report.kit.number_formats import NOTHING, day, median_range
from afterfall.report.kit.spread import Range
from afterfall.report.kit.text_table import TableColumn, TextTable
from afterfall.run import Run

#: Endings of the quantities that count one role of those held, and their words.
ROLES = {"fighters": "fighters", "adults": "other adults", "minors": "minors"}
TITLE = "held in or near the theatre: median (90% interval); minors include children born there *"
#: Widths at which plain text breaks the names of custodians and numbers with their ranges.
CUSTODIANS, RANGES = 30, 24
CUSTODIAN, SENTENCED, CONDEMNED, ALL_HELD = "detained_", "sentenced", "condemned", "detained"
#: People who left custody and whom nobody counts: the last line, since nobody holds them.
UNKNOWN = "unrecorded"
#: Who is in the theatre, and the children born there.
THERE, BORN = "in_theatre", "born"
#: A month in between that the table shows as well, where it is recorded and before the asked one.
BETWEEN = 24


@dataclass(frozen=True, slots=True)
class HeldLine:
    """People held by one custodian (or by all): everyone, and each role that the run counts."""

    code: str
    label: str
    everyone: Range
    roles: Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class HeldAt:
    """Who is held at one month, by custodian, then all together; those of unknown whereabouts come last."""

    month: int
    date: dt.date
    lines: tuple[HeldLine, ...]


def custodians_of(run: Run) -> tuple[str, ...]:
    """Quantities that count everyone whom one custodian holds, in the order of the model."""
    names = [str(name) for name in run.dataset["quantity"].values]
    endings = tuple(f"_{role}" for role in ROLES)
    return tuple(n for n in names if n.startswith(CUSTODIAN) and not n.endswith(endings))


def held(run: Run, at: int, country: str | None = None) -> tuple[HeldAt, ...]:
    """Who is held at the as-of date, at the month asked for, and between; nothing where nobody ever is.

    Parameters
    ----------
    run
        A finished run.
    at
        Month asked for.
    country
        Place code of an origin, or None for the world.
    """
    recorded = [int(m) for m in run.dataset["month" if country is None else "origin_month"].values]
    months = sorted({0, at} | ({BETWEEN} & set(recorded) if at > BETWEEN else set()))
    found = tuple(HeldAt(m, run.date(m), _lines(run, m, country)) for m in months)
    return found if any(line.everyone.high90 > 0 for one in found for line in one.lines) else ()


def _lines(run: Run, month: int, country: str | None) -> tuple[HeldLine, ...]:
    known = {str(name) for name in run.dataset["quantity"].values}
    codes = [*custodians_of(run), *(name for name in (SENTENCED, CONDEMNED, ALL_HELD, UNKNOWN) if name in known)]
    if len(codes) < 2:
        return ()
    table = run.summary(month, country)

    def line(code: str) -> HeldLine:
        stem = "held" if code == ALL_HELD else code
        names = {role: f"{stem}_{role}" for role in ROLES}
        roles = {role: _range(table, name) for role, name in names.items() if name in known}
        label = "all who are held" if code == ALL_HELD else custodian_name(str(table["label"].loc[code]))
        return HeldLine(code, label, _range(table, code), MappingProxyType(roles))

    return tuple(line(code) for code in codes)


def custodian_name(label: str) -> str:
    """The name of a custodian from the label of its quantity, without what a colon explains.

    >>> custodian_name("held: Other custodians: the government, rivals")
    'Other custodians'
    """
    return label.removeprefix("held: ").partition(":")[0]


def _range(table: pd.DataFrame, name: str) -> Range:
    return Range(*(float(table[column].loc[name]) for column in ("median", "low90", "high90")))


def held_table(found: Sequence[HeldAt]) -> TextTable:
    """Rows of custodians, columns of roles, a section for each month, headed by its day: people with 90 % intervals."""
    roles = [role for role in ROLES if any(role in line.roles for one in found for line in one.lines)]
    headings = (*(ROLES[role] for role in roles), "everyone" if roles else "people: median (90%)")
    columns = (
        TableColumn("held by", wrap=CUSTODIANS),
        *(TableColumn(heading, "right", wrap=RANGES) for heading in headings),
    )
    sections = tuple(
        (
            (day(one.date), *("" for _ in columns[1:])),
            *(
                (line.label, *(_cell(line.roles.get(role)) for role in roles), _cell(line.everyone))
                for line in one.lines
            ),
        )
        for one in found
    )
    return TextTable(columns, sections, TITLE)


def _cell(one: Range | None) -> str:
    return NOTHING if one is None else median_range(one.median, one.low90, one.high90)


def there_codes(run: Run) -> tuple[str, ...]:
    """Quantities of the picture of people there: in the theatre, held by each custodian, born; as far as counted."""
    known = {str(name) for name in run.dataset["quantity"].values}
    return tuple(name for name in (THERE, *custodians_of(run), BORN) if name in known)
