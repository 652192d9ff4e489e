"""Writes the record of deaths in conflict that `afterfall.conflict` reads, from a folder of reference data.

    python scripts/make_conflict_record.py --reference DIR [--out FOLDER]

What is read and what is written is described in `afterfall.importers.conflict_tables`. Running it twice gives the same
bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from afterfall.importers.case_tables import write_rows
from afterfall.importers.conflict_tables import TABLES, conflict_tables

OUT = Path(__file__).parent.parent / "src/afterfall/conflict/data"


def main() -> None:
    """Build the tables and print how many rows each has."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of reference data")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write into (default: the package)")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, rows in conflict_tables(asked.reference).items():
        columns = TABLES[name]
        write_rows(asked.out / f"{name}.csv", columns, [dict(zip(columns, row, strict=True)) for row in rows])
        print(f"{len(rows):6d} rows in {name}.csv")


if __name__ == "__main__":
    main()
