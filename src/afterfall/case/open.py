"""Opens a case by its bundled name or by the path of its folder, cut at an as-of date or as it is known later."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from afterfall.case.case import Case
from afterfall.case.cut import cut
from afterfall.case.dates import as_day
from afterfall.case.problems import CaseWarning, UnknownCaseError, did_you_mean
from afterfall.case.read import read_case
from afterfall.case.schema import TABLES

#: A day after everything that any case can hold.
LATEST = dt.date(9999, 12, 31)
#: How long after its newest row a case can still be seen from: a year, so that a year can stand for its last day.
CURRENT = dt.timedelta(days=366)


def open_case(name_or_path: str | Path, *, as_of: dt.date | str | None = None) -> Case:
    """Open a case as it was public on its as-of date.

    Parameters
    ----------
    name_or_path
        A name in `bundled_cases`, or the path of a case folder. A bundled name takes precedence over a folder of that
        name; write ``./tiny`` for the folder.
    as_of
        The as-of date, as a date or as text (a month or a year counts as its last day). By default that of the case.
        `LATEST` stands for everything that the case holds.

    Raises
    ------
    UnknownCaseError
        If there is neither such a bundled case nor such a folder; the message names the nearest bundled case.
    CaseError
        If anything is wrong with the folder; every problem is listed.
    ValueError
        If the as-of date is not a date, is earlier than the case allows, or lies after everything that it holds.

    Warns
    -----
    CaseWarning
        If a bundled case is taken and a folder of its name is at hand.

    Examples
    --------
    >>> open_case("tiny", as_of="2014-06").as_of
    datetime.date(2014, 6, 30)
    """
    case = _read(name_or_path)
    day = case.as_of if as_of is None else as_day(as_of)
    last = max(last_published(case), case.as_of)
    if last + CURRENT < day < LATEST:
        raise ValueError(
            f"case {case.id} holds nothing published after {last}; found as_of {day}, by when its figures are more "
            f"than a year old: expected a day up to {last + CURRENT}; for a later one copy the folder of the case and "
            "add what has been published since"
        )
    return cut(case, day)


def _read(name_or_path: str | Path) -> Case:
    return replace(read_case(_folder(name_or_path)), opened_from=str(name_or_path))


def last_published(case: Case) -> dt.date:
    """The day on which the newest row of a case became public."""
    dated = (row for table in TABLES if table.dated for row in getattr(case, table.attribute))
    return max((row.published.last_day for row in dated), default=case.as_of)


def open_whole_case(name_or_path: str | Path) -> Case:
    """Open a case with everything it holds, on which forecasts from earlier days are scored.

    Raises
    ------
    UnknownCaseError, CaseError
        As `open_case`.
    """
    return cut(_read(name_or_path), LATEST)


def bundled_cases() -> tuple[str, ...]:
    """Names of the cases that come with the package, in alphabetical order."""
    return tuple(sorted(item.name for item in _bundle().iterdir() if item.joinpath("case.toml").is_file()))


def _bundle() -> Traversable:
    return resources.files("afterfall.case").joinpath("data")


def _folder(name_or_path: str | Path) -> Traversable:
    if name_or_path == "":
        raise UnknownCaseError(f"the name of a case is empty; bundled are {', '.join(bundled_cases())}")
    if isinstance(name_or_path, str) and name_or_path in bundled_cases():
        if Path(name_or_path).is_dir():
            warnings.warn(
                f"{name_or_path!r} is the bundled case, not the folder of that name in the current folder; for the "
                f"folder write ./{name_or_path}",
                CaseWarning,
                stacklevel=4,
            )
        return _bundle().joinpath(name_or_path)
    path = Path(name_or_path)
    if path.is_dir():
        return path
    raise UnknownCaseError(
        f"found no folder and no bundled case {str(name_or_path)!r}; bundled are {', '.join(bundled_cases())}"
        f"{did_you_mean(str(name_or_path), bundled_cases())}"
    )
