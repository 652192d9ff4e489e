"""``afterfall model``: what a model declares, as tables, JSON or a diagram."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, Failure, command, failing
from afterfall.cli.options import AsJson, AsOf, CaseName

EXAMPLES = (
    "afterfall model isis-2017",
    "afterfall model isis-2017 --all | less",
    "afterfall model isis-2017 --diagram states.svg",
)


def model(
    case: CaseName,
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every state, transition, quantity and prior, after the summary.")
    ] = False,
    as_json: AsJson = False,
    diagram: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw the state diagram into this file (.svg or .png).")
    ] = None,
) -> None:
    """Show the model of a case: what there is, what its priors rest on, what is read; with --all every part of it."""
    from afterfall.cli.output import drawing, show, show_json, stderr
    from afterfall.run.case_source import warn_implausible

    if diagram is not None and diagram.suffix.lower() not in (".svg", ".png"):
        raise Failure(f"--diagram {diagram}: expected a name ending in .svg or .png", BAD_INPUT)
    check_day("--as-of", as_of)
    with failing():
        found = afterfall.build(afterfall.open_case(case, as_of=as_of))
    warn_implausible(found.case)
    if diagram is not None:
        with drawing(None, "leave out --diagram"):
            from afterfall.report.kit.saving import save_svg
            from afterfall.report.model.state_diagram import state_diagram

            save_svg(state_diagram(found), diagram)
        stderr().print(f"state diagram: {diagram}")
    if as_json:
        from afterfall.case import case_hash
        from afterfall.report.model.model_json import model_json

        show_json(model_json(found, case_hash(found.case), command()))
    else:
        from afterfall.report.model.case_headlines import model_headline
        from afterfall.report.model.model_summary import model_summary_grids
        from afterfall.report.model.model_tables import model_grids, reads_grid

        grids = (*model_summary_grids(found), *(model_grids(found) if everything else (reads_grid(found),)))
        more = () if everything else (f"Every state, transition, quantity and prior: afterfall model {case} --all",)
        show([model_headline(found.case)], grids, more)
