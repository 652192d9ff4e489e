"""A file of figures checked against a case: the case with them, what each row is, and the files as they would be.

Nothing is written here. The rows go to the end of figures.csv, and new sources to the end of sources.csv; rows that
were there stay byte for byte. The case is then read whole with the new files in place of the old, so that every check
of a case is one of the figures too; what a check finds in a new row is reported in the row of the file that it came
from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources.abc import Traversable
from typing import Literal

from afterfall.case.case import Case
from afterfall.case.cut import cut
from afterfall.case.intake.figure_rows import FIGURES, SOURCES, IntakeRows, folded, intake_rows
from afterfall.case.intake.loose_sheet import read_loose
from afterfall.case.open import LATEST
from afterfall.case.plausibility import warnings_of
from afterfall.case.problems import CaseError, Problem, report_lines
from afterfall.case.read import read_case
from afterfall.case.records import Figure

Status = Literal["new", "repeated", "contradictory"]


class FiguresError(ValueError):
    """A file of figures that cannot be added to a case, with every problem found."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        super().__init__("\n  ".join([f"{file} has {count}; nothing was added:", *report_lines(problems)]))


@dataclass(frozen=True, slots=True)
class IntakeFigure:
    """One row of the file.

    Attributes
    ----------
    row
        Its number in the file.
    figure
        The figure as the case has it (for a repeated one, the figure that is there already).
    status
        ``new``; ``repeated``: the case has it, so that it is not added again; ``contradictory``: it is added, and
        cannot be right together with what `remarks` name.
    remarks
        What is to be known of it, each a sentence without a full stop.
    late
        Whether it became public after the as-of date, so that no forecast from that date reads it.
    """

    row: int
    figure: Figure
    status: Status
    remarks: tuple[str, ...]
    late: bool


@dataclass(frozen=True)
class FigureIntake:
    """A file of figures checked against a case.

    Attributes
    ----------
    file
        The name of the file.
    before, after
        The whole case as it is, and with the figures, both as read and not cut.
    rows
        Every row of the file.
    notes
        What was read in another form than a case has it, and what was filled in.
    files
        The files of the case that change, as they would be; empty where no row is new.
    old
        The same files as they are.
    """

    file: str
    before: Case = field(repr=False)
    after: Case = field(repr=False)
    rows: tuple[IntakeFigure, ...]
    notes: tuple[str, ...]
    files: Mapping[str, bytes] = field(repr=False)
    old: Mapping[str, bytes] = field(repr=False)

    @property
    def added(self) -> tuple[IntakeFigure, ...]:
        """Rows that are not in the case yet."""
        return tuple(row for row in self.rows if row.status != "repeated")


def take_figures(case: Case, folder: Traversable, content: bytes, file: str) -> FigureIntake:
    """Check a file of figures against a case.

    Parameters
    ----------
    case
        The case as read from the folder, not cut; its as-of date decides which figures are late (see `open_to_edit`).
    folder
        The folder of the case.
    content, file
        The bytes of the file of figures, and its name.

    Raises
    ------
    FiguresError
        If anything is wrong with the file; every problem is listed with row, column and cell.
    """
    rows = intake_rows(read_loose(content, file), case)
    if rows.problems:
        raise FiguresError(file, sorted(rows.problems, key=lambda problem: problem.row or 0))
    repeated = _repeated(rows, case)
    named = _named(rows, case, set(repeated), file)
    old = {table.file: folder.joinpath(table.file).read_bytes() for table in (FIGURES, SOURCES)}
    used = {cells["source"] for _, cells in named}
    sources = [(row, cells) for slug, (row, cells) in rows.sources.items() if slug in used]
    files = {}
    if named:
        files[FIGURES.file] = _extended(old[FIGURES.file], [cells for _, cells in named])
    if sources:
        files[SOURCES.file] = _extended(old[SOURCES.file], [cells for _, cells in sources])
    places = _places_of({FIGURES.file: named, SOURCES.file: sources}, old)
    try:
        read = read_case(folder, instead=files)
    except CaseError as wrong:
        moved = dict.fromkeys(_moved(problem, places, file) for problem in wrong.problems)  # a date may be of both
        raise FiguresError(file, list(moved)) from wrong
    after = replace(case, figures=read.figures, sources=read.sources)
    found = _judged(rows, repeated, named, case, after)
    return FigureIntake(file, case, after, found, rows.said(), files, {name: old[name] for name in files})


def _same_cells(cells: Mapping[str, str]) -> tuple[str, ...]:
    """What makes two rows one figure, whatever they are called, whoever checked them, and however wide their range."""
    keys = ("quantity", "place", "organisation", "role", "bound", "refers_to", "basis", "source")
    return (*(cells[key] for key in keys), _whom(cells["definition"]), f"{float(cells['value']):g}")


def _cells_of(figure: Figure) -> dict[str, str]:
    return {column.name: str(getattr(figure, column.name)) for column in FIGURES.columns}


def _repeated(rows: IntakeRows, case: Case) -> dict[int, str]:
    """Rows of the file that the case has already, with the name of the figure there."""
    known = {_same_cells(_cells_of(figure)): figure.figure for figure in case.figures}
    return {row.row: known[_same_cells(row.cells)] for row in rows.rows if _same_cells(row.cells) in known}


