"""Opens a case by its bundled name or by the path of its folder, cut at an as-of date or as it is known later.

A case may declare views in case.toml: the same tables under a name of its own, with another title, as-of date and
settings of the evaluation. A bundled view opens by its name, a view of a folder as ``FOLDER/NAME``. Whichever was
opened, the rows are those of the case, so that the cut of a view is the cut of its case at the same day.
"""

from __future__ import annotations

import datetime as dt
import tomllib
import warnings
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from afterfall.case.case import Case
from afterfall.case.cut import cut
from afterfall.case.kept import check_kept
from afterfall.case.problems import CaseWarning, UnknownCaseError, did_you_mean
from afterfall.case.read import read_case
from afterfall.case.schema import HEADER_FILE, TABLES

#: A day after everything that any case can hold.
LATEST = dt.date(9999, 12, 31)
#: How long after its newest row a case that does not say how far it is kept can be seen from: a year, so that a year
#: can stand for its last day.
CURRENT = dt.timedelta(days=366)


def open_case(name_or_path: str | Path, *, as_of: dt.date | str | None = None, beyond_data: bool = False) -> Case:
    """Open a case as it was public on its as-of date.

    Parameters
    ----------
    name_or_path
        A name in `bundled_cases`, the path of a case folder, or such a path with the name of a view of the case
        (``my-case/early``). A bundled name takes precedence over a folder of that name: write ``./tiny`` for that.
    as_of
        The as-of date, as a date or as text (a month or a year counts as its last day). By default that of the case.
        The date `LATEST` opens the whole case.
    beyond_data
        Whether the as-of date may lie beyond the day that the case is kept up to. Every output then says so.

    Raises
    ------
    UnknownCaseError
        If there is neither such a bundled case nor such a folder; the message names the nearest bundled case.
    CaseError
        If anything is wrong with the folder; every problem is listed.
    BeyondDataError
        If the case is not kept up to the as-of date; the message says what to do. A case that does not say how far it
        is kept counts as kept up to its newest row, and is refused a year later.
    ValueError
        If the as-of date is not a date, or is earlier than the case allows.

    Warns
    -----
    CaseWarning
        If a bundled case is taken and a folder of its name is at hand.
    BeyondDataWarning
        If the as-of date lies beyond the data, as was asked for.

    Examples
    --------
    >>> open_case("tiny", as_of="2014-06").as_of
    datetime.date(2014, 6, 30)
    """
    whole = _read(name_or_path)
    case = cut(whole, whole.as_of if as_of is None else as_of)
    if case.as_of == LATEST:
        return case
    last = max(_last_published(whole), whole.as_of)
    if whole.kept_up_to is None and last + CURRENT < case.as_of:
        case = replace(case, kept_up_to=last)
    check_kept(case, beyond_data=beyond_data)
    return case


def _last_published(case: Case) -> dt.date:
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


def case_folder(name_or_path: str | Path) -> Traversable:
    """The folder with the files of a case, whichever of its names or views was given.

    Raises
    ------
    UnknownCaseError
        If there is neither such a bundled case nor such a folder.
    """
    return _named(name_or_path).folder


def open_to_edit(name_or_path: str | Path) -> tuple[Case, Traversable]:
    """A case as its folder has it, neither cut nor moved to another day, and the folder.

    Raises
    ------
    UnknownCaseError, CaseError
        As `open_case`.
    """
    return _read(name_or_path), _named(name_or_path).folder


def bundled_cases() -> tuple[str, ...]:
    """Names of the cases that come with the package and of their views, in alphabetical order."""
    return tuple(sorted(_bundled()))


def bundled_folder(name: str) -> tuple[Traversable, str]:
    """The folder of a bundled case or view, and the name of the view; empty for a case itself.

    Raises
    ------
    UnknownCaseError
        If there is no such bundled name.
    """
    if name not in _bundled():
        raise UnknownCaseError(f"no bundled case {name!r}{did_you_mean(name, bundled_cases())}")
    found = _bundled()[name]
    return found.folder, found.view


@dataclass(frozen=True, slots=True)
class _Named:
    """Where a name leads: a folder, and the view of it that is asked for; empty for the case itself."""

    folder: Traversable
    view: str = ""


@cache
def _bundled() -> dict[str, _Named]:
    """Every bundled name and where it leads."""
    found = {}
    for folder in resources.files("afterfall.case").joinpath("data").iterdir():
        if folder.joinpath(HEADER_FILE).is_file():
            found[folder.name] = _Named(folder)
            found |= {view: _Named(folder, view) for view in _declared_views(folder)}
    return found


def _declared_views(folder: Traversable) -> tuple[str, ...]:
    """Names of the views in the case.toml of a folder; none where it cannot be read, which `read_case` reports."""
    try:
        entries = tomllib.loads(folder.joinpath(HEADER_FILE).read_text(encoding="utf-8-sig")).get("view", [])
        return tuple(str(entry["id"]) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _read(name_or_path: str | Path) -> Case:
    """The whole case behind a name, under that name."""
    named = _named(name_or_path)
    case = replace(read_case(named.folder), opened_from=str(name_or_path))
    if not named.view:
        return case
    view = next(one for one in case.views if one.id == named.view)
    return replace(
        case,
        id=view.id,
        title=view.title,
        as_of=view.as_of,
        description=view.description or case.description,
        evaluation=case.evaluation if view.evaluation is None else view.evaluation,
    )


def _named(name_or_path: str | Path) -> _Named:
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
        return _bundled()[name_or_path]
    path = Path(name_or_path)
    if path.is_dir():
        return _Named(path)
    if path.name in _declared_views(path.parent):
        return _Named(path.parent, path.name)
    raise UnknownCaseError(
        f"found no folder and no bundled case {str(name_or_path)!r}; bundled are {', '.join(bundled_cases())}"
        f"{did_you_mean(str(name_or_path), bundled_cases())}"
    )
