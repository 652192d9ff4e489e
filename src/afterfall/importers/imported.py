"""The result of an import: rows of case tables, what became of every row of the file, and where they can be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from afterfall.case.dates import PartialDate
from afterfall.case.problems import Problem, report_lines
from afterfall.case.schema import BY_ATTRIBUTE, Attribute
from afterfall.importers.case_tables import Row, case_columns, write_rows, write_tables
from afterfall.shown import ShownAsHtml

if TYPE_CHECKING:
    import pandas as pd

    from afterfall.importers.case_addition import Addition
    from afterfall.importers.public_sources import PublicSource


class ImportProblems(ValueError):
    """A file that cannot be imported as asked, with every problem found.

    Attributes
    ----------
    file
        Name of the file.
    problems
        Every problem, with its row and column.
    """

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file, self.problems = file, tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        super().__init__("\n  ".join([f"cannot import {file}: {count}", *report_lines(problems)]))


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row of the file, or of one of its cells where `column` says which: read, or skipped and why."""

    row: int
    column: str
    outcome: Literal["read", "skipped"]
    reason: str


@dataclass(frozen=True, eq=False)
class ImportedData(ShownAsHtml):
    """Rows of case tables from a file of a public data set.

    Attributes
    ----------
    source
        The data set.
    path
        The file.
    published
        When it was public: the publication date of every row.
    tables
        Rows by table of the case (``sources``, ``figures``, ``covariates``), each row as text by column.
    outcomes
        What became of each row of the file, in its order.
    """

    source: PublicSource
    path: Path
    published: PartialDate
    tables: Mapping[Attribute, tuple[Row, ...]]
    outcomes: tuple[RowOutcome, ...]

    @property
    def n_read(self) -> int:
        """Number of rows (of tables with a column a period: cells) that were read."""
        return sum(one.outcome == "read" for one in self.outcomes)

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why rows were skipped, and how many for each reason, the most frequent first."""
        return tuple(Counter(one.reason for one in self.outcomes if one.outcome == "skipped").most_common())

    def report(self) -> pd.DataFrame:
        """What became of each row, as a data frame with the columns row, column, outcome, reason."""
        import pandas as pd

        rows = [(one.row, one.column, one.outcome, one.reason) for one in self.outcomes]
        return pd.DataFrame(rows, columns=["row", "column", "outcome", "reason"])

    def to_pandas(self, table: Attribute = "figures") -> pd.DataFrame:
        """Rows of a table of the case as a data frame of texts."""
        import pandas as pd

        columns = case_columns(table)
        rows = [[row.get(column, "") for column in columns] for row in self.tables.get(table, ())]
        return pd.DataFrame(rows, columns=list(columns), dtype=str)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the tables into a new or empty folder, each as its file of the case format, and return their paths.

        Raises
        ------
        ImportProblems
            If the folder has files already.
        OSError
            If it cannot be written to.
        """
        folder = Path(folder)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            expected = "a new or empty folder; to add to a case, name it with --into"
            raise ImportProblems(self.path.name, [Problem(str(folder), None, None, "files in it already", expected)])
        write_tables(folder, self.tables)
        return tuple(folder / BY_ATTRIBUTE[table].file for table in self.tables)

    def add_to(self, case: str | Path) -> tuple[Addition, ...]:
        """Add the rows to a case folder of one's own, which is checked with them before anything is written.

        Returns
        -------
        tuple of Addition
            For each file, how many rows were added, and how many it had already.

        Raises
        ------
        ImportProblems
            If a row of the same name has other cells, or the case would have a problem; nothing is written then.
        OSError
            If the case cannot be read or written.
        """
        from afterfall.importers.case_addition import add_to_case

        return add_to_case(self, Path(case))

    def write_report(self, path: str | Path) -> None:
        """Write what became of each row as a CSV file.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        columns = ("row", "column", "outcome", "reason")
        rows = [dict(zip(columns, (o.row, o.column, o.outcome, o.reason), strict=True)) for o in self.outcomes]
        write_rows(Path(path), columns, rows)
