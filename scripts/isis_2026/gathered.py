"""The gathered tables of 2018 to March 2026 as rows that know their place, and our selection tables in this folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from afterfall.case import PartialDate
from afterfall.importers.case_tables import Row, read_rows
from afterfall.importers.reference_tables import Reference

HERE = Path(__file__).parent
#: The tables, in the folder of reference data.
FOLDER = "live-2026"
#: The last as-of date of the record of `isis-2017`: what was published by then is left as it was.
FIXED = PartialDate("2018-07-31").last_day
#: The day of the last gathering: what is dated no closer than a month or a year was public by then.
GATHERED = "2026-03-13"
#: Sources whose values are not shipped.
BARRED = re.compile(r"ACLED|Fragile States|Freedom House|Pew Research|Global Terrorism Database", re.IGNORECASE)


def barred(reference: Reference) -> str:
    """Why a row is left out whose source does not allow its values to be shipped, or nothing."""
    return "of a source whose values are not shipped" if BARRED.search(reference["source"]) else ""


@cache
def chosen(name: str) -> tuple[Row, ...]:
    """Rows of one of our selection tables; read once, never changed."""
    return tuple(read_rows(HERE / f"{name}.csv"))


def gathered(folder: Path, table: str) -> list[Reference]:
    """All rows of a gathered table; `Reference.check` repeats the place, the number and the day of publication."""
    return [
        Reference(table, number, cells | {"as_of": cells.get("published", "")})
        for number, cells in enumerate(read_rows(folder / FOLDER / f"{table}.csv"), 2)
    ]


def public(stated: str) -> str:
    """When a row became public: as stated, and no later than the day of the gathering."""
    return stated if PartialDate(stated).last_day <= PartialDate(GATHERED).last_day else GATHERED


def fixed(published: str) -> bool:
    """Whether a row was public by the last as-of date of the record of `isis-2017`."""
    return PartialDate(published).last_day <= FIXED
