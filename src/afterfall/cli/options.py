"""Arguments and options that several commands share: one name, one help text and one meaning each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from afterfall.cli.failures import BAD_INPUT, Failure
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, DEFAULT_TRAJECTORIES, FEW_TRAJECTORIES


def within(
    most: Callable[[], int], what: str, least: int = 1, beyond: Callable[[int], str] = lambda _: ""
) -> Callable[[str], int]:
    """A reader of whole numbers in a range, whose upper end is looked up when a number is read.

    `beyond` says what a number above the range would lead to, for the message that refuses it.
    """

    def read(text: str | int) -> int:
        found = str(text).strip()
        number = int(found) if WHOLE.fullmatch(found) else None
        if number is None or not least <= number <= most():
            why = f": {beyond(number)}" if number is not None and number > most() and beyond(number) else ""
            raise typer.BadParameter(f"found {found!r}, expected {what} from {least:,} to {most():,}{why}")
        return number

    return read


def _most_months() -> int:
    from afterfall.case.dates import MOST_MONTHS

    return MOST_MONTHS


def _most_trajectories() -> int:
    from afterfall.run.request import MOST_TRAJECTORIES

    return MOST_TRAJECTORIES


def _largest_seed() -> int:
    from afterfall.run.request import LARGEST_SEED

    return LARGEST_SEED


def _size_of_months(months: int) -> str:
    from afterfall.run.request import size_in_words

    return size_in_words(DEFAULT_TRAJECTORIES, months)


def _size_of_simulations(number: int) -> str:
    from afterfall.run.request import size_in_words

    return size_in_words(number, DEFAULT_HORIZON)


#: A whole number that is no longer than any that can be meant; a sign is read so that it can be refused by its value.
WHOLE = re.compile(r"[+-]?\d{1,30}")
MONTHS = within(_most_months, "whole months", beyond=_size_of_months)
SIMULATIONS = within(_most_trajectories, "a whole number of simulations", beyond=_size_of_simulations)
SEED = within(_largest_seed, "a whole number", 0)

BUNDLED_OR_FOLDER = "A bundled case (isis, isis-2017, mali-2013, tiny) or a case folder."
CaseName = Annotated[str, typer.Argument(metavar="CASE", help=BUNDLED_OR_FOLDER)]
OptionalCase = Annotated[
    str | None,
    typer.Argument(metavar="CASE", help=BUNDLED_OR_FOLDER),
]
CaseOrRun = Annotated[
    str, typer.Argument(metavar="CASE|RUN", help="A bundled case, a case folder, or the folder of a finished run.")
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")]
CaseOfRun = Annotated[
    str | None,
    typer.Option("--case", metavar="CASE", help="For a RUN: the case it was made from (default: the bundled one)."),
]
AsOf = Annotated[
    str | None, typer.Option(metavar="DATE", help="See the case from this day (default: the case's own date).")
]
Horizon = Annotated[
    int | None,
    typer.Option(metavar="MONTHS", parser=MONTHS, help=f"Months to look ahead (default: {DEFAULT_HORIZON})."),
]
At = Annotated[
    str | None, typer.Option(metavar="MONTH|DATE", help="A month (24) or a date (2019-12) (default: the horizon).")
]
Trajectories = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=SIMULATIONS,
        help=f"Simulations; more give steadier tails (default: {DEFAULT_TRAJECTORIES}).",
    ),
]
FewTrajectories = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=SIMULATIONS, help=f"Simulations; more give steadier tails (default: {FEW_TRAJECTORIES})."
    ),
]
Seed = Annotated[
    int | None, typer.Option(metavar="N", parser=SEED, help=f"Seed of the random numbers (default: {DEFAULT_SEED}).")
]
Country = Annotated[
    str | None, typer.Option(metavar="CODE|NAME", help="People of one origin (CAN, Canada) (default: the world).")
]
CountryArgument = Annotated[
    str | None, typer.Argument(metavar="[COUNTRY]", help="Code or name of one origin, as with --country.")
]
ShownCountry = Annotated[
    str | None,
    typer.Option(
        "--country",
        metavar="CODE|NAME",
        help="Draw forecast and observed of one origin (CAN, Canada); a track record has one in any case.",
    ),
]
FocusCountry = Annotated[str, typer.Option("--country", metavar="CODE|NAME", help="The origin (CAN, Canada).")]
Given = Annotated[
    list[str] | None,
    typer.Option(
        "--given",
        metavar="EVENT",
        help="Take a dated event as given ('raqqa falls 2017-10', 'all fall by 2019-03', 'merger hts'); repeatable.",
    ),
]
NotGiven = Annotated[list[str] | None, typer.Option("--given", hidden=True)]
AllNotes = Annotated[bool, typer.Option("--notes", help="Print every note on how to read the tables.")]
Quantity = Annotated[str, typer.Option(metavar="NAME", help="A quantity of the model.")]
RunDir = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept (default: runs).")]
FitDir = Annotated[Path, typer.Option(metavar="FOLDER", help="Where fits are kept.")]
Threads = Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads; changes no number.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS|local",
        help="Compute on the workers of a Dask scheduler, or on processes of this machine; changes no number.",
    ),
]
DrawsFile = Annotated[
    Path | None,
    typer.Option(
        "--draws",
        metavar="FILE",
        help="Draw parameters from this posterior, a file or the folder of a fit (default: the bundled posterior).",
    ),
]
PriorOnly = Annotated[
    bool, typer.Option("--prior-only", help="Draw all parameters from priors, even where there is a posterior.")
]
Levers = Annotated[
    list[str] | None,
    typer.Option("--lever", metavar="NAME=INTENSITY", help="Set a lever from 0 (none) to 1 (in full); repeatable."),
]
LeverFiles = Annotated[
    list[Path] | None, typer.Option("--levers", metavar="FILE.toml", help="More levers and packages; repeatable.")
]
Package = Annotated[str | None, typer.Option(metavar="PACKAGE", help="Start from a package of levers.")]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="OPTION",
        help='An option: "NAME: LEVER=INTENSITY ...", a package, or a TOML file of options; repeatable.',
    ),
]
Against = Annotated[
    str | None,
    typer.Option(metavar="OPTION", help="What to compare with: a package, or levers (default: as on the as-of date)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
Picture = Annotated[bool, typer.Option(help="Draw the result as PNG and SVG into the folder of the run.")]

DEFAULT_RUNS, DEFAULT_FITS = Path("runs"), Path("fits")


def draws_from(draws: Path | None, prior_only: bool) -> Path | str:
    """Where parameters come from, as every verb takes it.

    Raises
    ------
    Failure
        If both options are given.
    """
    return several_draws([draws] if draws is not None else [], prior_only)[0]


def case_and_day(text: str) -> tuple[str, str | None]:
    """A case or a run, and the day after ``@`` where there is one; a folder whose own name has the sign is one name.

    >>> case_and_day("isis-2017@2016-08-01"), case_and_day("isis")
    (('isis-2017', '2016-08-01'), ('isis', None))
    """
    name, sign, day = text.rpartition("@")
    return (name, day) if sign and name and not Path(text).exists() else (text, None)


def run_folder(given: Path | None, source: str) -> Path | None:
    """Where the run of a case is kept; a finished run has its folder."""
    from afterfall.run.resolve import is_run

    return given if given is not None or is_run(source) else DEFAULT_RUNS


def several_draws(draws: Sequence[Path], prior_only: bool) -> list[Path | str]:
    """The same where several posteriors may be given.

    Raises
    ------
    Failure
        If both options are given.
    """
    if prior_only and draws:
        raise Failure("--prior-only draws from priors and --draws from a posterior: leave one out", BAD_INPUT)
    return list(draws) or ["prior" if prior_only else "default"]


def one_country(place: str | None, country: str | None) -> str | None:
    """The country that a command names as an argument or as an option.

    Raises
    ------
    Failure
        If it names two.
    """
    if place is not None and country is not None and place != country:
        raise Failure(f"found two countries, {place!r} and --country {country!r}: leave one out", BAD_INPUT)
    return country if place is None else place


def needed(country: str | None, what: str = "country", such_as: str = "SDN or Sudan") -> str:
    """A country, or what stands in its place, that cannot be left out.

    Raises
    ------
    Failure
        If it is.
    """
    if country is None:
        raise Failure(f"found no {what}: expected one, such as {such_as}", BAD_INPUT)
    return country
