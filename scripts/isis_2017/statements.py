"""Combines the expert statements: our reading of each, with who, when and where from the reference table.

Every row of the reference is read at least once, so that none is left out for what it states: `kind` and the columns
after it say how a statement becomes a forecast, or `reason` why it cannot. `claim` is in our own words. A reference row
that differs from the one ours was written for, or that none of ours reads, stops the build. If ours fills `who` or
`source`, it replaces the reference's.
"""

from __future__ import annotations

from pathlib import Path

from afterfall.case import PartialDate
from afterfall.evaluate.experts.statements import COLUMNS
from afterfall.importers.case_tables import Row, read_rows
from isis_2017.tables import selection


def statements(folder: Path) -> list[Row]:
    """Every statement in the order of publication."""
    known = dict(enumerate(read_rows(folder / "cases" / "expert.csv"), 2))
    ours = selection("statements")
    problems = [f"row {n}: not read by statements.csv" for n in sorted(set(known) - {int(row["row"]) for row in ours})]
    for row in ours:
        found = known.get(int(row["row"]))
        check = None if found is None else f"{found['expert']} {found['date']}"
        if check != row["check"]:
            problems.append(f"row {row['row']}: written for {row['check']!r}, found {check!r}")
    if problems:
        raise ValueError("the reference has changed under the statements:\n" + "\n".join(problems))
    made = [_made(row, known[int(row["row"])]) for row in ours]
    return sorted(made, key=lambda row: (PartialDate(row["published"]).last_day, row["statement"]))


def _made(row: Row, found: Row) -> Row:
    cited = {
        "who": f"{found['expert']} ({found['affiliation']})",
        "published": found["as_of"],
        "source": found["source"],
        "url": found["source_url"],
    }
    ours = {column: value for column, value in row.items() if value}
    return {column: {**row, **cited, **ours}[column].strip() for column in COLUMNS}
