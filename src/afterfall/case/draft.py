"""A case folder as far as it could be read: the input of the checks.

Rows with an unreadable cell are missing from `tables`, but their names are in `names`, so that one invalid number does
not turn every reference to its row into a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afterfall.case.case import CaseTables
from afterfall.case.header_records import Header
from afterfall.case.schema import Attribute


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a folder.

    Attributes
    ----------
    files
        Names of the files in the folder.
    strays
        Names of files that were ignored.
    columns
        Header row of each table that could be read.
    names
        Names in the first column of each such table.
    whole
        Tables in which every row gave a record, so that a missing record is really absent.
    header
        None where case.toml could not be read.
    tables
        The records.
    """

    files: frozenset[str]
    strays: tuple[str, ...]
    columns: Mapping[Attribute, tuple[str, ...]]
    names: Mapping[Attribute, frozenset[str]]
    whole: frozenset[Attribute]
    header: Header | None
    tables: CaseTables
