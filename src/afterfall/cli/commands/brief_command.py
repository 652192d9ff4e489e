"""``afterfall brief``: a two-page brief on one country."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import check_files, command, failing

if TYPE_CHECKING:
    from afterfall import Brief

EXAMPLES = (
    "afterfall brief isis-2017 --country CAN --out canada.pdf",
    "afterfall brief isis-2017 --country CAN --since isis-2017@2016-08-01 --out canada.html",
    "afterfall brief isis --country CAN --option revoke-citizenship --option 'border: border=0.8' --out canada.docx",
    "afterfall brief runs/isis-2017-3fa9c1d2e4b5 --country Belgium --out bel.html --out bel.md --words phia",
)
Out = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Write .pdf, .docx, .html or .md; repeatable (default: Markdown on stdout)."),
]
Track = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Scores of earlier forecasts (from score or hindcast --json).")
]
Since = Annotated[
    str | None,
    typer.Option(metavar="RUN|CASE[@DATE]", help="Say what changed since this forecast (as `changes` does)."),
]


def brief(
    source: options.CaseOrRun,
    country: options.FocusCountry,
    out: Out = None,
    words: Annotated[str, typer.Option(metavar="SCALE", help="Words of likelihood: icd203, phia or ipcc.")] = "icd203",
    track: Track = None,
    since: Since = None,
    option: options.Options = None,
    against: options.Against = None,
    files: options.LeverFiles = None,
    paper: Annotated[str, typer.Option(metavar="SIZE", help="Paper of .pdf, .docx and .html: a4 or letter.")] = "a4",
    case: options.CaseOfRun = None,
    as_of: options.AsOf = None,
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    given: options.Given = None,
    as_json: options.AsJson = False,
) -> None:
    """Write a two-page brief on one country: judgements, ranges, sources and limits."""
    from afterfall.cli.progress import working
    from afterfall.report.brief.brief_files import unwritable
    from afterfall.report.brief.paper import paper_named
    from afterfall.run import SettingError

    check_day("--as-of", as_of)
    earlier, since_as_of = (None, None) if since is None else options.case_and_day(since)
    check_day("--since", since_as_of)
    missing = [(track, "found no such file")] if track is not None and not track.is_file() else []
    check_files({"--out": unwritable(out or []), "--track": missing})
    if (against is not None or files) and not option:
        raise SettingError("{0} and {1} are for {2}: name options to compare", "against", "lever_files", "options")
    sheet = paper_named(paper).name
    with working() as progress:
        found = afterfall.brief(
            source,
            country=country,
            words=words,
            track=track,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            given=given or [],
            since=earlier,
            since_as_of=since_as_of,
            options=option or (),
            against=against or "now",
            lever_files=files or [],
            case=case,
            run_dir=options.run_folder(run_dir, source),
            threads=threads,
            progress=progress,
            command=command(),
        )
    _show(found, out or [], sheet, as_json=as_json)


def _show(found: Brief, out: Sequence[Path], paper: str, *, as_json: bool) -> None:
    from afterfall.cli.output import note_few, note_run, show_json, show_text, stderr
    from afterfall.report.brief import markdown
    from afterfall.report.brief.brief_files import write_brief

    note_run(found.run)
    note_few(found.run)
    for path in out:
        with failing():
            write_brief(found, path, paper)
        stderr().print(f"brief: {path}")
    if as_json:
        from afterfall.report.brief.brief_json import brief_json

        show_json(brief_json(found))
    elif not out:
        show_text(markdown(found))
