"""``afterfall attacks``: attacks by country and year, drawn from a run."""

from __future__ import annotations

from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command, failing

EXAMPLES = (
    "afterfall attacks isis-2017",
    "afterfall attacks isis-2017 --country CAN",
    "afterfall attacks isis-2017 --country Europe --later",
)


def attacks(
    source: options.CaseOrRun,
    case: options.CaseOfRun = None,
    as_of: options.AsOf = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE|NAME", help="One country, or Europe (default: those with most).")
    ] = None,
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    later: Annotated[
        bool, typer.Option("--later", help="Also show counts published after the as-of date, and score them.")
    ] = False,
    picture: options.Picture = True,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Forecast attacks attempted and completed by country and year: by returnees, the sent and the inspired."""
    from afterfall.cli.output import drawing, note_few, note_run, save_picture, show, show_json
    from afterfall.cli.progress import working
    from afterfall.report.attacks.attack_answer import attack_answer, attack_content, drawn_places

    check_day("--as-of", as_of)
    with working() as progress:
        found = afterfall.attacks(
            source,
            country=country,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            case=case,
            run_dir=options.run_folder(run_dir, source),
            threads=threads,
            progress=progress,
            command=command(),
        )
    with failing():
        scored = afterfall.score(found, case=case) if later else None
    place = None if country is None else found.place(country)
    if as_json:
        show_json(attack_content(found, place, scored, command()))
    else:
        show(*attack_answer(found, place, scored), all_notes=all_notes)
    note_run(found.run)
    note_few(found.run)
    if picture and found.run.path is not None:
        with drawing(found.run.path):
            from afterfall.report.attacks.attack_picture import attack_chart, attack_words

            places, stem = drawn_places(found, place), found.run.path / f"attacks-{place or 'world'}"
            save_picture(attack_chart(found, places, scored or ()), stem, attack_words(found, places))
