"""Draws the picture of the README: the answer to today's question, from a forecast of the living case.

    python scripts/make_readme_picture.py [--case isis] [--trajectories 200] [--out docs/pathways.svg]

The run is kept under runs/ and reused. The sentence that the README puts below the picture is printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import afterfall

OUT = Path(__file__).parent.parent / "docs" / "pathways.svg"


def main() -> None:
    """Forecast, draw, and print what the picture shows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--case", default="isis", help="a bundled case or a folder")
    parser.add_argument("--trajectories", type=int, default=200, help="simulations")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write, .png or .svg")
    asked = parser.parse_args()
    run = afterfall.forecast(asked.case, trajectories=asked.trajectories, run_dir="runs")
    picture = run.plot()
    picture.save(asked.out)
    print(picture.words)
    print(f"{asked.out}: {asked.out.stat().st_size / 1000:.0f} kB, run {run.request.name}")


if __name__ == "__main__":
    main()
