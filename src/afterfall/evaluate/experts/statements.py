"""Expert statements: who stated what when, how it is read as a forecast, or why it cannot be.

A file of statements is a CSV file kept outside the case, so no forecast can read it and the as-of cut holds. A row with
a `kind` is a forecast; a row without one gives a `reason`:

    share           of those of the places `about` who were still in the theatre, a share between `low` and `high` meets
                    `quantity` (returned, killed_so_far); `stock` is their number if the statement gives it
    merger          the core merges with one of the organisations `about`
    survives        each of the organisations `about` still exists
    more_attacks    more attempts in the group `about` in the next calendar year than in the last one counted
    massive_attack  one attack with many deaths in the group `about`

`about` lists places, regions or organisations, separated by blanks. `claim` is the statement in our words, `wording`
its words of likelihood or amount, `read_as` the term of likelihood they are read as, `months` the time after
publication at which it should be judged (the end of the forecast if empty).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from afterfall.case import PartialDate
from afterfall.case.problems import did_you_mean

SHARES = ("returned", "killed_so_far")
KINDS = ("share", "merger", "survives", "more_attacks", "massive_attack")
COLUMNS = (
    *("statement", "who", "published", "claim", "kind", "quantity", "about", "wording", "read_as"),
    *("low", "high", "stock", "months", "reason", "source", "url"),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; the module docstring describes the columns. Empty numbers are None."""

    statement: str
    who: str
    published: PartialDate
    claim: str
    kind: str
    quantity: str
    about: tuple[str, ...]
    wording: str
    read_as: str
    low: float | None
    high: float | None
    stock: float | None
    months: int | None
    reason: str
    source: str
    url: str

    @property
    def day(self) -> dt.date:
        """Last day that its publication date can mean."""
        return self.published.last_day


class StatementError(ValueError):
    """A file of statements that cannot be used; the message lists every problem."""


def bundled_statements(case: str, terms: Container[str]) -> tuple[Statement, ...]:
    """The statements bundled with the package for a case; empty if there are none."""
    file = resources.files("afterfall.evaluate.experts").joinpath("data", f"statements-{case}.csv")
    return parse_statements(file.read_text(encoding="utf-8"), file.name, terms) if file.is_file() else ()


def read_statements(path: Path, terms: Container[str]) -> tuple[Statement, ...]:
    """The statements of a file.

    Parameters
    ----------
    path
        A CSV file with the columns `COLUMNS`.
    terms
        Terms of likelihood that `read_as` may hold.

    Raises
    ------
    StatementError
        If the file cannot be read or has wrong entries; the message lists every problem.
    """
    try:
        return parse_statements(path.read_text(encoding="utf-8"), path.name, terms)
    except (OSError, UnicodeDecodeError) as problem:
        raise StatementError(f"{path}: {problem}") from problem


def parse_statements(text: str, file: str, terms: Container[str]) -> tuple[Statement, ...]:
    """Statements from the text of a file; `file` is its name in messages."""
    table = csv.DictReader(text.splitlines())
    missing = [c for c in COLUMNS if c not in (table.fieldnames or ())]
    if missing:
        raise StatementError(f"{file}: found no column {', '.join(missing)}; expected {', '.join(COLUMNS)}")
    rows = [{c: (row[c] or "").strip() for c in COLUMNS} for row in table]
    names = [row["statement"] for row in rows]
    problems = [f"{file} row {n}, {p}" for n, row in enumerate(rows, 2) for p in _problems(row, names, terms)]
    if problems:
        raise StatementError("\n  ".join([f"{file} has {len(problems)} problems:", *problems]))
    return tuple(_made(row) for row in rows)


def _problems(row: Mapping[str, str], names: list[str], terms: Container[str]) -> Iterator[str]:
    if not row["statement"] or names.count(row["statement"]) > 1:
        yield f"statement: found {row['statement']!r}; expected a unique name"
    try:
        PartialDate(row["published"])
    except ValueError as problem:
        yield f"published: {problem}"
    numbers = {c: _number(row[c]) for c in ("low", "high", "stock", "months") if row[c]}
    for column in (c for c, value in numbers.items() if value is None):
        yield f"{column}: found {row[column]!r}; expected a number"
    if not row["kind"]:
        if not row["reason"]:
            yield "reason: found nothing; expected a kind, or the reason for having none"
        return
    if row["kind"] not in KINDS:
        yield f"kind: found {row['kind']!r}; expected {', '.join(KINDS)}{did_you_mean(row['kind'], KINDS)}"
    if row["read_as"] not in terms:
        yield f"read_as: found {row['read_as']!r}; expected a term of likelihood"
    if not row["about"]:
        yield "about: found nothing; expected places, regions or organisations"
    if row["kind"] == "share":
        yield from _share_problems(row, numbers)


def _share_problems(row: Mapping[str, str], numbers: Mapping[str, float | None]) -> Iterator[str]:
    if row["quantity"] not in SHARES:
        yield f"quantity: found {row['quantity']!r}; expected {' or '.join(SHARES)}"
    low, high = numbers.get("low"), numbers.get("high")
    if low is None or high is None or not 0 <= low < high <= 1:
        yield f"low: found {row['low']} to {row['high']}; expected 0 <= low < high <= 1"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _made(row: Mapping[str, str]) -> Statement:
    return Statement(
        statement=row["statement"],
        who=row["who"],
        published=PartialDate(row["published"]),
        claim=row["claim"],
        kind=row["kind"],
        quantity=row["quantity"],
        about=tuple(row["about"].split()),
        wording=row["wording"],
        read_as=row["read_as"],
        low=_number(row["low"]),
        high=_number(row["high"]),
        stock=_number(row["stock"]),
        months=int(row["months"]) if row["months"] else None,
        reason=row["reason"],
        source=row["source"],
        url=row["url"],
    )
