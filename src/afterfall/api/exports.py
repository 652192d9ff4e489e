"""The verbs that write cases and runs in the formats of others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from afterfall.case import open_case, open_whole_case
from afterfall.case.open import case_folder
from afterfall.case.place_names import find_place
from afterfall.conflict import Violence
from afterfall.run import Run, SettingError
from afterfall.run.atomic_files import write_whole


def export_case(case: str | Path, *, to: str | Path, as_of: date | str | None = None) -> tuple[Path, ...]:
    """Write a case as a Frictionless data package: its files with a ``datapackage.json`` that describes every column.

    The folder is still a case, and opens as one.

    Parameters
    ----------
    case
        Name or folder of a case. Of a view, the tables are those of its case.
    to
        A new or empty folder.
    as_of
        Only what was public on this day; by default every row, those published after the as-of date of the case too.

    Returns
    -------
    tuple of Path
        The files that were written.

    Raises
    ------
    SettingError
        If the folder has files already.
    CaseError, UnknownCaseError
        If the case cannot be opened.
    OSError
        If the folder cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> files = export_case("tiny", to=Path(tempfile.mkdtemp()) / "package")
    >>> files[-1].name
    'datapackage.json'
    """
    from afterfall.report.exports.data_package import package_files

    seen = open_whole_case(case) if as_of is None else open_case(case, as_of=as_of)
    whole = as_of is None
    shown = open_case(case) if whole else seen
    to = Path(to)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise SettingError(f"{{0}}: expected a new or empty folder, found files in {to}", "to")
    files = package_files(seen, case_folder(case), whole=whole, as_of=shown.as_of)
    to.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(to / name, content)
    return tuple(to / name for name in files)


def export_run(run: Run | str | Path, *, to: str | Path, countries: Iterable[str] = ()) -> Path:
    """Write a run as a netCDF file by the CF conventions: one variable a quantity, on axes that any tool reads.

    Parameters
    ----------
    run
        A finished run, or its folder.
    to
        The file, ``NAME.nc``.
    countries
        Origins whose people are written separately, by code or name; by default only all origins together.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    SettingError
        If the file does not end in ``.nc``, or is the run's own.
    UnknownPlace
        If a country is no origin of the run.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> run = export_run("runs/tiny-3fa9c1d2e4b5", to="tiny.nc", countries=["Arda"])  # doctest: +SKIP
    """
    from afterfall.api.forecasts import open_run
    from afterfall.report.exports.cf_netcdf import write_cf

    made = run if isinstance(run, Run) else open_run(run)
    to = Path(to)
    if to.suffix != ".nc":
        raise SettingError(f"{{0}}: expected a file NAME.nc, found {to.name!r}", "to")
    if made.path is not None and to.resolve().parent == made.path.resolve():
        raise SettingError("{0}: expected a file outside of the folder of the run, whose files are not changed", "to")
    codes = [str(code) for code in made.dataset["origin"].to_numpy()]
    names = dict(zip(codes, map(str, made.dataset["origin_name"].to_numpy()), strict=True))
    return write_cf(made, to, [find_place(country, names) for country in countries])


def export_violence(violence: Violence, *, to: str | Path) -> tuple[Path, ...]:
    """Write deaths by country and month as VIEWS takes them, and as a modelling hub does.

    Parameters
    ----------
    violence
        What `violence` returned.
    to
        The folder, made if need be. Files of a hub that are there already (``hub-config``) are left as they are.

    Returns
    -------
    tuple of Path
        Draws in the format of VIEWS, quantiles in that of a hub, and the hub's own files.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    from afterfall.report.violence.violence_export import export_violence as write

    return write(violence, Path(to))
