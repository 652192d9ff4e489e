"""Rows of a file of figures in the form of a case: columns and names as people write them, dates, numbers, sources.

Needed are what was counted (`quantity`), of whom (`place`), the number (`value`, or `low` and `high`), the day it is
for (`refers_to`), the day it became public (`published`) and who said it (`source`). What is left out is filled in, and
a note says with what: `basis` by what is usual for the quantity, `grade` with F6 (cannot be judged, so that it weighs
least), `verified` with no, and the name of the row. A source that the case does not have is added to its sources.csv
where the file says its title and publisher.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from afterfall.case.case import Case
from afterfall.case.cells import Refusal, parse
from afterfall.case.intake.loose_sheet import LooseSheet
from afterfall.case.intake.loose_values import LooseCell, Meaning, days_meant, numbers_meant
from afterfall.case.known_values import DEFINITIONS
from afterfall.case.place_names import UnknownPlace, find_place
from afterfall.case.problems import Problem, name_problem, nearest_name
from afterfall.case.schema import BY_ATTRIBUTE, MEASURES, SHARES, Column

FIGURES, SOURCES = BY_ATTRIBUTE["figures"], BY_ATTRIBUTE["sources"]
COLUMNS = {column.name: column for column in FIGURES.columns}
#: Columns of a new source that stand in the row of a figure, by the column of sources.csv that they fill.
SOURCE_COLUMNS = {"title": "source_title", "publisher": "publisher", "url": "url", "licence": "licence"}
#: Other words for columns, folded.
ALSO_CALLED = {
    "id": "figure",
    "country": "place",
    "origin": "place",
    "number": "value",
    "count": "value",
    "date": "refers_to",
    "as_of": "refers_to",
    "published_on": "published",
    "title": "source_title",
    "link": "url",
}
NUMBERS, DATES = ("low", "value", "high"), ("refers_to", "published")
#: Other words for the contents of cells, folded, by column.
WORDS: Mapping[str, Mapping[str, str]] = {
    "role": {"women": "woman", "men": "man", "children": "minor", "child": "minor", "minors": "minor"}
    | {"fighters": "fighter", "adults": "adult", "everyone": "", "all": ""},
    "verified": {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"},
    "place": {"the_world": "WLD", "global": "WLD"},
}
#: What a count of a quantity is where the file does not say.
TOTALS = ("travelled", "returned", "killed", "prosecuted", "prevented", "revoked", "transferred")
STOCKS = ("camp_population", "detained", "detained_foreign", "in_theatre", "strength", "unrecorded")
USUAL_BASIS = {
    **dict.fromkeys(TOTALS, "cumulative"),
    **dict.fromkeys(STOCKS, "stock"),
    **dict.fromkeys(sorted(SHARES), "share"),
}
#: Cells of a column that are listed one by one where they were read in another form.
MOST_READ = 3
#: Filled in where the file says nothing.
UNSAID = {"grade": "F6", "verified": "no"}
UNSAID_WORDS = {
    "grade": "grade: not given, taken as F6 (cannot be judged), the largest error",
    "verified": "verified: not given, taken as no",
}


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A row of the file in the form of figures.csv: its cells by column, and its number in the file."""

    row: int
    cells: Mapping[str, str]


@dataclass
class IntakeRows:
    """All rows of a file, with new sources, what was read in another form, and problems.

    `sources` are rows for sources.csv by slug, each with the number of the row that brought it.
    """

    rows: list[IntakeRow] = field(default_factory=list)
    sources: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read_as: dict[str, list[str]] = field(default_factory=dict)

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    def note_read(self, row: int, column: str, text: str, read: str) -> None:
        """Say that a cell was read in another form than it has; `said` lists the first of each column."""
        self.read_as.setdefault(column, []).append(f"row {row}, {column}: {text!r} read as {read or 'everyone'}")

    def said(self) -> tuple[str, ...]:
        """Everything that is to be said, with at most `MOST_READ` cells of a column."""
        lines = list(self.notes)
        for column, texts in self.read_as.items():
            lines += texts[:MOST_READ]
            if len(texts) > MOST_READ:
                lines.append(f"{column}: {len(texts) - MOST_READ} more cells read in the same way")
        return tuple(lines)


def intake_rows(sheet: LooseSheet, case: Case) -> IntakeRows:
    """Rows of a sheet in the form of a case.

    Parameters
    ----------
    sheet
        The file.
    case
        The whole case that they are to be added to: its places, sources and definitions are known.
    """
    found = IntakeRows(notes=list(sheet.notes), problems=list(sheet.problems))
    columns = _columns(sheet, found)
    if columns is None:
        return found
    texts = [(number, dict(zip(columns, cells, strict=True))) for number, cells in sheet.rows]
    read = _values(sheet.file, texts, found)
    for number, cells in texts:
        own = {column: text for column, text in cells.items() if column not in (*NUMBERS, *DATES)}
        before = len(found.problems)
        row = _row(_Row(sheet.file, number, own, read[number], case, found))
        if len(found.problems) == before and None not in read[number].values():
            found.rows.append(IntakeRow(number, row))
    return found


