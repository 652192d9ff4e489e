"""``afterfall forecast``: run what is asked (or reuse it), print the tables or the JSON object, draw the pictures."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from afterfall.cli.asking import Asked, Question, understand
from afterfall.cli.failures import FAILURE, INTERRUPTED, Failure, reading_input
from afterfall.cli.progress import reporting
from afterfall.cli.streams import show, show_json, stderr
from afterfall.report.explain.why import conditioned_note
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.forecast.outlook_json import outlook_json
from afterfall.report.forecast.outlook_of_run import outlook_of, priors_of
from afterfall.report.forecast.outlook_tables import headline, notes, outlook_grids
from afterfall.run import Run, RunError, forecast


def answer(question: Question, *, picture: bool, as_json: bool) -> None:
    """Answer a question on stdout; say on stderr what was done and where it is kept."""
    asked = understand(question)
    err = stderr()
    run = run_asked(asked, question.threads, err)
    with reading_input():
        outlook = outlook_of(run, priors=priors_of(asked.model), command=command(), at=asked.at, country=asked.country)
    if as_json:
        show_json(outlook_json(outlook))
    else:
        own = [] if asked.country is None else [conditioned_note(asked.model, asked.country, asked.request.draws)]
        show(headline(outlook), outlook_grids(outlook), [*own, *notes(outlook)])
    err.print(f"run: {run.path}" + (" (finished before, reused)" if run.reused else ""))
    if picture and run.path is not None:
        _draw(outlook, asked.model.case.theatre.countries, run.path, err)


def command() -> str:
    """The command line as a shell would need it."""
    return shlex.join(["afterfall", *sys.argv[1:]])


def run_asked(asked: Asked, threads: int | None, err: Console) -> Run:
    """Run what is asked, or reuse it, telling on stderr how far it is."""
    request = asked.request
    try:
        with reporting(err) as progress:
            return forecast(
                asked.model,
                trajectories=request.trajectories,
                seed=request.seed,
                chunk_size=request.chunk_size,
                run_dir=asked.runs,
                threads=threads,
                progress=progress,
                command=command(),
                draws=asked.posterior or "prior",
            )
    except KeyboardInterrupt:
        kept = asked.runs / request.name
        raise Failure(
            f"interrupted; finished chunks are kept in {kept}. To go on where it stopped:\n  {command()}", INTERRUPTED
        ) from None
    except RunError as problem:
        raise Failure(str(problem), FAILURE) from problem


def _draw(outlook: Outlook, theatre: Sequence[str], folder: Path, err: Console) -> None:
    from afterfall.report.forecast.forecast_charts import dots, fans, in_words
    from afterfall.report.forecast.spread_map import can_map, spread_map
    from afterfall.report.forecast.spread_timeline import spread_timeline
    from afterfall.report.kit.saving import save_chart, save_svg

    place = outlook.country or "world"
    for name, chart in ((f"{place}-month-{outlook.at}", dots(outlook)), (f"{place}-over-time", fans(outlook))):
        svg, png = save_chart(chart, folder / name, in_words(outlook))
        err.print(f"picture: {png} and {svg.name}")
    drawn = {}
    if outlook.organisations is not None and outlook.organisations.places:
        drawn["spread-over-time"] = spread_timeline(outlook)
    if can_map(outlook):
        drawn[f"spread-month-{outlook.at}"] = spread_map(outlook, theatre)
    for name, picture in drawn.items():
        for ending in (".svg", ".png"):
            save_svg(picture, folder / f"{name}{ending}")
        err.print(f"picture: {folder / name}.png and {name}.svg")
