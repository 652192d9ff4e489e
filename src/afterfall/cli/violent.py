"""Violence by place, and its comparison with the field: find or make the run, compute, print, draw and export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from afterfall.case import Case, case_hash, open_case
from afterfall.case.place_names import find_place
from afterfall.cli.asking import Question, understand
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, Failure, reading_input
from afterfall.cli.forecasting import command, run_asked
from afterfall.cli.streams import show, show_json, stderr
from afterfall.conflict import open_record, violence
from afterfall.conflict.violence_model import Violence, covered
from afterfall.evaluate.views.views_challenge import YEARS, ViewsComparison, compare_with_views
from afterfall.report.violence.violence_tables import violence_grids, violence_headline, violence_json, violence_notes
from afterfall.run import Run, RunError, open_run

LATEST = "9999"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show of violence: one country, an export, a picture, JSON."""

    country: str | None
    export: Path | None
    picture: bool
    as_json: bool


def run_of(question: Question, check: Callable[[Case], object]) -> tuple[Run, Case]:
    """The run a question is about, with its case: a finished run in a folder, or a forecast of a case.

    `check` is called with the case before anything is run; what it raises as a `ValueError` is told as bad input.

    Raises
    ------
    Failure
        If settings are given beside a finished run, or its case has changed since.
    """
    folder = Path(str(question.case))
    if not (folder / "request.json").is_file():
        asked = understand(question)
        with reading_input():
            check(asked.model.case)
        return run_asked(asked, question.threads, stderr()), asked.model.case
    given = {
        "--as-of": question.as_of,
        "--horizon": question.horizon,
        "--trajectories": question.trajectories,
        "--seed": question.seed,
    }
    beside = [name for name, value in given.items() if value is not None]
    if beside:
        raise Failure(f"a finished run has these already: leave out {', '.join(beside)}", BAD_INPUT)
    try:
        run = open_run(folder)
    except RunError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem
    with reading_input():
        case = open_case(run.request.case, as_of=run.as_of)
    if case_hash(case) != run.request.case_hash:
        raise Failure(
            f"the case {run.request.case!r} has changed since {folder} was made (hash {case_hash(case)}, "
            f"{run.request.case_hash} in the run): run it again",
            BAD_INPUT,
        )
    return run, case


def tell_violence(question: Question, wanted: Wanted) -> None:
    """Answer on stdout; say on stderr where the run, the picture and the export are."""
    check_day("--as-of", question.as_of)
    run, case = run_of(question, lambda case: _covered(case, wanted.country))
    err = stderr()
    err.print("learning from the record and drawing violence by place (once on a machine, a minute more to compile)")
    with reading_input():
        try:
            found = violence(run, case)
        except RunError as problem:
            raise Failure(str(problem), BAD_INPUT) from problem
        code = None if wanted.country is None else _country(found.names, found.countries, wanted.country)
    if wanted.as_json:
        show_json(violence_json(found, code, command()))
    else:
        show(violence_headline(found), violence_grids(found, code), violence_notes(found))
    err.print(f"run: {run.path}" + (" (finished before, reused)" if run.reused else ""))
    if wanted.export is not None:
        from afterfall.report.violence.violence_export import export_violence

        for path in export_violence(found, wanted.export):
            err.print(f"export: {path}")
    if wanted.picture and run.path is not None:
        _draw(found, code, run.path)


def _covered(case: Case, asked: str | None) -> None:
    """See that violence can be forecast of a case, and of a country where one is asked for."""
    record = open_record(case.as_of)
    rows = covered(record, case)
    if asked is not None:
        _country([record.names[i] for i in rows], [record.countries[i] for i in rows], asked)


def _country(names: Sequence[str], codes: Sequence[str], asked: str) -> str:
    return find_place(asked, dict(zip(codes, names, strict=True)))


def _draw(found: Violence, code: str | None, folder: Path) -> None:
    from afterfall.report.kit.saving import save_chart
    from afterfall.report.violence.violence_picture import most_violent, violence_chart, violence_words

    countries = most_violent(found) if code is None else [code]
    stem = folder / f"violence-{code or 'world'}"
    svg, png = save_chart(violence_chart(found, countries), stem, violence_words(found, countries))
    stderr().print(f"picture: {png} and {svg.name}")


def tell_field(views: Path, case: str, years: str, *, export: Path | None, picture: Path | None, as_json: bool) -> None:
    """Compare with the field and print the tables; exit 1 where the published scores are not reproduced."""
    from afterfall.report.benchmark.benchmark_tables import field_grids, field_headline, field_json, field_notes

    err = stderr()
    with reading_input():
        found = compare_with_views(
            views,
            open_record(),
            open_case(case, as_of=LATEST),
            years=_years(years),
            done=lambda year: err.print(f"scored {year}"),
        )
    if as_json:
        show_json(field_json(found, command()))
    else:
        show(field_headline(found), field_grids(found), field_notes(found))
    if export is not None:
        _export(found, export)
    if picture is not None:
        from afterfall.report.benchmark.benchmark_picture import field_chart, field_words
        from afterfall.report.kit.saving import save_chart

        svg, png = save_chart(field_chart(found), picture.with_suffix(""), field_words(found))
        err.print(f"picture: {png} and {svg.name}")
    if not found.trusted:
        raise Failure("the published scores of the field were not reproduced: do not trust the comparison", 1)


def _years(text: str) -> range:
    """A year or a range of years within those of the challenge."""
    first, _, last = text.partition("-")
    known = f"{YEARS[0]}-{YEARS[-1]}"
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise ValueError(f"--years: found {text!r}, expected a year or a range such as {known}")
    found = range(int(first), int(last or first) + 1)
    if not found or found[0] < YEARS[0] or found[-1] > YEARS[-1]:
        raise ValueError(f"--years: found {text!r}, expected years within {known}")
    return found


def _export(found: ViewsComparison, folder: Path) -> None:
    from afterfall.case.dates import month_number
    from afterfall.report.violence.violence_export import views_table

    record = open_record()
    folder.mkdir(parents=True, exist_ok=True)
    for year in found.years:
        first = month_number(f"{year.year}-01")
        numbers = [record.views_ids[record.position[c]] for c in year.countries]
        path = folder / f"afterfall_cm_{year.year}.parquet"
        views_table(year.ours.transpose(1, 0, 2), range(first, first + year.ours.shape[1]), numbers).to_parquet(path)
        stderr().print(f"export: {path}")
