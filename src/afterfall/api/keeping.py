"""Keep a case up to date: a folder of one's own, figures added to it, a forecast before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from afterfall.api.fits import refitted
from afterfall.case import as_day
from afterfall.case.intake.figure_intake import take_figures
from afterfall.case.kept import check_kept
from afterfall.case.open import open_to_edit
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.report.keeping.added_figures import AddedFigures, weigh_figures
from afterfall.run import Run, SettingError
from afterfall.run.case_source import CaseSource
from afterfall.run.case_writing import NewFolder, folder_to_edit, make_case_folder, write_figures
from afterfall.run.conditions import Given
from afterfall.run.errors import advice
from afterfall.run.figure_update import FigureUpdate, update_forecast
from afterfall.run.forecasting import At, Report
from afterfall.run.months import several_months
from afterfall.run.resolve import RunSettings

#: Asked before figures are written; False leaves the case as it is.
Confirm = Callable[[AddedFigures], bool]


def new_case(source: str | Path, folder: str | Path, *, as_of: date | str | None = None) -> NewFolder:
    """Make a case folder of one's own: a copy of a case to edit, or a case to be filled in that runs as it is.

    Parameters
    ----------
    source
        The name or the folder of a case, whose files are copied byte for byte; or ``"empty"`` for a case in which every
        row is a placeholder.
    folder
        Where to make it; nothing may be there yet.
    as_of
        The as-of date of an empty case; today by default.

    Returns
    -------
    NewFolder
        Where it is and what is in it.

    Raises
    ------
    ValueError
        If the source is no case, something is in the way, or a copy is given a date.
    RunError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     made = new_case("tiny", f"{parent}/my-tiny")
    ...     made.case, len(made.files)
    ('tiny', 12)
    """
    return make_case_folder(source, folder, as_of=None if as_of is None else as_day(as_of))


def add_figures(
    case: str | Path,
    figures: str | Path,
    *,
    as_of: date | str | None = None,
    dry_run: bool = False,
    confirm: Confirm | None = None,
) -> AddedFigures:
    """Add the figures of a file to the folder of a case, after checking and weighing each of them.

    Names, dates and numbers are read in the forms that spreadsheets write them where they have one meaning. The rows of
    the case stay byte for byte; the new ones come after them.

    Parameters
    ----------
    case
        The folder of a case.
    figures
        A CSV file with a header row: `quantity`, `place`, `value`, `refers_to`, `published` and `source` at least.
    as_of
        The day for which the figures are weighed; by default that of the case.
    dry_run
        Whether to leave the case as it is.
    confirm
        Called with what was found before anything is written; False leaves the case as it is.

    Returns
    -------
    AddedFigures
        Every row with its status (new, repeated, contradictory) and what the start and the fit do with it.

    Raises
    ------
    FiguresError
        If anything is wrong with the file, with every problem by row and column; nothing is written.
    ValueError
        If the case cannot be read, comes with the package, is not kept up to the day, or changed meanwhile.
    RunError
        If the folder cannot be written.

    Examples
    --------
    >>> found = add_figures("my-case", "figures.csv", dry_run=True)  # doctest: +SKIP
    >>> [one.use for one in found.figures]  # doctest: +SKIP
    """
    folder = folder_to_edit(case)
    whole, files = open_to_edit(case)
    if as_of is not None:
        whole = replace(whole, as_of=as_day(as_of))
        check_kept(whole)
    intake = take_figures(whole, files, _content(figures), str(figures))
    found = weigh_figures(intake, folder)
    if dry_run or not intake.files or (confirm is not None and not confirm(found)):
        return found
    write_figures(intake, folder)
    return replace(found, written=True)


def update(
    source: Run | str | Path,
    *,
    figures: str | Path,
    as_of: date | str | None = None,
    horizon: int | None = None,
    at: At | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
    refit: bool = False,
    fit_dir: Path | str | None = None,
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> FigureUpdate:
    """Forecast without and with the figures of a file, which are not added to the case.

    The draws of the fit are reweighted by the likelihood of the added figures where that is reliable, and the starting
    states are drawn again. The forecast after it is that of the edited case.

    Parameters
    ----------
    source
        The name or the folder of a case; or a run or its folder, whose settings are kept.
    figures
        A CSV file of figures, as for `add_figures`.
    at
        Month or date at which people of single countries are to be known, besides every third month.
    draws
        Where parameters come from before, as for `forecast`; for a run, the posterior that it was drawn from.
    refit
        Whether to fit the case again where reweighting is not reliable (minutes).
    fit_dir
        Folder for that fit.
    as_of, horizon, trajectories, seed, given, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Returns
    -------
    FigureUpdate
        Both runs, and what became of the draws: effective number, Pareto k, or why a fit is needed.

    Raises
    ------
    FiguresError
        If anything is wrong with the file, with every problem by row and column.
    ValueError
        If a name, a date or a setting cannot be used, or the run is of another case, version or posterior (`WrongRun`).
    ImportError
        If a fit is asked for and the extra `fit` is not installed.
    RunError
        If the run folder cannot be written, or the chains of a refit have not converged.

    Examples
    --------
    >>> found = update("tiny", figures="figures.csv", trajectories=100)  # doctest: +SKIP
    >>> found.way, found.after.pathways(at=24)  # doctest: +SKIP
    """
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        given=given,
        case=case,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    again = (lambda model: refitted(model, fit_dir)) if refit else None
    return update_forecast(
        source, _content(figures), str(figures), settings, at=several_months(() if at is None else at), refit=again
    )


def _content(file: str | Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    SettingError
        If it cannot be read.
    """
    try:
        return Path(file).read_bytes()
    except OSError as problem:
        raise SettingError(f"cannot read {file}: {problem.strerror}; {advice(problem)}") from problem
