"""The command line: ``afterfall check``, ``afterfall model``, ``afterfall forecast``."""

from afterfall.cli.entry import main

__all__ = ["main"]