def folded(text: str) -> str:
    """A word without case, blanks and signs: "Camp population" is camp_population."""
    return re.sub(r"[^0-9a-z]+", "_", text.casefold()).strip("_")


def _columns(sheet: LooseSheet, found: IntakeRows) -> tuple[str, ...] | None:
    """Names of the columns as a case has them; None where they cannot be known."""
    if not sheet.columns:
        return None
    known = (*COLUMNS, *SOURCE_COLUMNS.values())
    names = []
    for text in sheet.columns:
        plain = folded(text)
        name = plain if plain in known else ALSO_CALLED.get(plain, "")
        if not name:
            near = nearest_name(text, known)
            expected = f"one of {', '.join(known)}"
            found.problems.append(Problem(sheet.file, 1, None, f"a column {text!r}", expected, near))
        elif name != plain:
            found.note(f"column {text!r} read as {name}")
        names.append(name)
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        found.problems.append(Problem(sheet.file, 1, None, f"the column {name} more than once", "each column once"))
    missing = [name for name in ("quantity", "place", "refers_to", "published") if name not in names]
    missing += [] if {"value", "low", "high"} & set(names) else ["value"]
    missing += [] if {"source", "source_title"} & set(names) else ["source"]
    for name in missing:
        found.problems.append(Problem(sheet.file, 1, None, f"no column {name}", "a column of this name"))
    return None if missing or "" in names or len(set(names)) < len(names) else tuple(names)


def _values(file: str, texts: list[tuple[int, dict[str, str]]], found: IntakeRows) -> dict[int, dict[str, str | None]]:
    """Numbers and dates of every row by column; None where they cannot be read, which is a problem."""
    numbers = [_number_cell(row, column, cells) for row, cells in texts for column in NUMBERS if cells.get(column)]
    days = [LooseCell(row, column, cells[column]) for row, cells in texts for column in DATES if cells.get(column)]
    meanings: dict[tuple[int, str], Meaning] = {**numbers_meant(numbers), **days_meant(days)}
    read: dict[int, dict[str, str | None]] = {row: {} for row, _ in texts}
    for cell in (*numbers, *days):
        meaning = meanings[cell.row, cell.column]
        read[cell.row][cell.column] = meaning.text
        if meaning.text is None:
            found.problems.append(Problem(file, cell.row, cell.column, repr(cell.text), meaning.expected))
        elif meaning.text != cell.text:
            found.note_read(cell.row, cell.column, cell.text, meaning.text)
    return read


def _number_cell(row: int, column: str, cells: Mapping[str, str]) -> LooseCell:
    """A number of a row: a count is whole, but for the middle of a range, and a share lies between 0 and 1."""
    quantity = folded(cells.get("quantity", ""))
    share = quantity in SHARES or folded(cells.get("basis", "")) == "share"
    if share:
        return LooseCell(row, column, cells[column], lambda number: 0 <= number <= 1, share=True)
    if quantity in MEASURES:
        return LooseCell(row, column, cells[column])
    parts = Decimal(2) if column == "value" and cells.get("low") and cells.get("high") else Decimal(1)
    return LooseCell(row, column, cells[column], lambda number: number * parts == int(number * parts))


@dataclass(frozen=True)
class _Row:
    """A row on its way: its texts, its numbers and dates, and what is known."""

    file: str
    number: int
    texts: Mapping[str, str]
    values: Mapping[str, str | None]
    case: Case
    found: IntakeRows

    def fail(self, column: str, found: str, expected: str, nearest: str | None = None) -> str:
        """Report a cell; the empty text stands for it."""
        self.found.problems.append(Problem(self.file, self.number, column, found, expected, nearest))
        return ""

    def note(self, column: str, read: str) -> None:
        """Say what a cell was read as."""
        text = self.texts.get(column, "")
        if folded(read) != folded(text):
            self.found.note_read(self.number, column, text, read)


