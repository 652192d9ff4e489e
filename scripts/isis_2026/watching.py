"""Builds custody events and indicators: in our words, with numbers and citations from gathered rows.

`custody.csv` points each event at the gathered row that says so: of `events`, of `figures`, or of the reference class
(`class`). Its numbers are the lowest, the most trusted and the highest of those that were public on the day from which
the event counts as known. `indicators.csv` points at the gathered indicators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from afterfall.case import PartialDate
from afterfall.importers.case_tables import Row, case_columns, read_rows
from afterfall.importers.reference_tables import Reference
from isis_2026.cited import Citations, published_of
from isis_2026.gathered import chosen, fixed, gathered

#: The events of the reference class that come with the package.
CLASS = Path(__file__).parents[2] / "src/afterfall/reference/data/custody.csv"


def custody_events(folder: Path, citations: Citations) -> list[Row]:
    """Every custody event of our list, cited; ValueError if one was public by the end of the record of `isis-2017`."""
    tables = {name: gathered(folder, name) for name in ("events", "figures")} | {"class": _class()}
    return [_event(row, _cited(tables, row), citations) for row in chosen("custody")]


def _class() -> list[Reference]:
    return [Reference("class", number, cells) for number, cells in enumerate(read_rows(CLASS), 2)]


def _cited(tables: Mapping[str, Sequence[Reference]], row: Row) -> Reference:
    return next(one for one in tables[row["table"]] if one.row == int(row["row"]))


def _event(row: Row, reference: Reference, citations: Citations) -> Row:
    published = _known_from(row, reference)
    if fixed(published):
        raise ValueError(f"custody event {row['event']} would change forecasts of the record of isis-2017")
    ours = {column: row[column] for column in case_columns("custody_events") if column in row}
    return ours | {
        "family": reference["report_family"].replace("_", "-"),
        "published": published,
        "source": citations.cite(reference, published),
        "grade": reference["grade"],
    }


def _known_from(row: Row, reference: Reference) -> str:
    """The day from which all of an event was public: ours, else that of the row, and never before it happened.

    An interim count is known as a part of the event when the event is over.
    """
    published = row["published"] or published_of(reference)
    return published if PartialDate(row["date"]).first_day <= PartialDate(published).last_day else row["date"]


def indicators(folder: Path, citations: Citations) -> list[Row]:
    """Every indicator, cited and dated."""
    references = {reference.row: reference for reference in gathered(folder, "indicators")}
    made = []
    for row in chosen("indicators"):
        reference = references[int(row["row"])]
        published = published_of(reference)
        ours = {column: row[column] for column in case_columns("indicators") if column in row}
        cited = {"published": published, "source": citations.cite(reference, published), "grade": reference["grade"]}
        made.append(ours | cited)
    return made
