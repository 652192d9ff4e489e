"""The program: its commands in the order of the help, and the options of the program itself."""

from __future__ import annotations

import functools
import sys
from types import ModuleType
from typing import Annotated

import typer

from afterfall import __version__
from afterfall.cli.commands import (
    attacks_command,
    benchmark_command,
    brief_command,
    check_command,
    compare_command,
    fit_command,
    forecast_command,
    hindcast_command,
    influence_command,
    levers_command,
    model_command,
    score_command,
    screening_command,
    spread_command,
    track_record_command,
    violence_command,
    why_command,
)

#: Files of the commands. Each holds a function of the command's name, and examples for its help.
COMMANDS: tuple[ModuleType, ...] = (
    check_command,
    model_command,
    forecast_command,
    score_command,
    hindcast_command,
    track_record_command,
    spread_command,
    levers_command,
    compare_command,
    screening_command,
    attacks_command,
    violence_command,
    benchmark_command,
    brief_command,
    why_command,
    fit_command,
    influence_command,
)

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


@functools.wraps(benchmark_command.benchmark)
def field(*arguments: object, **options: object) -> None:
    """Run ``benchmark`` under its former name."""
    sys.stderr.write("afterfall: `field` is now `benchmark`; the old name goes with the next release\n")
    benchmark_command.benchmark(*arguments, **options)  # type: ignore[arg-type]


for module in COMMANDS:
    name = module.__name__.rpartition(".")[2].removesuffix("_command")
    app.command(name.replace("_", "-"), epilog="Examples:\n\n" + "\n\n".join(module.EXAMPLES))(getattr(module, name))
app.command("field", hidden=True)(field)