def _row(row: _Row) -> dict[str, str]:
    """The cells of a row of figures.csv by column."""
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {column: value or "" for column, value in row.values.items()}
    for column in COLUMNS:
        if column in ("quantity", "role", "bound", "basis", "grade", "verified"):
            cells[column] = _word(row, COLUMNS[column])
        elif column in ("figure", "family", "note"):
            cells[column] = row.texts.get(column, "")
    cells["place"] = _place(row)
    cells["definition"] = _one_of(row, "definition", {*DEFINITIONS, *row.case.definitions})
    organisations = {o.organisation: o.name for o in row.case.organisations}
    cells["organisation"] = _one_of(row, "organisation", organisations, organisations)
    _fill(row, cells)
    cells["source"] = _source(row, cells["published"])
    for column in ("refers_to", "published", "value"):
        if not cells[column] and column not in row.values:
            row.fail(column, "an empty cell", "a number" if column == "value" else "a date")
    return cells


def _word(row: _Row, column: Column) -> str:
    """A cell that has one of a few words."""
    text = row.texts.get(column.name, "")
    plain = folded(text)
    word = WORDS.get(column.name, {}).get(plain, text.upper() if column.kind == "grade" else plain)
    if not word:
        return ""
    read = parse(word, column)
    if isinstance(read, Refusal):
        return row.fail(column.name, repr(text), read.expected, read.nearest)
    row.note(column.name, word)
    return word


def _place(row: _Row) -> str:
    """The code of the place that a cell names."""
    text = row.texts.get("place", "")
    if not text:
        return row.fail("place", "an empty cell", "a place of the case")
    names = {place.place: place.name for place in row.case.places}
    try:
        code = find_place(WORDS["place"].get(folded(text), text), names)
    except UnknownPlace as unknown:
        if len(unknown.nearest) > 1:
            return row.fail("place", repr(text), f"one place: {' or '.join(unknown.nearest)}")
        return row.fail("place", repr(text), "a place in places.csv", next(iter(unknown.nearest), None))
    row.note("place", code)
    return code


def _one_of(row: _Row, column: str, known: Collection[str], names: Mapping[str, str] | None = None) -> str:
    """A cell that has one of the known names, or nothing."""
    text = row.texts.get(column, "")
    if not text:
        return ""
    meant = [one for one in known if folded(text) in (folded(one), folded((names or {}).get(one, one)))]
    if len(meant) != 1:
        problem = name_problem(text, known, f"a known {column}", file=row.file, row=row.number, column=column)
        row.found.problems.append(problem)
        return ""
    row.note(column, meant[0])
    return meant[0]


def _fill(row: _Row, cells: dict[str, str]) -> None:
    """Fill in what a row leaves out: a range from its value and the reverse, the basis, grade and verification."""
    low, value, high = (cells[column] for column in NUMBERS)
    if low and high and not value and "value" not in row.values:
        value = format(((Decimal(low) + Decimal(high)) / 2).normalize(), "f")
        row.found.note(f"row {row.number}, value: the middle of {low} and {high}, {value}")
    cells |= {"low": low or value, "value": value, "high": high or value}
    if not cells["basis"] and not row.texts.get("basis"):
        basis = USUAL_BASIS.get(cells["quantity"], "")
        cells["basis"] = basis
        if basis:
            row.found.note(f"basis: not given, taken as {basis} for {cells['quantity']}")
        elif cells["quantity"]:
            row.fail("basis", "nothing", f"one of {', '.join(COLUMNS['basis'].words)}")
    for column, usual in UNSAID.items():
        if not cells[column] and not row.texts.get(column):
            cells[column] = usual
            row.found.note(UNSAID_WORDS[column])


def _source(row: _Row, published: str) -> str:
    """The slug of the source of a row: one of the case, or a new one that the row describes."""
    slug, title = row.texts.get("source", ""), row.texts.get(SOURCE_COLUMNS["title"], "")
    known = {source.source for source in row.case.sources}
    if slug in known:
        return slug
    alike = [one for one in known if slug and folded(one) == folded(slug)]
    alike += [s.source for s in row.case.sources if not slug and title and folded(s.title) == folded(title)]
    if alike:
        row.note("source", alike[0])
        return alike[0]
    publisher = row.texts.get(SOURCE_COLUMNS["publisher"], "")
    if not title or not publisher:
        what = repr(slug) if slug else "no source"
        missing = " and ".join(
            SOURCE_COLUMNS[c] for c in ("title", "publisher") if not row.texts.get(SOURCE_COLUMNS[c])
        )
        expected = f"a source of the case, or a new one with {missing}"
        return row.fail("source", what, expected, nearest_name(slug, known) if slug else None)
    slug = slug or re.sub(r"_", "-", folded(f"{publisher} {published}"))
    cells = {"source": slug, "published": published}
    cells |= {column: row.texts.get(name, "") for column, name in SOURCE_COLUMNS.items()}
    before = row.found.sources.setdefault(slug, (row.number, cells))
    if before[1]["title"] != title:
        first = f"{slug!r} with the title {before[1]['title']!r} in row {before[0]}"
        return row.fail("source", first, "one title for a source: name the sources in the column source")
    return slug
