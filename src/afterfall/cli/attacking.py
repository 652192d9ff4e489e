"""``afterfall attacks``: find or make the run, draw attacks, print, draw the picture, and set later counts beside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from afterfall.attack.attack_model import attacks
from afterfall.attack.attack_result import Attacks, place_of
from afterfall.attack.border_crossings import border_screening
from afterfall.case import Case, open_case
from afterfall.cli.asking import Question
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, Failure, reading_input
from afterfall.cli.forecasting import command
from afterfall.cli.streams import show, show_json, stderr
from afterfall.cli.violent import LATEST, run_of
from afterfall.evaluate.events.attack_counts import LaterCount, later_counts
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.report.attacks.attack_json import attack_json
from afterfall.report.attacks.attack_tables import attack_grids, attack_headline, attack_notes, later_grid, later_notes
from afterfall.run import RunError


@dataclass(frozen=True, slots=True)
class ShownAttacks:
    """What to show of attacks: one place, later counts, a picture, JSON."""

    country: str | None
    later: bool
    picture: bool
    as_json: bool


def tell_attacks(question: Question, shown: ShownAttacks) -> None:
    """Answer on stdout; say on stderr where the run and the picture are."""
    check_day("--as-of", question.as_of)
    run, case = run_of(question, lambda case: _covered(case, shown.country))
    err = stderr()
    err.print("learning from published counts and drawing attacks (once on a machine, a minute more to compile)")
    with reading_input():
        try:
            found = attacks(run, build(case, horizon=run.request.horizon, record_months=run.request.record_months))
        except RunError as problem:
            raise Failure(str(problem), BAD_INPUT) from problem
        place = None if shown.country is None else found.place(shown.country)
        named = Path(str(question.case))
        source = run.request.case if (named / "request.json").is_file() else str(question.case)
        later = later_counts(found, open_case(source, as_of=LATEST)) if shown.later else None
    screened = border_screening(found) if place is None else None
    if shown.as_json:
        show_json(attack_json(found, place, screened, later, command()))
    else:
        grids = attack_grids(found, place, screened)
        notes = attack_notes(found, place)
        if later is not None:
            here = [o for o in later if place in (None, o.place)]
            grids = (*grids, later_grid(found, here)) if here else grids
            notes = (*notes, *later_notes(found, place, here))
        show(attack_headline(found), grids, notes)
    err.print(f"run: {run.path}" + (" (finished before, reused)" if run.reused else ""))
    if shown.picture and run.path is not None:
        _draw(found, place, later or (), run.path)


def _covered(case: Case, asked: str | None) -> None:
    """See that attacks can be forecast of a place."""
    if asked is not None:
        place_of(asked, CaseView(case))


def _draw(found: Attacks, place: str | None, later: tuple[LaterCount, ...], folder: Path) -> None:
    from afterfall.report.attacks.attack_picture import attack_chart, attack_words
    from afterfall.report.kit.saving import save_chart

    places = [p for p in found.model.case.evaluation.pictured if found.where(p)] if place is None else [place]
    if not places:
        places = list(found.countries[:2])
    stem = folder / f"attacks-{place or 'world'}"
    svg, png = save_chart(attack_chart(found, places, later), stem, attack_words(found, places))
    stderr().print(f"picture: {png} and {svg.name}")
