"""A brief as a file: its form follows the ending of the name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from afterfall.report.brief.as_docx import docx
from afterfall.report.brief.as_html import html
from afterfall.report.brief.as_markdown import markdown
from afterfall.report.brief.as_typst import pdf
from afterfall.report.brief.content import Brief
from afterfall.report.brief.paper import DEFAULT_PAPER, Paper, paper_named
from afterfall.run.atomic_files import write_durably

FORMS: dict[str, Callable[[Brief, Paper], bytes]] = {
    ".html": lambda brief, paper: html(brief, paper).encode(),
    ".md": lambda brief, _: markdown(brief).encode(),
    ".pdf": pdf,
    ".docx": docx,
}


def unwritable(paths: Sequence[Path]) -> tuple[tuple[Path, str], ...]:
    """Files that a brief cannot be written to, each with what is wrong; empty where nothing is."""
    wrong = [
        (path, f"expected a name ending in {', '.join(FORMS)}") for path in paths if path.suffix.lower() not in FORMS
    ]
    wrong += [(path, f"there is no folder {path.parent}; make it first") for path in paths if not path.parent.is_dir()]
    return tuple(wrong)


def write_brief(brief: Brief, path: Path, paper: str = DEFAULT_PAPER.name) -> None:
    """Write a brief in the form that the name of the file ends in.

    Parameters
    ----------
    brief
        The brief.
    path
        Where to.
    paper
        ``a4`` or ``letter``, for the forms that have pages.

    Raises
    ------
    ValueError
        If the name ends in no form of a brief, or its folder is not there.
    UnknownName
        If there is no such paper.
    NoTypst, NoDocx
        If a PDF or a Word file is asked for and the extra `brief` is not installed.
    """
    wrong = unwritable([path])
    if wrong:
        raise ValueError("\n".join(f"{one}: {why}" for one, why in wrong))
    write_durably(path, FORMS[path.suffix.lower()](brief, paper_named(paper)))
