"""What an import read and skipped, and the public data sets that can be imported, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.case.schema import BY_ATTRIBUTE
from afterfall.importers.imported import ImportedData
from afterfall.importers.public_sources import PublicSource
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns

#: Reasons that are listed; the report has all rows.
LISTED = 15
#: Characters of columns of words.
WIDTH, NARROW, LICENCE = 46, 21, 15


def import_headline(found: ImportedData) -> tuple[str, ...]:
    """What was read, from what and of which day."""
    skipped = len(found.outcomes) - found.n_read
    licence = found.source.licence or "see the page of the table"
    return (
        f"{found.path.name}: {found.source.title}, published {found.published}",
        f"Read {found.n_read:,}, skipped {skipped:,}. Licence: {licence}.",
    )


def import_grids(found: ImportedData) -> tuple[TextTable, ...]:
    """Rows made for each table of a case, and why rows of the file were skipped."""
    made = tuple((BY_ATTRIBUTE[table].file, f"{len(rows):,}") for table, rows in found.tables.items())
    tables = [TextTable((TableColumn("rows for"), *number_columns("number")), (made,))] if made else []
    reasons = found.reasons()
    if reasons:
        rows = [(reason, f"{number:,}") for reason, number in reasons[:LISTED]]
        if len(reasons) > LISTED:
            others = sum(number for _, number in reasons[LISTED:])
            rows.append((f"{len(reasons) - LISTED:,} other reasons", f"{others:,}"))
        columns = (TableColumn("skipped because", wrap=WIDTH), *number_columns("rows"))
        tables.append(TextTable(columns, (tuple(rows),)))
    return tuple(tables)


def import_notes(found: ImportedData, written: Sequence[str]) -> tuple[str, ...]:
    """Where the rows are; or, where they are nowhere, how to keep them."""
    if written:
        return tuple(written)
    if not found.tables:
        return ("No row for a case: nothing to write.",)
    return ("Nothing is written: --into CASE adds the rows to a case, --out FOLDER writes them into a new folder.",)


def sources_grid(sources: Sequence[PublicSource]) -> TextTable:
    """The data sets, with the files that are read and their licences."""
    columns = (
        *word_columns("source"),
        TableColumn("what", wrap=NARROW),
        TableColumn("files", wrap=NARROW),
        TableColumn("licence", wrap=LICENCE),
    )
    rows = tuple((s.name, s.title, s.forms, s.licence or "of the table") for s in sources)
    return TextTable(columns, (rows,))
