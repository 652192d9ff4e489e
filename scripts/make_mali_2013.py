"""Writes the bundled case `mali-2013` from its selection tables and a folder of reference tables.

    python scripts/make_mali_2013.py --reference DIR [--out FOLDER]

Prints how many rows each file holds. Running it twice gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from afterfall.importers.case_tables import read_rows
from mali_2013.build import build

OUT = Path(__file__).parent.parent / "src/afterfall/case/data/mali-2013"


def main() -> None:
    """Build the case and print what it holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of reference tables")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the case (default: the bundled one)")
    asked = parser.parse_args()
    build(asked.reference, asked.out)
    for path in sorted(asked.out.glob("*.csv")):
        print(f"{len(read_rows(path)):5d} rows in {path.name}")


if __name__ == "__main__":
    main()
