"""The program: its commands in the order of the help, and the options of the program itself."""

from __future__ import annotations

import functools
import keyword
import pkgutil
import sys
from importlib import import_module
from types import ModuleType
from typing import Annotated

import typer

from afterfall import __version__
from afterfall.cli import commands
from afterfall.cli.beyond_data import with_beyond_data

#: Commands in the order of the help. A command that is not named here comes after these.
ORDER = (
    *("check", "model", "forecast", "score", "hindcast", "track-record", "spread", "levers", "compare", "explore"),
    *("screening", "attacks", "violence", "benchmark", "brief", "why", "watch", "changes", "fit", "influence"),
    *("reference", "new", "add", "update", "import", "export", "runs", "serve"),
)


def _commands() -> dict[str, ModuleType]:
    """Files of the commands by name; each holds a function of the command's name, and examples for its help."""
    files = [file.name for file in pkgutil.iter_modules(commands.__path__)]
    found = {file.removesuffix("_command").replace("_", "-"): f"{commands.__name__}.{file}" for file in files}
    ordered = sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return {name: import_module(found[name]) for name in ordered}


COMMANDS = _commands()

app = typer.Typer(
    name="afterfall",
    help="Forecast where the people of a falling proto-state go, as a probability distribution.",
    epilog="Exit codes: 0 done, 1 failure, 2 bad input or usage, 130 interrupted. "
    "Results go to stdout, progress and warnings to stderr. NO_COLOR is honoured.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"afterfall {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Forecast where the people of a falling proto-state go, as a probability distribution."""


benchmark = COMMANDS["benchmark"].benchmark


@functools.wraps(benchmark)
def field(*arguments: object, **options: object) -> None:
    """Run ``benchmark`` under its former name."""
    sys.stderr.write("afterfall: `field` is now `benchmark`; the old name goes with the next release\n")
    benchmark(*arguments, **options)


for name, module in COMMANDS.items():
    # A name that Python keeps for itself (import) has an underscore after it there.
    function = name.replace("-", "_") + "_" * keyword.iskeyword(name)
    command = with_beyond_data(getattr(module, function))
    app.command(name, epilog="Examples:\n\n" + "\n\n".join(module.EXAMPLES))(command)
app.command("field", hidden=True)(field)
