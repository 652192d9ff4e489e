"""Writes the bundled case `isis`, with its view `isis-2017`, from selection tables and a folder of reference tables.

    python scripts/make_isis_2017.py --reference DIR [--out FOLDER]

Prints how many rows each file holds and how many reference rows were left out, by reason. Running it twice gives
the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from afterfall.importers.case_tables import read_rows
from isis_2017.build import build

OUT = Path(__file__).parent.parent / "src/afterfall/case/data/isis"


def main() -> None:
    """Build the case and print what it holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of reference tables")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the case (default: the bundled one)")
    asked = parser.parse_args()
    left_out = build(asked.reference, asked.out)
    for path in sorted(asked.out.glob("*.csv")):
        print(f"{len(read_rows(path)):5d} rows in {path.name}")
    print("left out:")
    for reason, count in left_out.most_common():
        print(f"{count:5d} {reason}")


if __name__ == "__main__":
    main()
