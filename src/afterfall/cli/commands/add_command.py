"""``afterfall add``: figures added to a case folder, after each is checked and weighed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, Failure, command, failing

if TYPE_CHECKING:
    from afterfall.report.keeping.added_figures import AddedFigures

EXAMPLES = (
    "afterfall add ./my-isis figures.csv --dry-run",
    "afterfall add ./my-isis figures.csv --yes",
)


def add(
    case: Annotated[str, typer.Argument(metavar="CASE-FOLDER", help="The folder of your case.")],
    figures: Annotated[Path, typer.Argument(metavar="FIGURES.csv", help="A CSV file of figures, with a header row.")],
    as_of: options.AsOf = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Add the figures without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be added; change nothing.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Add figures to a case: check them, show what is new, repeated or contradictory, and the weight of each; then ask.

    Rows that are in the case stay byte for byte. Forms that spreadsheets write (semicolons, decimal commas, dates such
    as 13/02/2017) are read where they have one meaning, with a note.
    """
    from afterfall.cli.output import show, show_json
    from afterfall.report.keeping.added_tables import added_answer
    from afterfall.report.keeping.keeping_json import add_json

    check_day("--as-of", as_of)
    asking = not (yes or dry_run or as_json)

    def confirm(found: AddedFigures) -> bool:
        if asking:
            show(*added_answer(found, asking=True))
        return yes or (asking and _asked(found))

    with failing():
        found = afterfall.add_figures(case, figures, as_of=as_of, dry_run=dry_run, confirm=confirm)
    if as_json:
        show_json(add_json(found, command()))
    elif asking and found.intake.files:
        from afterfall.report.keeping.added_tables import outcome

        show(outcome(found), ())
    else:
        show(*added_answer(found))


def _asked(found: AddedFigures) -> bool:
    """Whether whoever sits at the terminal agrees.

    Raises
    ------
    Failure
        If nobody does.
    """
    if not sys.stdin.isatty():
        raise Failure("nothing was added, since nobody can be asked here: give --yes, or --dry-run to look", BAD_INPUT)
    number = len(found.intake.added)
    return typer.confirm(f"Add {number} {'figure' if number == 1 else 'figures'}?", err=True)
