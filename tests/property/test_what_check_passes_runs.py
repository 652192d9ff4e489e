"""Any case that the checks accept gives a forecast: no exception, people conserved, no NaN, totals near the published.

Cases are bundled ones with planted changes. CI runs a few hundred, always the same; ``make verify`` runs ten thousand
(``AFTERFALL_FUZZ_CASES``).
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from afterfall.case import Case, CaseError, cut, read_case
from afterfall.case.plausibility import warnings_of
from afterfall.model import Model, build
from afterfall.run import Run, forecast

from .mutated_cases import Change, changed, changes, tables, write

CASES = int(os.environ.get("AFTERFALL_FUZZ_CASES", "0"))
#: Seconds within which a case is refused or forecast, once the engine is compiled.
QUICK = 10.0
#: Factor by which the median of an origin's travellers may leave the published range without a warning.
NEAR = 4.0
SMALL = 10.0

WHOLE = {"tiny": tables("tiny"), "isis": tables("isis", keep_origins=4)}
SETTINGS = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # a case found is short enough; making it shorter takes minutes
    print_blob=True,
)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the engine once, outside the time of any case."""
    run_of(build(cut(read_case(bundled("tiny")), "2015-06-30"), horizon=3))


def bundled(name: str) -> Path:
    from importlib import resources

    return Path(str(resources.files("afterfall.case"))) / "data" / name


def run_of(model: Model) -> Run:
    return forecast(model, trajectories=5, seed=1, threads=1, draws="prior")


def hold(name: str, planted: list[Change], as_of: dt.date | None = None) -> str:
    """Read, check and run a case with planted changes; returns how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        path = write(name, changed(WHOLE[name], planted), Path(folder) / "case")
        try:
            case = read_case(path)
            case = cut(case, as_of or case.as_of)
            model = build(case, horizon=12)
        except CaseError as error:
            return "refused" if is_readable(error) else ""
        except ValueError:  # the model cannot be built from it: one sentence says why
            return "refused by the model"
        run = run_of(model)
        conserved_and_finite(run)
        warned = bool(warnings_of(case))
        near = near_published(run, case, model)
        assert near or warned, planted
        assert time.monotonic() - begin < QUICK
        return "warned" if warned else "forecast"


def is_readable(error: CaseError) -> bool:
    """Whether a report names problems, in characters that any terminal can show."""
    return bool(error.problems) and all(line.isprintable() for line in str(error).splitlines())


def conserved_and_finite(run: Run) -> None:
    for name in ("world", "origins", "parameters", "strength"):
        assert np.isfinite(run.dataset[name].values).all(), name
    summary = run.summary(12)
    parts = summary[summary["group"].isin(["pathway", "fate"])].index
    world = run.dataset["world"].sel(quantity=list(parts)).sum("quantity").values
    everyone = run.dataset["world"].sel(quantity=["travelled", "born"]).sum("quantity").values
    assert np.array_equal(world, everyone)
    assert (run.dataset["world"].values >= 0).all()


def near_published(run: Run, case: Case, model: Model) -> bool:
    """Whether every origin's travellers lie near the range of what was published of it."""
    for origin in model.view.named:
        figures = [f for f in case.figures_of("travelled", place=origin) if not f.role and f.basis == "cumulative"]
        figures = [f for f in figures if f.definition in ("", "affiliates")]
        if not figures:
            continue
        low, high = min(f.low for f in figures), max(f.high for f in figures)
        median = float(np.median(run.quantity("travelled", origin).sel(origin_month=0).values))
        if not low / NEAR - SMALL <= median <= high * NEAR + SMALL:
            return False
    return True


@settings(SETTINGS, max_examples=CASES or 150)
@given(changes(sorted(WHOLE["tiny"])))
def test_a_changed_teaching_case_is_refused_or_runs(planted: list[Change]) -> None:
    assert hold("tiny", planted)


@settings(SETTINGS, max_examples=max(CASES // 10, 15))
@given(changes(["figures.csv", "holdings.csv", "organisations.csv", "policies.csv", "priors.csv", "places.csv"]))
def test_a_changed_case_of_real_size_is_refused_or_runs(planted: list[Change]) -> None:
    assert hold("isis", planted, dt.date(2017, 2, 13))


@settings(SETTINGS, max_examples=max(CASES // 5, 60))
@given(st.sampled_from(sorted(WHOLE["tiny"])), st.binary(max_size=400))
def test_any_bytes_in_place_of_a_file_end_in_a_report(file: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write("tiny", WHOLE["tiny"], Path(folder) / "case")
        (path / file).write_bytes(content)
        with pytest.raises(CaseError) as caught:
            read_case(path)
        assert is_readable(caught.value)


def test_some_changed_cases_still_run() -> None:
    """The fuzzer would prove nothing if every change were refused."""
    harmless = [Change("figures.csv", "cell", 0, 17, 1, "1", ""), Change("holdings.csv", "cell", 0, 5, 0, "1000", "")]
    assert {hold("tiny", [change]) for change in harmless} <= {"forecast", "warned"}
