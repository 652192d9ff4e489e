"""A finished run and its model, from the folder of a run or from a case (which is run, or reused where it was)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from afterfall.case import open_case
from afterfall.cli.asking import Question, understand
from afterfall.cli.failures import BAD_INPUT, Failure, reading_input
from afterfall.cli.forecasting import run_asked
from afterfall.cli.streams import stderr
from afterfall.model import Model, build
from afterfall.run import Run, RunError, UnknownName, open_run, request_of

#: What decides whether a model is the one a run was made from.
DECIDES = ("case_hash", "model_hash", "program_hash")


@dataclass(frozen=True, slots=True)
class RunWanted:
    """CASE or RUN as typed, and what only one of them takes; None where nothing was given."""

    source: str
    case: str | None
    as_of: str | None
    trajectories: int | None
    seed: int | None
    run_dir: Path | None
    country: str | None = None
    quantity: str | None = None
    at: str | None = None

    @property
    def is_run(self) -> bool:
        """Whether the source is a run: its file, or a folder that holds a request."""
        path = Path(self.source)
        return path.name == "run.nc" or (path / "request.json").is_file()


def find(wanted: RunWanted) -> tuple[Run, Model]:
    """The run and its model.

    Raises
    ------
    Failure
        If the run or the case cannot be read, or the model at hand is not the run's.
    """
    return _opened(wanted) if wanted.is_run else _forecast(wanted)


def _forecast(wanted: RunWanted) -> tuple[Run, Model]:
    if wanted.case is not None:
        raise Failure("--case goes with a RUN; name the case itself instead", BAD_INPUT)
    question = Question(
        case=wanted.source,
        as_of=wanted.as_of,
        horizon=None,
        at=wanted.at,
        trajectories=wanted.trajectories,
        seed=wanted.seed,
        country=wanted.country,
        run_dir=wanted.run_dir,
        replay=None,
        threads=None,
    )
    asked = understand(question)
    known = [q.name for q in asked.model.quantities]
    if wanted.quantity is not None and wanted.quantity not in known:
        with reading_input():
            raise UnknownName("quantity", wanted.quantity, known)
    run = run_asked(asked, None, stderr())
    stderr().print(f"run: {run.path}" + (" (finished before, reused)" if run.reused else ""))
    return run, asked.model


def _opened(wanted: RunWanted) -> tuple[Run, Model]:
    fixed = {
        "--as-of": wanted.as_of,
        "--trajectories": wanted.trajectories,
        "--seed": wanted.seed,
        "--run-dir": wanted.run_dir,
    }
    given = [name for name, value in fixed.items() if value is not None]
    if given:
        raise Failure(f"a RUN has these already: leave out {', '.join(given)}", BAD_INPUT)
    try:
        run = open_run(wanted.source)
    except RunError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem
    asked = run.request
    with reading_input():
        case = open_case(wanted.case or asked.case, as_of=asked.as_of)
        model = build(case, horizon=asked.horizon, record_months=asked.record_months)
    here = request_of(model, trajectories=asked.trajectories, seed=asked.seed)
    changed = [name for name in asked.differences(here) if name in DECIDES]
    if changed:
        raise Failure(
            f"{wanted.source} was made from another case or version ({', '.join(changed)} differ), so that it cannot "
            "be explained here. Forecast again, or give its case with --case.",
            BAD_INPUT,
        )
    return run, model
