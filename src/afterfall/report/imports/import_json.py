"""An import as one JSON object: the rows of each table, and what became of each row of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterfall.importers.imported import ImportedData
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def import_json(found: ImportedData, written: Sequence[str], command: str) -> dict[str, Any]:
    """The object that ``afterfall import --json`` prints (schema ``import``)."""
    body = {
        "source": {
            "name": found.source.name,
            "title": found.source.title,
            "publisher": found.source.publisher,
            "url": found.source.url,
            "licence": found.source.licence,
        },
        "file": found.path.name,
        "published": str(found.published),
        "read": found.n_read,
        "skipped": len(found.outcomes) - found.n_read,
        "tables": {table: [dict(row) for row in rows] for table, rows in found.tables.items()},
        "reasons": [{"reason": reason, "rows": number} for reason, number in found.reasons()],
        "rows": [
            {"row": one.row, "column": one.column, "outcome": one.outcome, "reason": one.reason}
            for one in found.outcomes
        ],
        "written": list(written),
    }
    return json_object("import", PartialStamp(command=command), body)
