"""The hash of a case: of its content once cut, independent of the order of rows and of later publications."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import is_dataclass
from typing import Any

from afterfall.case.case import Case
from afterfall.case.cut import cut
from afterfall.case.dates import PartialDate
from afterfall.case.schema import FORMAT, TABLES

DIGITS = 16
#: Where a row stood, where the case was opened from and how it was cut are not what a case says; the ledger of
#: hindsight is not what was known; how forecasts are scored changes no forecast; members of groups are read with counts
#: of attacks, after a run is made; views are other names, and how far a case is kept up to changes no forecast. So
#: posteriors and runs stay those of the case when these change. So with what an indicator is compared with in a run.
LEFT_OUT = frozenset({"where", "opened_from", "cut_at", "hindsight", "evaluation", "groups", "definitions", "strays"})
LEFT_OUT |= {"views", "declared_id", "kept_up_to", "signal"}
#: A table that a case may lack is no part of the hash while it has no rows: a case hashes as before the table existed.
OPTIONAL = frozenset(table.attribute for table in TABLES if table.optional)
#: Nor are columns that a file may do without, while they are empty.
LATER_COLUMNS = frozenset({"holds", "captors", "ground", "became", "became_on", "whom"})


def case_hash(case: Case) -> str:
    """Hash of a case as cut at its as-of date: 16 hexadecimal digits of the SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical_json(case).encode()).hexdigest()[:DIGITS]


def canonical_json(case: Case) -> str:
    """A case as cut at its as-of date, as JSON with sorted keys and rows sorted by name."""
    content = {"format": FORMAT, "case": _plain(cut(case, case.as_of))}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        names = [n for n in value.__dataclass_fields__ if n not in LEFT_OUT]
        skipped = OPTIONAL | LATER_COLUMNS
        return {n: _plain(getattr(value, n)) for n in names if n not in skipped or getattr(value, n)}
    return value
