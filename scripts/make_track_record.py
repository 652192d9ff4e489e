"""Writes the track record that the documentation shows and the one that briefs quote.

    python scripts/make_track_record.py

Runs ``afterfall track-record isis-2017 --out docs``: the page and its pictures stay there, the numbers go to the
package. Run it after a change of the model, of posteriors or of figures; a test fails while the record belongs to an
earlier version.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NUMBERS = "track-record.json"
DOCS, PACKAGE = ROOT / "docs", ROOT / "src" / "afterfall" / "report" / "track_record"
COMMAND = ("afterfall", "track-record", "isis-2017", "--out", DOCS.name)


def main() -> int:
    """Run the command, and move its numbers to where briefs read them."""
    ended = subprocess.run([sys.executable, "-m", *COMMAND], cwd=ROOT, check=False).returncode
    if ended == 0:
        (DOCS / NUMBERS).replace(PACKAGE / NUMBERS)
        for png in DOCS.glob("track-record*.png"):
            png.unlink()  # the page shows the SVG
        print(f"written: {DOCS / 'track-record.md'} and {PACKAGE / NUMBERS}")
    return ended


if __name__ == "__main__":
    sys.exit(main())
