"""Figures of the user's own: checked by the rules of a case before anything is written, then a case of their own.

The text is a figures.csv with its header. A row may leave out its name, its range, its source and what else has a usual
value: a figure without a source is one of the user's, and says so everywhere. The check reads the whole case with the
rows added, so that it is the check of ``afterfall check``; its report names rows of the uploaded file. Accepting writes
a copy of the case with the rows into a folder, whole or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import tempfile
import threading
import warnings
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from afterfall.case import CaseError, Problem, open_case, read_case
from afterfall.case.case import Case
from afterfall.case.cut import cut
from afterfall.case.open import bundled_folder
from afterfall.case.problems import nearest_name
from afterfall.case.records import Figure
from afterfall.evaluate.core.last_published import last_published_figure
from afterfall.model.observation.figure_rules import FIT_USES, FORECAST_USES, MODEL_QUANTITY
from afterfall.web.entries import in_words, published_text
from afterfall.web.refusals import RequestRefusal
from afterfall.web.schemas import AcceptedAnswer, EffectRow, FiguresAnswer, ProblemEntry

FILE, SOURCES = "figures.csv", "sources.csv"
#: Rows of an upload, characters of a cell, uploads that wait to be accepted.
MOST_ROWS, MOST_CELL, MOST_PENDING = 500, 500, 8
OWN_SOURCE = "own-figures"
NEEDED = ("quantity", "place", "value", "refers_to")
#: What a row has where it says nothing.
USUAL = {"basis": "cumulative", "source": OWN_SOURCE, "grade": "F6", "verified": "no"}


@dataclass(frozen=True)
class Pending:
    """An upload that passed its check: the case, the rows as they will be written, and how many there were before."""

    case: str
    rows: tuple[dict[str, str], ...]


@dataclass
class Uploads:
    """Uploads that wait to be accepted, and where accepted ones are written.

    Attributes
    ----------
    folder
        Where the cases of the user's own are kept.
    own
        Their folders, by name; shared with what opens cases.
    """

    folder: Path
    own: dict[str, Path]
    _pending: OrderedDict[str, Pending] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, name: str, as_of: str | None, text: str) -> FiguresAnswer:
        """The check report of figures for a bundled case, and what they would change; nothing is written.

        Raises
        ------
        RequestRefusal
            If the case is not a bundled one.
        """
        if name.startswith("user:"):
            raise RequestRefusal(400, "case", "Figures are added to a bundled case: upload all of yours together.")
        before = open_case(name, as_of=as_of)
        rows, problems = read_rows(text, before)
        if not problems:
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place) / "case"
                first = write_case(name, rows, folder)
                case, problems = _checked(folder, first)
        if problems:
            shown = [_entry(one) for one in problems[:200]]
            words = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}: nothing was added."
            return FiguresAnswer(
                ok=False, rows=len(rows), problems=shown, warnings=[], effects=[], text=words, token=None
            )
        assert case is not None
        added = [f for f in case.figures if f.where is not None and f.where.row >= first]
        known = cut(case, before.as_of)
        suspect = [_at(one, first) for one in known.warnings if one.file == FILE and (one.row or 0) >= first]
        effects = [_effect(one, before) for one in added]
        used = sum(one.used.startswith("read") for one in effects)
        return FiguresAnswer(
            ok=True,
            rows=len(rows),
            problems=[],
            warnings=[_entry(one) for one in suspect],
            effects=effects,
            text=f"{len(rows)} {'figure' if len(rows) == 1 else 'figures'} can be added; {used} of them would be read.",
            token=self._keep(Pending(name, tuple(rows))),
        )

    def accept(self, token: str) -> AcceptedAnswer:
        """Write the case of the user's own.

        Raises
        ------
        RequestRefusal
            If there is no such upload.
        """
        with self._lock:
            found = self._pending.get(token)
        if found is None:
            raise RequestRefusal(404, "token", "There is no such upload: check the figures again.")
        own = f"{found.case}-{token[:8]}"
        folder = self.folder / own
        if not folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".partial-") as place:
                write_case(found.case, found.rows, Path(place) / "case")
                (Path(place) / "case").rename(folder)
        _, view = bundled_folder(found.case)
        self.own[own] = folder / view if view else folder
        return AcceptedAnswer(
            case=f"user:{own}",
            folder=f"{self.folder.parent.name}/{self.folder.name}/{own}",
            text=f"{len(found.rows)} figures are in a case of your own, user:{own}. Forecasts from it are yours, not "
            "published ones.",
        )

    def _keep(self, pending: Pending) -> str:
        token = hashlib.sha256(repr((pending.case, pending.rows)).encode()).hexdigest()[:32]
        with self._lock:
            self._pending[token] = pending
            while len(self._pending) > MOST_PENDING:
                self._pending.popitem(last=False)
        return token


def read_rows(text: str, case: Case) -> tuple[list[dict[str, str]], list[Problem]]:
    """Rows of an uploaded figures.csv with usual values filled in, and what is wrong with its form."""
    columns = _columns()
    try:
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as problem:
        return [], [Problem(FILE, None, None, str(problem), "a CSV file with a header")]
    if not lines:
        return [], [Problem(FILE, None, None, "no row", "a header and rows of figures")]
    header = [cell.strip() for cell in lines[0]]
    problems = [
        Problem(FILE, 1, None, repr(name[:60]), f"columns of {FILE}", nearest_name(name[:60], columns))
        for name in header
        if name not in columns
    ]
    problems += [Problem(FILE, 1, name, "no such column", "it must be there") for name in NEEDED if name not in header]
    if len(set(header)) < len(header):
        problems.append(Problem(FILE, 1, None, "a column twice", "each column once"))
    if len(lines) - 1 > MOST_ROWS:
        problems.append(Problem(FILE, None, None, f"{len(lines) - 1:,} rows", f"at most {MOST_ROWS}"))
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            problems.append(Problem(FILE, number, None, f"{len(line)} cells", f"{len(header)} cells"))
        elif max(map(len, line)) > MOST_CELL:
            problems.append(Problem(FILE, number, None, "a long cell", f"at most {MOST_CELL} characters"))
    if problems:
        return [], problems
    if len(lines) == 1:
        return [], [Problem(FILE, None, None, "a header alone", "at least one row")]
    rows = [dict(zip(header, line, strict=True)) for line in lines[1:]]
    return [_filled(row, i, case, columns) for i, row in enumerate(rows)], []


def _filled(row: dict[str, str], number: int, case: Case, columns: Sequence[str]) -> dict[str, str]:
    """A row with every column; what it leaves out has its usual value."""
    given = {name: text.strip() for name, text in row.items() if text.strip()}
    value = given.get("value", "")
    usual = {**USUAL, "low": value, "high": value, "published": case.as_of.isoformat()}
    usual["figure"] = f"own-{given.get('place', 'x').lower()}-{number + 1}"
    return {name: given.get(name, usual.get(name, "")) for name in columns}


def _columns() -> tuple[str, ...]:
    from afterfall.case.schema import BY_FILE

    return tuple(column.name for column in BY_FILE[FILE].columns)


def write_case(name: str, rows: Sequence[dict[str, str]], folder: Path) -> int:
    """Write a bundled case with rows added to its figures; gives the number of the first added row."""
    source, _ = bundled_folder(name)
    folder.mkdir()
    for file in source.iterdir():
        if file.is_file():
            with file.open("rb") as read, (folder / file.name).open("wb") as write:
                shutil.copyfileobj(read, write)
    figures = (folder / FILE).read_text(encoding="utf-8")
    first = len(list(csv.reader(io.StringIO(figures)))) + 1
    _append(folder / FILE, [list(row.values()) for row in rows])
    if any(row["source"] == OWN_SOURCE for row in rows):
        header = next(csv.reader(io.StringIO((folder / SOURCES).read_text(encoding="utf-8"))))
        own = {"source": OWN_SOURCE, "title": "Figures added by the user", "publisher": "the user"}
        own |= {"published": min(row["published"] for row in rows), "licence": "the user's own"}
        _append(folder / SOURCES, [[own.get(column, "") for column in header]])
    return first


def _append(path: Path, rows: Sequence[Sequence[str]]) -> None:
    text = path.read_text(encoding="utf-8")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text if text.endswith("\n") else text + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)


def _checked(folder: Path, first: int) -> tuple[Case | None, list[Problem]]:
    """The case with the rows, or its problems at rows of the uploaded file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read_case(folder), []
    except CaseError as wrong:
        return None, [_at(one, first) for one in wrong.problems]


