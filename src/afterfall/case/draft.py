"""A case folder as far as it could be read: what the checks look at.

Rows with an unreadable cell are missing from `tables`, but their names are in `names`, so that one bad number does not
make every reference to its row a problem as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afterfall.case.case import CaseTables
from afterfall.case.records import Header
from afterfall.case.schema import Attribute


@dataclass(frozen=True, slots=True)
class Draft:
    """What was found in a folder.

    `files` are the names in the folder, `strays` those of ignored files; `columns` the header row of each table that
    could be read; `names` what the first column of such a table names; `whole` says which tables gave a record for
    every row, so that a name absent from them is absent from the case; `header` is None where case.toml could not be
    read.
    """

    files: frozenset[str]
    strays: tuple[str, ...]
    columns: Mapping[Attribute, tuple[str, ...]]
    names: Mapping[Attribute, frozenset[str]]
    whole: frozenset[Attribute]
    header: Header | None
    tables: CaseTables
