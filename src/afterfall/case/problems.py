"""Problems of a case, reported so that the author of a row can correct it.

A reader or a check that finds something wrong yields a `Problem` and continues, so that one report lists everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process, utils

from afterfall.case.records import Where
from afterfall.case.text_rules import printable

#: Problems of one kind that a report lists in full.
MOST_OF_A_KIND = 50
#: Similarity, in per cent, from which a name counts as close.
CLOSE = 60.0
#: Ways of writing a sound in names that come from another alphabet, with one that stands for all.
SPELLINGS = (("q", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("y", "i"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a case folder, or one that looks implausible (a warning).

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
        return printable(f"{where}: found {self.found}; expected {self.expected}{hint}")


class CaseError(ValueError):
    """A case that cannot be used, with every problem found."""

    def __init__(self, case: str, problems: Sequence[Problem]) -> None:
        self.case = case
        self.problems = tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        super().__init__("\n  ".join([f"case {case} has {count}:", *report_lines(problems)]))


class UnknownCaseError(ValueError):
    """There is neither a folder nor a bundled case of that name."""


class CaseWarning(UserWarning):
    """Something that a user of a case would not expect, though nothing is wrong with it."""


def report_lines(problems: Sequence[Problem]) -> list[str]:
    """Problems as lines of a report: at most `MOST_OF_A_KIND` of one kind, then how many more there are.

    Two problems are of one kind when they concern the same column of the same file and expect the same.
    """
    kinds: dict[tuple[str, str | None, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.file, problem.column, problem.expected), []).append(problem)
    left_out = {id(p) for alike in kinds.values() for p in alike[MOST_OF_A_KIND:]}
    lines = [str(p) for p in problems if id(p) not in left_out]
    for (file, column, expected), alike in kinds.items():
        if len(alike) > MOST_OF_A_KIND:
            where = file if column is None else f"{file}, {column}"
            more = len(alike) - MOST_OF_A_KIND
            lines.append(printable(f"{where}: {more:,} more like these (expected {expected})"))
    return lines


def did_you_mean(found: str, valid: Iterable[str]) -> str:
    """A question for the end of a message, ` (did you mean 'name'?)`; empty where no valid name is close."""
    nearest = nearest_name(found, valid)
    return "" if nearest is None else f" (did you mean {nearest!r}?)"


def nearest_name(found: str, valid: Iterable[str]) -> str | None:
    """The valid name closest to the one found, or None where none is close; case and ways of spelling are ignored.

    >>> nearest_name("rakka", ["rawa", "raqqa"])
    'raqqa'
    """
    return _nearest(found, frozenset(valid))


def _spelt(text: str) -> str:
    """A name with one spelling for sounds that are transliterated in several ways, and without double letters."""
    plain = utils.default_process(text)
    for written, sound in SPELLINGS:
        plain = plain.replace(written, sound)
    return "".join(one for one, before in zip(plain, " " + plain, strict=False) if one != before)


def _likeness(one: str, other: str, **_: object) -> float:
    """The likeness of two names, as written or as spelt alike, from 0 to 100."""
    plain = fuzz.ratio(utils.default_process(one), utils.default_process(other))
    return max(plain, fuzz.ratio(_spelt(one), _spelt(other)) - 1.0)


@lru_cache(maxsize=4096)
def _nearest(found: str, valid: frozenset[str]) -> str | None:
    close = process.extractOne(found, sorted(valid), scorer=_likeness, score_cutoff=CLOSE)
    return None if close is None else str(close[0])


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
