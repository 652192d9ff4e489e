"""The command line: options, progress, output, and one file for each command in `commands`."""

from afterfall.cli.entry import main

__all__ = ["main"]
