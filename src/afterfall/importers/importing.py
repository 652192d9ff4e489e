"""Imports a file of a public data set: reads its rows, adds up what belongs together, and makes rows of case tables.

The as-of rule. ``published`` is never invented. It is the day that the user gives (when the release or the download was
public) or one that the file itself states (`PublicSource.dated_by`), and a day given must not be earlier than that. All
rows of one file have one day, that of the vintage: numbers of later vintages are revised. A month or a year that was
not over on that day is left out, and a file that describes what happened after it is refused.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from afterfall.case.cells import GRADE
from afterfall.case.dates import PartialDate
from afterfall.case.problems import Problem, name_problem
from afterfall.case.schema import Attribute
from afterfall.importers.case_tables import Row
from afterfall.importers.citations import slug
from afterfall.importers.file_tables import FileTable, UnreadableFile, open_file_table
from afterfall.importers.import_items import CellKey, ImportSettings, Item, Numbers, SkippedRow, Taken
from afterfall.importers.imported import ImportedData, ImportProblems, RowOutcome
from afterfall.importers.public_sources import BY_NAME, SOURCES, PublicSource

#: Problems of a file after which reading stops: more would tell no more.
ENOUGH = 200
#: Columns that a table of the right data set may lack; one that lacks more is another table.
FEW = 3


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import besides what to take from the file.

    Attributes
    ----------
    published
        When the file was public; empty to take it from the file.
    vintage
        Name of the release ("24.1"), for the title and the name of the source; empty to name it by `published`.
    grade
        Admiralty grade of figures; empty for that of the source.
    organisation
        Organisation of the case that figures are about; empty for none.
    places
        Codes of the places of the case; None for any country.
    """

    published: str = ""
    vintage: str = ""
    grade: str = ""
    organisation: str = ""
    places: frozenset[str] | None = None


def find_source(name: str) -> PublicSource:
    """The data set of a name.

    Raises
    ------
    ImportProblems
        If there is none of that name; with the nearest.
    """
    if name not in BY_NAME:
        expected = f"one of {', '.join(BY_NAME)}"
        raise ImportProblems(
            f"from {name}", [name_problem(name, BY_NAME, expected, file="source", row=None, column=None)]
        )
    return BY_NAME[name]


def import_file(source: PublicSource, path: Path, settings: ImportSettings, request: ImportRequest) -> ImportedData:
    """Read a file of a data set into rows of case tables.

    Raises
    ------
    ImportProblems
        With everything that is wrong with the file and the request.
    """
    table = _open(source, path)
    taken, outcomes, dated = _read(source, table, settings)
    published = _published(path.name, source, request, dated)
    _in_time(path.name, taken, published)
    if settings.actor and not taken and not any(o.outcome == "read" for o in outcomes):
        raise ImportProblems(path.name, [_unknown_actor(table, settings)])
    return _made(source, path, taken, outcomes, published, settings, request)


def wrong_request(source: PublicSource, path: Path, settings: ImportSettings, request: ImportRequest) -> list[Problem]:
    """What is wrong with a request, whatever is in the file; empty where nothing is."""
    found = []
    if not path.is_file():
        found.append(Problem(str(path), None, None, "no such file", source.forms))
    if request.published:
        try:
            PartialDate(request.published)
        except ValueError:
            found.append(Problem("request", None, "published", repr(request.published), "a date as YYYY-MM-DD"))
    if request.grade and not GRADE.fullmatch(request.grade):
        found.append(Problem("request", None, "grade", repr(request.grade), "A to F then 1 to 6, such as B2"))
    if settings.actor and not source.of_events:
        found.append(Problem("request", None, "actor", repr(settings.actor), f"no actor: {source.name} has no events"))
    if settings.since and settings.until and settings.since > settings.until:
        found.append(Problem("request", None, "since", str(settings.since), f"a day not after until {settings.until}"))
    return found