def _named(rows: IntakeRows, case: Case, repeated: set[int], file: str) -> list[tuple[int, dict[str, str]]]:
    """New rows, each once and with a name of its own.

    Raises
    ------
    FiguresError
        If a name is given that another figure has.
    """
    taken = {figure.figure for figure in case.figures}
    found: list[tuple[int, dict[str, str]]] = []
    seen: dict[tuple[str, ...], int] = {}
    problems = []
    for row in rows.rows:
        first = seen.setdefault(_same_cells(row.cells), row.row)
        if row.row in repeated:
            continue
        if first != row.row:
            problems.append(Problem(file, row.row, None, f"the same figure as in row {first}", "each figure once"))
            continue
        name = row.cells["figure"]
        if name in taken:
            expected = "a name that no other figure of the case has, or none"
            problems.append(Problem(file, row.row, "figure", f"{name!r}, which is another figure", expected))
        name = name or _name_for(row.cells, taken)
        taken.add(name)
        found.append((row.row, {**row.cells, "figure": name}))
    if problems:
        raise FiguresError(file, problems)
    return found


def _name_for(cells: Mapping[str, str], taken: set[str]) -> str:
    """A name such as ``camp-population-can-2026-05-02``, with a number where it is taken."""
    parts = (cells["quantity"], cells["place"], cells["organisation"], cells["role"], cells["refers_to"])
    stem = folded(" ".join(filter(None, parts))).replace("_", "-")
    number = 2
    name = stem
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def _extended(content: bytes, rows: Sequence[Mapping[str, str]]) -> bytes:
    """A file with rows at its end, in its own columns and with its own ends of lines."""
    end = "\r\n" if b"\r\n" in content else "\n"
    columns = next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    for cells in rows:
        writer.writerow([cells.get(column.strip(), "") for column in columns])
    before = content if content.endswith(b"\n") else content + end.encode()
    return before + text.getvalue().encode()


#: Rows of the file of figures by file of the case and row there.
Places = Mapping[tuple[str, int], int]


def _places_of(new: Mapping[str, Sequence[tuple[int, dict[str, str]]]], old: Mapping[str, bytes]) -> Places:
    """Where the rows that would be written come from."""
    found: dict[tuple[str, int], int] = {}
    for name, rows in new.items():
        lines = len(list(csv.reader(io.StringIO(old[name].decode("utf-8-sig"), newline=""))))
        found |= {(name, lines + i): row for i, (row, _) in enumerate(rows, start=1)}
    return found


def _moved(problem: Problem, places: Places, file: str) -> Problem:
    """A problem of a row that would be written, in the row of the file of figures."""
    row = places.get((problem.file, problem.row or 0))
    if row is None:
        return problem
    return Problem(file, row, problem.column, problem.found, problem.expected, problem.nearest)


def _judged(
    rows: IntakeRows,
    repeated: Mapping[int, str],
    named: Sequence[tuple[int, dict[str, str]]],
    before: Case,
    after: Case,
) -> tuple[IntakeFigure, ...]:
    """Every row with what it is."""
    figures = {figure.figure: figure for figure in after.figures}
    names = {**repeated, **{row: cells["figure"] for row, cells in named}}
    implausible = _implausible(before, after, {cells["figure"] for _, cells in named})
    found = []
    for row in rows.rows:
        figure = figures[names[row.row]]
        late = figure.published.last_day > after.as_of
        if row.row in repeated:
            found.append(IntakeFigure(row.row, figure, "repeated", (f"the case has it as {figure.figure}",), late))
            continue
        against = [*_other_numbers(figure, before), *implausible.get(figure.figure, ())]
        said = (*against, *_same_numbers(figure, before))
        found.append(IntakeFigure(row.row, figure, "contradictory" if against else "new", said, late))
    return tuple(found)


def _alike(figure: Figure, case: Case) -> list[Figure]:
    """Figures of the same thing on the same day."""
    keys = ("quantity", "place", "organisation", "role", "basis", "refers_to", "bound")
    same = [f for f in case.figures if all(getattr(f, key) == getattr(figure, key) for key in keys)]
    return [f for f in same if _whom(f.definition) == _whom(figure.definition)]


def _whom(definition: str) -> str:
    """Whom a definition counts: the word for everyone of the organisation means the same as no word."""
    return "" if definition == "affiliates" else definition


def _other_numbers(figure: Figure, case: Case) -> list[str]:
    """Ranges of the same thing on the same day that have nothing in common with that of a figure."""
    return [
        f"{other.figure} has {_range(other)} for the same day"
        for other in _alike(figure, case)
        if other.low > figure.high or other.high < figure.low
    ]


def _same_numbers(figure: Figure, case: Case) -> list[str]:
    """Figures of the same thing and day with the same number, by somebody else."""
    same = [f for f in _alike(figure, case) if f.value == figure.value and f.report_family != figure.report_family]
    return [
        f"{other.figure} has the same number: if this repeats its report, give it the family {other.report_family}"
        for other in same[:1]
    ]


def _range(figure: Figure) -> str:
    return f"{figure.value:,g}" if figure.low == figure.high else f"{figure.low:,g} to {figure.high:,g}"


def _implausible(before: Case, after: Case, new: set[str]) -> dict[str, list[str]]:
    """Warnings of the case with the figures that it has not without them, by figure."""
    known = {str(one) for one in warnings_of(cut(before, LATEST))}
    of_row = {(f.where.file, f.where.row): f.figure for f in after.figures if f.where is not None}
    found: dict[str, list[str]] = {}
    for one in warnings_of(cut(after, LATEST)):
        figure = of_row.get((one.file, one.row or 0), "")
        if str(one) not in known and figure in new:
            found.setdefault(figure, []).append(f"found {one.found}; expected {one.expected}")
    return found
