"""Case folders are written here: a copy of a case, a case to be filled in, and figures added to one.

A folder is made under another name and renamed when it is whole. A file is replaced by a whole one. Where figures bring
new sources, sources.csv is replaced first: a source that no row cites changes nothing, so that an interruption between
the two leaves a case that can be read, and the same command again goes on.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from afterfall.case import bundled_cases, read_case
from afterfall.case.cells import SLUG
from afterfall.case.intake.figure_intake import FigureIntake
from afterfall.case.open import open_to_edit
from afterfall.case.schema import BY_FILE, HEADER_FILE
from afterfall.run.atomic_files import PARTIAL, write_whole
from afterfall.run.errors import RunError, SettingError, advice
from afterfall.shown import Shown

#: The name that stands for a case to be filled in.
EMPTY = "empty"
#: Years between the start of the mobilisation and the as-of date of a case to be filled in.
YEARS = 3


@dataclass(frozen=True, slots=True)
class NewFolder(Shown):
    """A case folder that was made.

    Attributes
    ----------
    path
        The folder.
    source
        What it is a copy of: the name or the path that was given, or `EMPTY`.
    case, views
        The id of the case, and the names of its views, each of which opens as ``FOLDER/VIEW``.
    as_of
        Its as-of date.
    files
        Names of its files.
    """

    path: Path
    source: str
    case: str
    views: tuple[str, ...]
    as_of: dt.date
    files: tuple[str, ...]


def make_case_folder(source: str | Path, folder: str | Path, *, as_of: dt.date | None = None) -> NewFolder:
    """A new folder with a copy of a case, byte for byte, or with a case to be filled in.

    Parameters
    ----------
    source
        The name or the folder of a case, or `EMPTY`.
    folder
        Where to make it: nothing may be there yet.
    as_of
        The as-of date of a case to be filled in; today by default.

    Raises
    ------
    ValueError
        If the source is no case, or has problems.
    SettingError
        If there is something in the way, the name of the folder is that of a bundled case, or a copy is given a date.
    RunError
        If the folder cannot be written.
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SettingError(f"{target} exists already: name a folder that does not")
    if target.resolve().name in bundled_cases():
        raise SettingError(f"{target} has the name of a case that comes with the package: choose another")
    if str(source) == EMPTY:
        contents = _starter(target, as_of or dt.datetime.now(dt.UTC).date())
    elif as_of is not None:
        raise SettingError(f"{{0}} goes with {EMPTY}; a copy has the date of its case", "as_of")
    else:
        contents = _files_of(open_to_edit(source)[1])
    _write_folder(target, contents)
    case = read_case(target)
    views = tuple(view.id for view in case.views)
    return NewFolder(target, str(source), case.id, views, case.as_of, tuple(sorted(contents)))


def _files_of(folder: Traversable) -> dict[str, bytes]:
    """The files of a case; what else lies in its folder is not copied."""
    return {item.name: item.read_bytes() for item in folder.iterdir() if item.name in {HEADER_FILE, *BY_FILE}}


def _starter(target: Path, as_of: dt.date) -> dict[str, bytes]:
    """A case whose every row is a placeholder, named for its folder."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", target.resolve().name).strip("-") or "new-case"
    assert SLUG.fullmatch(name)
    start = as_of.replace(year=as_of.year - YEARS, day=1)
    marks = {"{id}": name, "{as_of}": str(as_of), "{month}": f"{as_of:%Y-%m}", "{start}": f"{start:%Y-%m}"}
    found = {}
    for file, content in _files_of(resources.files("afterfall.case").joinpath("starter")).items():
        text = content.decode()
        for mark, value in marks.items():
            text = text.replace(mark, value)
        found[file] = text.encode()
    return found


def _write_folder(target: Path, contents: Mapping[str, bytes]) -> None:
    """Write a folder whole: under another name, then renamed."""
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex}{PARTIAL}")
    try:
        partial.mkdir(parents=True)
        for name, content in contents.items():
            write_whole(partial / name, content)
        partial.replace(target)  # an empty folder that is there is replaced
    except OSError as problem:
        raise RunError(f"cannot write {target}: {problem.strerror or problem}; {advice(problem)}") from problem
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def folder_to_edit(name_or_path: str | Path) -> Path:
    """The folder of a case of the user's own.

    Raises
    ------
    SettingError
        If the case comes with the package: it is not edited.
    """
    folder = open_to_edit(name_or_path)[1]
    if isinstance(name_or_path, str) and name_or_path in bundled_cases():
        raise SettingError(
            f"{name_or_path} comes with the package and is not edited. Copy it first: afterfall new {name_or_path} "
            f"my-{name_or_path}"
        )
    assert isinstance(folder, Path)
    return folder


def write_figures(intake: FigureIntake, folder: Path) -> None:
    """Replace the files of a case that change when figures are added; see the module.

    Raises
    ------
    SettingError
        If a file was changed by somebody else since it was read.
    RunError
        If the folder cannot be written.
    """
    changed = [name for name, content in intake.old.items() if (folder / name).read_bytes() != content]
    if changed:
        raise SettingError(
            f"{', '.join(changed)} in {folder} changed meanwhile; nothing was added: run the command again"
        )
    for name in sorted(intake.files, reverse=True):  # sources.csv before figures.csv
        try:
            write_whole(folder / name, intake.files[name])
        except OSError as problem:
            raise RunError(f"cannot write {folder / name}: {problem.strerror}; {advice(problem)}") from problem
