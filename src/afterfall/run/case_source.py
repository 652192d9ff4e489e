"""The case behind a source: given as such, by name or by folder; and the case that a run was made from."""

from __future__ import annotations

import shlex
import warnings
from datetime import date
from pathlib import Path

from afterfall.case import BeyondDataError, Case, case_hash, cut, open_case, open_whole_case
from afterfall.case.kept import check_kept
from afterfall.case.problems import CaseWarning
from afterfall.run.errors import ForecastWarning, SettingError, WrongRun
from afterfall.run.request import Request
from afterfall.run.result import Run

CaseSource = Case | str | Path
#: Days after the last publication in a case from which a user is warned that the case knows no more.
STALE = 92


def case_from(source: CaseSource, as_of: date | str | None = None) -> Case:
    """A case, opened where its name or its folder is given, as of a day.

    Raises
    ------
    SettingError
        If the source is neither.
    BeyondDataError
        If the case is not kept up to the day, unless that was asked for.

    Warns
    -----
    CaseWarning
        If rows of the case look implausible.
    """
    case = _cut_from(source, as_of)
    warn_implausible(case)
    return case


def _cut_from(source: CaseSource, as_of: date | str | None) -> Case:
    if isinstance(source, Case):
        if as_of is not None:
            case = cut(source, as_of)
            if case.as_of != source.cut_at:
                check_kept(case)
            return case
        return source if source.cut_at is not None else cut(source, source.as_of)
    return open_case(checked(source), as_of=as_of)


def known_later(source: CaseSource) -> Case:
    """A case with everything that was published later, opened where its name or its folder is given.

    Raises
    ------
    SettingError
        If the source is neither.
    """
    return source if isinstance(source, Case) else open_whole_case(checked(source))


def checked(source: str | Path) -> str | Path:
    """The name or the folder of a case, refused where it is another thing than text or a path.

    Raises
    ------
    SettingError
        If it is.
    """
    if not isinstance(source, str | Path):
        raise SettingError(f"expected a case, its name or its folder; found a {type(source).__name__}")
    return source


def case_of_run(asked: Request, case: CaseSource | None, command: str) -> Case:
    """The case of a run, cut at its as-of date.

    Parameters
    ----------
    asked
        The request of the run.
    case
        The case; by default the bundled one of the run's name.
    command
        The command that made the run, which an error names.

    Raises
    ------
    WrongRun
        If the run was made from a case that has to be given.
    """
    try:
        return case_from(asked.case if case is None else case, asked.as_of)
    except BeyondDataError:
        raise
    except ValueError as problem:
        if case is not None:
            raise
        raise WrongRun(_own_case(asked, command), "case") from problem


def whole_case(run: Run, case: CaseSource | None = None) -> Case:
    """The case of a run with everything that was published later.

    Parameters
    ----------
    run
        A finished run.
    case
        The case as it is known later, its name or its folder; by default the one the run was made from.

    Raises
    ------
    WrongRun
        If the run was made from a case that has to be given, or from another case than the one given.
    """
    known = None if run.model is None else run.model.case.opened_from
    try:
        whole = known_later(case or known or run.request.case)
    except ValueError as problem:
        if case is not None:
            raise
        raise WrongRun(_own_case(run.request, run.provenance.command), "case") from problem
    check_same_case(run, whole)
    if run.model is None:
        warn_implausible(cut(whole, run.as_of))
    return whole


def check_same_case(run: Run, whole: Case) -> None:
    """Refuse a case that a run was not made from.

    Raises
    ------
    WrongRun
        If the run was made from another case, or another version of it.
    """
    asked = run.request
    found = case_hash(cut(whole, run.as_of)) if whole.id == asked.case else case_hash(whole)
    if whole.id != asked.case or found != asked.case_hash:
        raise WrongRun(
            f"run {asked.name} was made from case {asked.case} with hash {asked.case_hash}; "
            f"found {whole.id} with {found} as of {run.as_of}: forecast again, or give the case it was made from as "
            "{0}",
            "case",
        )


def warn_stale(case: Case) -> None:
    """Warn that an as-of date lies well beyond everything that was published."""
    latest = case.latest_published
    if (case.as_of - latest).days > STALE:
        warnings.warn(
            f"nothing in case {case.id} was published after {latest}; anything between then and {case.as_of} "
            "is missing from the case",
            ForecastWarning,
            stacklevel=2,
        )


def warn_implausible(case: Case) -> None:
    """Warn that rows of a case are most likely wrong or will not be used; ``check`` lists them."""
    number = len(case.warnings)
    if number:
        warnings.warn(
            f"{number:,} {'warning' if number == 1 else 'warnings'} about rows of {case.id} as of {case.as_of}; "
            f"`afterfall check {shlex.quote(case.reference)} --as-of {case.as_of}` lists them",
            CaseWarning,
            stacklevel=2,
        )


def which_case(command: str) -> str:
    """What to give for a run of a case of the user's own, as a sentence in which ``{0}`` stands for the setting."""
    made = f": the run was made by `{command}`" if command else ""
    return f"Give the case or its folder as {{0}}{made}"


def _own_case(asked: Request, command: str) -> str:
    return f"the run was made from a case {asked.case!r} of your own. {which_case(command)}"