def _open(source: PublicSource, path: Path) -> FileTable:
    """The table of a file, checked to have the columns of the data set."""
    try:
        table = open_file_table(path, _is_header, source.without_header)
    except UnreadableFile as wrong:
        raise ImportProblems(path.name, [wrong.problem]) from wrong
    if source.fits(table):
        return table
    others = [one.name for one in SOURCES if one.fits(table) and one.name != source.name]
    hint = f"; the columns are those of {' or '.join(others)}" if others else ""
    if source.name == "hxl" or not source.lacking(table.columns):
        raise ImportProblems(path.name, [Problem(path.name, 1, None, "another form", f"{source.forms}{hint}")])
    lacking = source.lacking(table.columns)
    if others or len(lacking) > FEW:
        found = f"a table without {', '.join(lacking)}"
        raise ImportProblems(path.name, [Problem(path.name, 1, None, found, f"{source.forms}{hint}")])
    expected = f"the columns of {source.name}: {', '.join(source.needed)}"
    problems = [
        replace(name_problem(name, table.columns, expected, file=path.name, row=1, column=name), found="no such column")
        for name in lacking
    ]
    raise ImportProblems(path.name, problems)


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a row is the header of a data set that is known by its columns; others are known by the row below."""
    return any(source.fits(cells) for source in SOURCES if source.needed)


def _read(
    source: PublicSource, table: FileTable, settings: ImportSettings
) -> tuple[dict[CellKey, list[tuple[Taken, Numbers]]], list[RowOutcome], dt.date | None]:
    """Numbers by what they count, what was left out, and the latest day that the file states of itself."""
    taken: dict[CellKey, list[tuple[Taken, Numbers]]] = defaultdict(list)
    outcomes: list[RowOutcome] = []
    problems: list[Problem] = []
    dated: dt.date | None = None
    try:
        for item in source.read(table, settings):
            if isinstance(item, Problem):
                problems.append(item)
                if len(problems) >= ENOUGH:
                    break
                continue
            dated = max(filter(None, (dated, item.dated)), default=None)
            _sort(item, taken, outcomes)
    except UnreadableFile as wrong:
        problems.append(wrong.problem)
    if problems:
        raise ImportProblems(table.file, problems)
    return taken, outcomes, dated


def _sort(item: Item, taken: dict[CellKey, list[tuple[Taken, Numbers]]], outcomes: list[RowOutcome]) -> None:
    if isinstance(item, SkippedRow):
        outcomes.append(RowOutcome(item.row, item.column, "skipped", item.reason))
    elif isinstance(item, Taken):
        for key, numbers in item.parts:
            taken[key].append((item, numbers))


def _published(file: str, source: PublicSource, request: ImportRequest, dated: dt.date | None) -> PartialDate:
    """When the file was public: the day given, not before the one that the file states; else that one."""
    if request.published:
        given = PartialDate(request.published)
        if dated is not None and given.last_day < dated:
            expected = f"a day from {dated}, which the file states in {source.dated_by}"
            raise ImportProblems(file, [Problem("request", None, "published", str(given), expected)])
        return given
    if dated is not None:
        return PartialDate(dated.isoformat())
    why = f"; {source.dated_by} is not in the file" if source.dated_by else ""
    expected = f"the day on which this release, or this download, was public{why}"
    raise ImportProblems(file, [Problem("request", None, "published", "no date", expected)])


def _in_time(file: str, taken: Mapping[CellKey, object], published: PartialDate) -> None:
    """Refuse a file that describes what happened after the day on which it was public."""
    late = sorted({key.refers_to for key in taken if PartialDate(key.refers_to).first_day > published.last_day})
    if late:
        found = f"rows about {late[0]}" + (f" and {len(late) - 1} later periods" if len(late) > 1 else "")
        expected = f"nothing after published {published}: is that the date of another release?"
        raise ImportProblems(file, [Problem(file, None, None, found, expected)])


def _unknown_actor(table: FileTable, settings: ImportSettings) -> Problem:
    """The problem of an actor that no event of the file has, with the nearest that one has."""
    sides = [name for name in ("side_a", "side_b", "actor1", "actor2") if name in table.columns]
    names = {cells[side] for _, cells in table.rows(sides) for side in sides if cells[side]}
    expected = "words in the name of a side of an event"
    return name_problem(settings.actor, names, expected, file=table.file, row=None, column="actor")


def _made(
    source: PublicSource,
    path: Path,
    taken: Mapping[CellKey, list[tuple[Taken, Numbers]]],
    outcomes: list[RowOutcome],
    published: PartialDate,
    settings: ImportSettings,
    request: ImportRequest,
) -> ImportedData:
    """Rows of the case tables, and what became of each row of the file."""
    name = slug(f"{source.name} {request.vintage or published}")
    tables: dict[Attribute, list[Row]] = {"sources": [], "figures": [], "covariates": []}
    used: dict[tuple[int, str], bool] = {}
    why: dict[tuple[int, str], str] = {}
    for key in sorted(taken, key=_order):
        reason = _unusable(key, published, request)
        for item, _ in taken[key]:
            used[item.row, item.column] = used.get((item.row, item.column), False) or not reason
            why[item.row, item.column] = reason or why.get((item.row, item.column), "")
        if reason:
            continue
        if key.basis is None:
            tables["covariates"].append(_covariate(key, taken[key], name, published))
        else:
            tables["figures"].append(_figure(key, taken[key], source, name, published, settings, request))
    if tables["figures"] or tables["covariates"]:
        tables["sources"].append(_source_row(source, name, published, request))
    outcomes += [
        RowOutcome(*at, "read", "") if kept else RowOutcome(*at, "skipped", why[at]) for at, kept in used.items()
    ]
    return ImportedData(
        source=source,
        path=path,
        published=published,
        tables={attribute: tuple(rows) for attribute, rows in tables.items() if rows},
        outcomes=tuple(sorted(outcomes, key=lambda one: (one.row, one.column))),
    )


def _order(key: CellKey) -> tuple[str, ...]:
    return key.place, key.name, key.definition, key.other, key.refers_to


def _unusable(key: CellKey, published: PartialDate, request: ImportRequest) -> str:
    """Why a number does not go into the case; empty where it does."""
    if PartialDate(key.refers_to).last_day > published.last_day:
        return f"{key.refers_to} was not over on {published}"
    if request.places is not None:
        lacking = [place for place in (key.place, key.other) if place and place not in request.places]
        if lacking:
            return f"{' and '.join(lacking)}: not in places.csv of the case"
    return ""


def _source_row(source: PublicSource, name: str, published: PartialDate, request: ImportRequest) -> Row:
    return {
        "source": name,
        "title": f"{source.title}, {request.vintage}" if request.vintage else source.title,
        "publisher": source.publisher,
        "published": str(published),
        "url": source.url,
        "licence": source.licence,
        "note": f"imported with afterfall import {source.name}",
    }


def _figure(
    key: CellKey,
    rows: list[tuple[Taken, Numbers]],
    source: PublicSource,
    name: str,
    published: PartialDate,
    settings: ImportSettings,
    request: ImportRequest,
) -> Row:
    low, value, high = _sum(numbers for _, numbers in rows)
    about = request.organisation or settings.actor
    parts = (name, key.place, slug(about), key.definition.replace("_", "-"), key.name.replace("_", "-"), key.refers_to)
    events = "1 event" if len(rows) == 1 else f"{len(rows):,} events"
    sides = f" with a side {settings.actor!r}" if settings.actor else ""
    return {
        "figure": "-".join(filter(None, parts)),
        "quantity": key.name,
        "place": key.place,
        "organisation": request.organisation,
        "low": _plain(low),
        "value": _plain(value),
        "high": _plain(high),
        "refers_to": key.refers_to,
        "published": str(published),
        "basis": str(key.basis),
        "definition": key.definition,
        "family": source.family or source.name,
        "source": name,
        "grade": request.grade or source.grade,
        "verified": "yes",
        "note": f"{events}{sides}" if source.of_events else "",
    }


def _covariate(key: CellKey, rows: list[tuple[Taken, Numbers]], name: str, published: PartialDate) -> Row:
    _, value, _ = _sum(numbers for _, numbers in rows)
    return {
        "place": key.place,
        "covariate": f"{key.name}:{key.other}" if key.other else key.name,
        "value": _plain(value),
        "unit": key.unit,
        "refers_to": key.refers_to,
        "published": str(published),
        "source": name,
    }


def _sum(numbers: Iterable[Numbers]) -> Numbers:
    low, value, high = (sum(column) for column in zip(*numbers, strict=True))
    return low, value, high


def _plain(number: float) -> str:
    """A number as a cell of a case has it: no separators, no fraction where it is whole."""
    return str(int(number)) if number == int(number) else repr(number)
