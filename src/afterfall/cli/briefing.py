"""Hands over a brief, or explains one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, FAILURE, Failure, reading_input
from afterfall.cli.finding import RunWanted, find
from afterfall.cli.forecasting import command
from afterfall.cli.streams import show, show_text, stderr
from afterfall.report.brief import Brief, NoTypst, html, make_brief, markdown, pdf
from afterfall.report.explain.why import why, why_grids, why_headline, why_notes
from afterfall.report.kit.likelihood_words import SCALES
from afterfall.report.track_record.earlier_scores import track_record
from afterfall.run import UnknownName

FORMS: dict[str, Callable[[Brief], bytes]] = {
    ".html": lambda brief: html(brief).encode(),
    ".md": lambda brief: markdown(brief).encode(),
    ".pdf": pdf,
}


def hand_over(wanted: RunWanted, country: str, out: tuple[Path, ...], *, words: str, track: Path | None) -> None:
    """Write the brief in each form asked for, or print it as Markdown."""
    check_files(out, track)
    with reading_input():
        if words not in SCALES:
            raise UnknownName("scale of words", words, list(SCALES))
    run, model = find(wanted)
    with reading_input():
        record = track_record(run.request.case, run.as_of, track)
        brief = make_brief(run, model, country=country, command=command(), scale=SCALES[words], track=record)
    if not out:
        show_text(markdown(brief))
    for path in out:
        _write(path, _made(brief, path))
        stderr().print(f"brief: {path}")


def check_files(out: tuple[Path, ...], track: Path | None) -> None:
    """Refuse, before anything is run, files that cannot be written or read; all of them at once.

    Raises
    ------
    Failure
        If a name has no form that the brief knows, its folder is not there, or there is no track record.
    """
    wrong = [f"--out {p}: expected a name ending in {', '.join(FORMS)}" for p in out if p.suffix not in FORMS]
    wrong += [f"--out {p}: there is no folder {p.parent}; make it first" for p in out if not p.parent.is_dir()]
    if track is not None and not track.is_file():
        wrong.append(f"--track {track}: found no such file")
    if wrong:
        raise Failure("\n".join(wrong), BAD_INPUT)


def _made(brief: Brief, path: Path) -> bytes:
    try:
        return FORMS[path.suffix](brief)
    except NoTypst as problem:
        raise Failure(f"--out {path}: {problem}", FAILURE) from problem


def _write(path: Path, content: bytes) -> None:
    """Replace a file whole."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def explain(wanted: RunWanted, country: str | None, quantity: str, at: str | None) -> None:
    """Print the chain behind one number."""
    check_day("--at", at)
    run, model = find(replace(wanted, quantity=quantity, at=at))
    with reading_input():
        chain = why(run, model, quantity=quantity, country=country, at=None if at is None else run.month(at))
    show(why_headline(chain), why_grids(chain), why_notes(chain))
