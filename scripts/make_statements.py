"""Writes the expert statements that `afterfall track-record isis-2017` scores.

    python scripts/make_statements.py --reference DIR [--out FILE]

Prints how many can be read as a forecast and how many cannot. Running it twice gives the same bytes.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from afterfall.evaluate.experts.statements import COLUMNS
from afterfall.importers.case_tables import write_rows
from isis_2017.statements import statements

OUT = Path(__file__).parent.parent / "src/afterfall/evaluate/experts/data/statements-isis-2017.csv"


def main() -> None:
    """Write the statements and print how many there are of each kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of reference tables")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write (default: the bundled one)")
    asked = parser.parse_args()
    made = statements(asked.reference)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    write_rows(asked.out, COLUMNS, made)
    for kind, count in Counter(row["kind"] or "cannot be read as a forecast" for row in made).most_common():
        print(f"{count:5d} {kind}")


if __name__ == "__main__":
    main()
