"""Runs the two sides of a comparison (or reuses them), prints tables or JSON, draws the picture; lists the levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from afterfall.case import Case, open_case
from afterfall.cli.asking import DEFAULT_RUNS
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, FAILURE, INTERRUPTED, Failure, reading_input
from afterfall.cli.forecasting import command
from afterfall.cli.progress import reporting
from afterfall.cli.streams import show, show_json, stderr
from afterfall.model.language.case_view import CaseView
from afterfall.model.levers import AS_NOW, Catalogue, open_levers
from afterfall.policy import Comparison, compare
from afterfall.policy.comparison import DEFAULT_HORIZON, DEFAULT_TRAJECTORIES
from afterfall.report.comparison.comparison_json import comparison_json
from afterfall.report.comparison.comparison_tables import comparison_grids, comparison_headline, comparison_notes
from afterfall.report.comparison.lever_tables import lever_grids, lever_headline
from afterfall.run import DEFAULT_SEED, RunError, month_at


@dataclass(frozen=True, slots=True)
class Contest:
    """The command line as typed; None where nothing was given."""

    case: str
    as_of: str | None
    country: str | None
    levers: tuple[str, ...]
    package: str | None
    against: str | None
    at: str | None
    horizon: int | None
    trajectories: int | None
    seed: int | None
    run_dir: Path | None
    threads: int | None
    files: tuple[Path, ...]


def tell(contest: Contest, *, picture: bool, as_json: bool) -> None:
    """Compare, print on stdout, and say on stderr what was done and where it is kept."""
    check_day("--as-of", contest.as_of)
    check_day("--at", contest.at)
    if not contest.levers and contest.package is None:
        raise Failure("nothing to compare: give --lever NAME=INTENSITY or --package NAME", BAD_INPUT)
    err = stderr()
    found = _compared(contest)
    if as_json:
        show_json(comparison_json(found, command()))
    else:
        show(comparison_headline(found), comparison_grids(found), comparison_notes(found))
    for name, one in (("A", found.a), ("B", found.b)):
        err.print(f"run {name}: {one.run.path}" + (" (finished before, reused)" if one.run.reused else ""))
    if picture and found.b.run.path is not None:
        _draw(found, found.b.run.path)


def _compared(contest: Contest) -> Comparison:
    try:
        with reading_input(), reporting(stderr()) as progress:
            case = open_case(contest.case, as_of=contest.as_of)
            country = country_code(case, contest.country)
            catalogue = open_levers(contest.files)
            horizon = DEFAULT_HORIZON if contest.horizon is None else contest.horizon
            return compare(
                case,
                catalogue.policy(case, contest.package, contest.levers, country),
                against=catalogue.policy(case, contest.against or AS_NOW.name, (), country),
                country=country,
                at=horizon if contest.at is None else month_at(case.as_of, contest.at, horizon),
                horizon=horizon,
                trajectories=DEFAULT_TRAJECTORIES if contest.trajectories is None else contest.trajectories,
                seed=DEFAULT_SEED if contest.seed is None else contest.seed,
                run_dir=contest.run_dir or DEFAULT_RUNS,
                threads=contest.threads,
                progress=progress,
                command=command(),
            )
    except KeyboardInterrupt:
        again = f"interrupted; finished chunks are kept. To go on where it stopped:\n  {command()}"
        raise Failure(again, INTERRUPTED) from None
    except RunError as problem:
        raise Failure(str(problem), FAILURE) from problem


def country_code(case: Case, country: str | None) -> str | None:
    """Code of an origin given by code or by any usual name."""
    return None if country is None else CaseView(case).origin(country)


def _draw(found: Comparison, folder: Path) -> None:
    from afterfall.report.comparison.comparison_picture import comparison_words, paired_differences
    from afterfall.report.kit.saving import save_chart

    stem = f"{found.country or 'world'}-against-{found.a.policy.name}-month-{found.month}"
    svg, png = save_chart(paired_differences(found, command()), folder / stem, comparison_words(found))
    stderr().print(f"picture: {png} and {svg.name}")


def list_levers(name: str, as_of: str | None, country: str | None, files: Sequence[Path]) -> None:
    """Print the levers and packages as a case sees them."""
    check_day("--as-of", as_of)
    with reading_input():
        case = open_case(name, as_of=as_of)
        code = country_code(case, country)
        catalogue: Catalogue = open_levers(files)
    show(lever_headline(case, code), lever_grids(catalogue, case, code))
