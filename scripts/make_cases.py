"""Rebuilds the bundled cases, statements, the conflict record, outlines and the reference class from reference data.

    python scripts/make_cases.py [--reference DIR] [BUILD ...]

Without names it makes every build. The reference data are not in the repository: `reference_files.csv` lists the files
with their checksums and origins. If a file is missing or differs, every such file is listed, nothing is written and the
exit code is 2.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from afterfall.importers.reference_tables import SourceFile, missing_sources, read_source_files

HERE = Path(__file__).parent
#: Script of each build.
BUILDS = {
    "isis-2017": "make_isis_2017.py",
    "mali-2013": "make_mali_2013.py",
    "statements": "make_statements.py",
    "conflict-record": "make_conflict_record.py",
    "outline": "make_outline.py",
    "reference-class": "make_reference_class.py",
}
MISSING = 2


def main() -> int:
    """Check the reference data, then make the builds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("builds", nargs="*", metavar="BUILD", help=f"any of {', '.join(BUILDS)} (default: all)")
    parser.add_argument("--reference", type=Path, help="folder of reference data")
    asked = parser.parse_args()
    unknown = [name for name in asked.builds if name not in BUILDS]
    if unknown:
        parser.error(f"found {', '.join(unknown)}; expected any of {', '.join(BUILDS)}")
    builds = asked.builds or list(BUILDS)
    problems = missing_sources(asked.reference, needed(builds))
    if problems:
        print(_listed(asked.reference, problems), file=sys.stderr)
        return MISSING
    return max(_made(name, asked.reference) for name in builds)


def needed(builds: list[str]) -> list[SourceFile]:
    """The reference files that some builds read."""
    return [file for file in read_source_files(HERE / "reference_files.csv") if set(file.needed_by) & set(builds)]


def _listed(folder: Path | None, problems: list[str]) -> str:
    where = "no folder of reference data was given" if folder is None else f"reference data in {folder}"
    lines = "\n".join(f"  {problem}" for problem in problems)
    return (
        f"cannot rebuild the bundled data: {where}; {len(problems)} files are missing or differ:\n{lines}\n"
        "Put them into one folder and run: make cases REFERENCE=FOLDER (see scripts/README.md)"
    )


def _made(name: str, reference: Path) -> int:
    print(f"{name}:", flush=True)
    command = [sys.executable, str(HERE / BUILDS[name]), "--reference", str(reference)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
