"""A case as a Frictionless data package: its own files, with a ``datapackage.json`` that describes every column.

The descriptor is made from the case schema: types, words, ranges, keys and references. Dates are text with a pattern,
since a source may give a year or a month only. The folder is still a case: it opens as one, as before.

Sources: Data Package standard v1, https://specs.frictionlessdata.io/data-package/ and /table-schema/.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from afterfall.case import Case
from afterfall.case.cells import GRADE, SLUG
from afterfall.case.schema import BY_ATTRIBUTE, BY_FILE, HEADER_FILE, TABLES, Attribute, Column, Table

DESCRIPTOR = "datapackage.json"
#: Pattern of a date of any precision.
DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
#: Files that come along without being described: they are for people.
COMPANIONS = ("README.md", "LICENSE", "LICENCE")
AS_OF = re.compile(r'^(as_of\s*=\s*)(".*?"|\S+)', re.MULTILINE)


def package_files(case: Case, folder: Traversable, *, whole: bool, as_of: dt.date) -> dict[str, bytes]:
    """The files of the package by name, its descriptor among them.

    Parameters
    ----------
    case
        The case, as cut.
    folder
        The folder that it was read from.
    whole
        Whether all rows are exported as they are; otherwise those of the cut.
    as_of
        The as-of date of the case in the package.
    """
    files: dict[str, bytes] = {}
    header = folder.joinpath(HEADER_FILE).read_bytes()
    files[HEADER_FILE] = header if whole else _seen_from(header, as_of)
    for table in TABLES:
        path = folder.joinpath(table.file)
        if path.is_file():
            files[table.file] = path.read_bytes() if whole else _cut(path.read_bytes(), table, case)
    for name in COMPANIONS:
        if folder.joinpath(name).is_file():
            files[name] = folder.joinpath(name).read_bytes()
    files[DESCRIPTOR] = (json.dumps(descriptor(case, files, as_of), indent=2, ensure_ascii=False) + "\n").encode()
    return files


def descriptor(case: Case, files: Mapping[str, bytes], as_of: dt.date) -> dict[str, Any]:
    """The descriptor of a package with these files."""
    licence = {"name": _licence_name(case.licence), "title": case.licence} if case.licence else None
    sources = [{"title": one.title, **({"path": one.url} if "://" in one.url else {})} for one in case.sources]
    return {
        "profile": "tabular-data-package",
        "name": case.id.lower().replace("_", "-"),
        "title": case.title,
        **({"description": case.description.strip()} if case.description.strip() else {}),
        "version": "1.0.0",
        "keywords": ["foreign fighters", "conflict", "forecasting", "afterfall"],
        **({"licenses": [licence]} if licence else {}),
        "sources": sources,
        "as_of": as_of.isoformat(),
        "case_format": 1,
        "resources": [resource(BY_FILE[name], content, files) for name, content in files.items() if name in BY_FILE],
    }


def resource(table: Table, content: bytes, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The description of one file: where it is, what is in it, and what each of its columns may hold."""
    header = _rows(content)[0]
    columns = {column.name: column for column in table.columns}
    here = [columns[name.strip()] for name in header]
    there = {BY_FILE[name].attribute for name in files if name in BY_FILE}
    references = [
        {"fields": column.name, "reference": _reference(column.refers)}
        for column in here
        if column.refers in there and not column.besides
    ]
    schema: dict[str, Any] = {"fields": [_field(column) for column in here], "primaryKey": list(table.key)}
    if references:
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": table.attribute.replace("_", "-"),
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {**schema, "missingValues": [""]},
    }


def _reference(to: Attribute) -> dict[str, str]:
    return {"resource": to.replace("_", "-"), "fields": BY_ATTRIBUTE[to].name_column}


def _field(column: Column) -> dict[str, Any]:
    """A field of the table schema for a column of the case schema."""
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    found: dict[str, Any] = {"name": column.name, "type": "string"}
    match column.kind:
        case "number" | "integer":
            found["type"] = column.kind
            limits = {"minimum": column.at_least, "maximum": column.at_most}
            constraints |= {name: _plain(limit) for name, limit in limits.items() if limit is not None}
        case "yes_no":
            found |= {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}
        case "slug":
            constraints["pattern"] = SLUG.pattern
        case "date":
            constraints["pattern"] = DATE
        case "grade":
            constraints["pattern"] = GRADE.pattern
        case "word":
            constraints["enum"] = list(column.words)
    return {**found, **({"constraints": constraints} if constraints else {})}


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _licence_name(text: str) -> str:
    """A licence as the Open Definition names it, or the beginning of its text in the same form."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")[:60]


def _cut(content: bytes, table: Table, case: Case) -> bytes:
    """The rows of a file that a cut case has, in their order."""
    kept = {record.where.row for record in getattr(case, table.attribute) if record.where is not None}
    rows = _rows(content)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows(cells for number, cells in enumerate(rows[1:], 2) if number in kept)
    return text.getvalue().encode()


def _rows(content: bytes) -> Sequence[Sequence[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _seen_from(header: bytes, as_of: dt.date) -> bytes:
    """case.toml with the as-of date of the cut."""
    return AS_OF.sub(rf'\g<1>"{as_of.isoformat()}"', header.decode("utf-8-sig"), count=1).encode()
