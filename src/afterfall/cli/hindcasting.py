"""Sets what a run said beside what was published later, and forecasts from a past day in order to do so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from afterfall.case import Case, open_case
from afterfall.cli.asking import DEFAULT_RUNS, Asked, Question, posterior_asked
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, Failure, reading_input
from afterfall.cli.forecasting import run_asked
from afterfall.cli.streams import show, show_json, stderr
from afterfall.evaluate import Scores, score, select
from afterfall.model import build
from afterfall.report.scores.score_json import score_json
from afterfall.report.scores.score_tables import score_grids, score_headline, score_notes
from afterfall.run import DEFAULT_SEED, DEFAULT_TRAJECTORIES, Run, RunError, open_run, request_of
from afterfall.run.forecasting import DEFAULT_HORIZON

#: A day after everything that any case can hold: the case as it is known later.
LATEST = dt.date(9999, 12, 31)


def score_folder(path: Path, case: str | None, *, picture: bool, as_json: bool) -> None:
    """Score the finished run in a folder; `case` is where its case is, by default the bundled one of its name."""
    try:
        run = open_run(path)
    except RunError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem
    with reading_input():
        whole = open_case(case or run.request.case, as_of=LATEST)
    _tell(_scores(run, whole), picture=picture, as_json=as_json)


def forecast_and_score(question: Question, *, picture: bool, as_json: bool) -> None:
    """Forecast a case from a past day, with origins recorded where outcomes fall, and score the run."""
    check_day("--as-of", question.as_of)
    with reading_input():
        whole = open_case(str(question.case), as_of=LATEST)
        asked = recording(question, whole)
    run = run_asked(asked, question.threads, stderr())
    _tell(_scores(run, whole), picture=picture, as_json=as_json)


def recording(question: Question, whole: Case) -> Asked:
    """What to run: the case of that day, and the months of the outcomes recorded by origin."""
    horizon = DEFAULT_HORIZON if question.horizon is None else question.horizon
    case = open_case(str(question.case), as_of=question.as_of)
    last = max((figure.published.last_day for figure in whole.figures), default=dt.date.min)
    if case.as_of >= last:
        raise Failure(
            f"--as-of {case.as_of}: no figure of {case.id} was published after {last} to judge it by", BAD_INPUT
        )
    model = build(case, horizon=horizon, record_months=select(whole, case.as_of, horizon).months)
    posterior = posterior_asked(question, model)
    request = request_of(
        model,
        trajectories=DEFAULT_TRAJECTORIES if question.trajectories is None else question.trajectories,
        seed=DEFAULT_SEED if question.seed is None else question.seed,
        posterior=posterior,
    )
    return Asked(model, request, question.run_dir or DEFAULT_RUNS, horizon, None, posterior)


def _scores(run: Run, whole: Case) -> Scores:
    try:
        return score(run, whole)
    except RunError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem


def _tell(scores: Scores, *, picture: bool, as_json: bool) -> None:
    """Print the scores on stdout; say on stderr where the run and the picture are."""
    run, err = scores.run, stderr()
    if as_json:
        show_json(score_json(scores))
    else:
        show(score_headline(scores), score_grids(scores), score_notes())
    err.print(f"run: {run.path}" + (" (finished before, reused)" if run.reused else ""))
    if picture and run.path is not None:
        from afterfall.report.kit.saving import save_chart
        from afterfall.report.scores.score_picture import predicted_and_observed, score_words

        svg, png = save_chart(predicted_and_observed(scores), run.path / "scores", score_words(scores))
        err.print(f"picture: {png} and {svg.name}")
