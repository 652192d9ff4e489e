"""Renew the stored numbers and print what changed: ``make regression-update``."""

import sys
import tempfile
from pathlib import Path

from tests.regression.stored_numbers import COMMANDS, changes, in_words, keep, numbers_now, read


def main() -> None:
    """Run every command, print what changed and store the new numbers."""
    with tempfile.TemporaryDirectory() as folder:
        for name in COMMANDS:
            now = numbers_now(name, Path(folder))
            found = changes(read(name), now)
            if found:
                keep(name, now)
            sys.stdout.write((in_words(name, found) if found else f"{name}: as stored") + "\n")
    sys.stdout.write("If a number changed, CHANGELOG.md says under *Effect on results* what, by how much and why.\n")


if __name__ == "__main__":
    main()
