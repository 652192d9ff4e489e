"""Problems of a case, reported so that the author of a row can correct it.

A reader or a check that finds something wrong yields a `Problem` and continues, so that one report lists everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from afterfall.case.records import Where


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a case folder.

    `row` is the row number in a spreadsheet (the header is row 1); `column` is a column, or a key of case.toml. Either
    is None where the problem has no single place. `nearest` is the closest valid name, if there is one.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    nearest: str | None = None

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file} row {self.row}"
        if self.column is not None:
            where += f", {self.column}"
        hint = "" if self.nearest is None else f" (did you mean {self.nearest!r}?)"
        return f"{where}: found {self.found}; expected {self.expected}{hint}"


class CaseError(ValueError):
    """A case that cannot be used, with every problem found."""

    def __init__(self, case: str, problems: Sequence[Problem]) -> None:
        self.case = case
        self.problems = tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n  ".join([f"case {case} has {count}:", *(str(p) for p in problems)]))


class UnknownCaseError(ValueError):
    """There is neither a folder nor a bundled case of that name."""


def nearest_name(found: str, valid: Iterable[str]) -> str | None:
    """The valid name closest to the one found, or None if none is close; case is ignored."""
    by_folded = {name.casefold(): name for name in sorted(valid)}
    close = get_close_matches(found.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else None


def name_problem(
    found: str, valid: Iterable[str], what: str, *, file: str, row: int | None, column: str | None
) -> Problem:
    """The problem of a name that is not among the valid ones, with the nearest that is."""
    return Problem(file, row, column, repr(found), what, nearest_name(found, valid))


def at(where: Where | None, column: str, found: str, expected: str) -> Problem:
    """The problem of a record that was read from a file."""
    if where is None:
        raise ValueError("cannot report a problem of a record that was not read from a file")
    return Problem(where.file, where.row, column, found, expected)