def _at(one: Problem, first: int) -> Problem:
    """A problem at the row of the uploaded file, whose header is row 1."""
    if one.file != FILE or one.row is None or one.row < first:
        return one
    return replace(one, row=one.row - first + 2)


def _entry(one: Problem) -> ProblemEntry:
    return ProblemEntry(
        file=one.file, row=one.row, column=one.column, found=one.found, expected=one.expected, nearest=one.nearest
    )


def _effect(figure: Figure, before: Case) -> EffectRow:
    """What a figure would change: the last one of its place and quantity, and what reads it."""
    last = last_published_figure(before, MODEL_QUANTITY.get(figure.quantity, figure.quantity), figure.place)
    uses = [FORECAST_USES.get(figure.quantity, ""), FIT_USES.get(figure.quantity, "")]
    used = "; ".join(f"read for {one}" for one in uses if one) or "not read by the forecast"
    if figure.published.last_day > before.as_of:
        used = f"published after {before.as_of}: a forecast from that day does not read it"
    names = {p.place: p.name for p in before.places}
    return EffectRow(
        place=figure.place,
        name=names.get(figure.place, figure.place),
        quantity=figure.quantity,
        before="none published" if last is None else f"{published_text(last)} ({in_words(last.refers_to)})",
        after=f"{published_text(figure)} ({in_words(figure.refers_to)})",
        used=used,
    )
