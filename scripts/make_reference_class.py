"""Writes the reference class of organisational events that `afterfall.reference` reads, from reference data.

    python scripts/make_reference_class.py --reference DIR [--out FOLDER]

What is read and what is written is described in `afterfall.importers.class_tables`. Running it twice gives the same
bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from afterfall.importers.case_tables import write_rows
from afterfall.importers.class_tables import TABLES, class_tables

HERE = Path(__file__).parent
OUT = HERE.parent / "src/afterfall/reference/data"


def main() -> None:
    """Build the tables and print how many rows each has."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of reference data")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write into (default: the package)")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, rows in class_tables(asked.reference, HERE / "reference_class").items():
        write_rows(asked.out / f"{name}.csv", TABLES[name], rows)
        print(f"{len(rows):6d} rows in {name}.csv")


if __name__ == "__main__":
    main()
