"""``afterfall model``: show what a model declares, as tables, JSON or a diagram."""

from __future__ import annotations

from pathlib import Path

from afterfall.case import case_hash, open_case
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, Failure, reading_input
from afterfall.cli.forecasting import command
from afterfall.cli.streams import show, show_json, stderr
from afterfall.model import Model, build
from afterfall.report.kit.number_formats import day
from afterfall.report.kit.saving import save_svg
from afterfall.report.model.model_json import model_json
from afterfall.report.model.model_tables import model_grids
from afterfall.report.model.state_diagram import state_diagram


def describe(name: str, as_of: str | None, *, as_json: bool, diagram: Path | None) -> None:
    """Print a model, and draw its state diagram where a file is given."""
    if diagram is not None and diagram.suffix not in (".svg", ".png"):
        raise Failure(f"--diagram {diagram}: expected a name ending in .svg or .png", BAD_INPUT)
    check_day("--as-of", as_of)
    with reading_input():
        model = build(open_case(name, as_of=as_of))
    if diagram is not None:
        _draw(model, diagram)
    if as_json:
        show_json(model_json(model, case_hash(model.case), command()))
    else:
        show([f"The model of {model.case.title} ({model.case.id}), as of {day(model.case.as_of)}"], model_grids(model))


def _draw(model: Model, path: Path) -> None:
    save_svg(state_diagram(model), path)
    stderr().print(f"state diagram: {path}")
