"""Rows of CSV files, and writing the files of a case with the columns of the case schema."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from afterfall.case.schema import BY_ATTRIBUTE, Attribute
from afterfall.run.atomic_files import write_whole

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Rows of a CSV file with a header, every cell as text; a byte-order mark is ignored.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def write_rows(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as CSV with these columns, the whole file or none of it; missing cells are empty.

    Raises
    ------
    ValueError
        If a row has a cell in another column.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(path, text.getvalue().encode())


def case_columns(table: Attribute) -> tuple[str, ...]:
    """Columns of a table of the case schema, in its order.

    >>> case_columns("regions")
    ('region', 'name')
    """
    return tuple(column.name for column in BY_ATTRIBUTE[table].columns)


def write_tables(folder: Path, tables: Mapping[Attribute, Sequence[Row]]) -> None:
    """Write tables of a case into a folder, each as its file of the schema.

    Raises
    ------
    ValueError
        If a row has a cell in a column that the schema does not have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        write_rows(folder / BY_ATTRIBUTE[table].file, case_columns(table), rows)
