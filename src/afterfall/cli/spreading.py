"""``afterfall spread``: sets the places reached and the strengths of a run beside what was published later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "spread",
        epilog="Examples:\n\nafterfall forecast mali-2013 --horizon 120\n\n"
        "afterfall spread runs/mali-2013-3fa9c1d2e4b5",
    )(spread)


def spread(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")],
    case: Annotated[
        str | None, typer.Option(metavar="CASE", help="The case it was made from (default: the bundled one).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")] = False,
) -> None:
    """Say which places a run put first and which were reached, and how strong organisations became; misses first."""
    spread_folder(run, case, as_json=as_json)


def spread_folder(path: Path, case: str | None, *, as_json: bool) -> None:
    """Score the spread of the finished run in a folder."""
    from afterfall.case import open_case
    from afterfall.cli.failures import BAD_INPUT, Failure, reading_input
    from afterfall.cli.hindcasting import LATEST
    from afterfall.cli.streams import show, show_json
    from afterfall.evaluate.events.spread_scores import score_spread
    from afterfall.report.scores.spread_json import spread_json
    from afterfall.report.scores.spread_tables import spread_grids, spread_headline, spread_notes
    from afterfall.run import RunError, open_run

    try:
        run = open_run(path)
        with reading_input():
            whole = open_case(case or run.request.case, as_of=LATEST)
        scores = score_spread(run, whole)
    except RunError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem
    if as_json:
        show_json(spread_json(scores))
    else:
        show(spread_headline(scores), spread_grids(scores), spread_notes(scores))
