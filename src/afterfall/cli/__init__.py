"""The command line: options, progress, output, and one file for each command in `commands`."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line in `sys.argv` and exit: 0 done, 1 failure, 2 bad input or usage, 130 interrupted.

    All else is imported within, so that an interrupt while that goes on ends like any other.
    """
    try:
        from afterfall.cli.entry import main as run

        run()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("afterfall: interrupted\n")
        sys.exit(130)


__all__ = ["main"]
