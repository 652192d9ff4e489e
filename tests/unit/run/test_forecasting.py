"""The verb over a made-up simulation: in memory and on disk alike, interrupted, killed, damaged, asked for again."""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from tests.made_up import batches as made_up

from afterfall.run import forecasting
from afterfall.run.errors import RunError
from afterfall.run.forecasting import Progress, open_run
from afterfall.run.run_layout import RECORDED
from afterfall.run.store import RunFolder


@pytest.fixture(autouse=True)
def _made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.stand_in(monkeypatch.setattr)


def _bytes(folder: Path) -> dict[str, bytes]:
    """Every file of the only run in a folder, the provenance left out."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "provenance.json"]
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def _in_a_process(work: Callable[[], None]) -> int | None:
    """Exit code of a process that does the work; what it patches or limits is its own affair."""
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(60)
    return process.exitcode


def _dying(function: Callable[..., Any], at: int) -> Callable[..., Any]:
    """The function, but its process is killed on entering the `at`-th call."""
    calls = count(1)

    def called(*args: Any, **named: Any) -> Any:
        if next(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **named)

    return called


def _stages(seen: list[Progress]) -> list[tuple[str, int]]:
    return [(one.stage, one.done) for one in seen]


def test_disk_and_memory_agree(tmp_path: Path) -> None:
    kept, held = made_up.forecast(tmp_path), made_up.forecast(None)
    xr.testing.assert_identical(kept.dataset.load(), held.dataset)
    assert kept.request == held.request
    assert kept.path == tmp_path / kept.request.name
    assert kept.dataset.attrs.items() >= {"command": "made up", "seed": "11", "as_of": "2017-01-31"}.items()


def test_units_are_those_the_cf_conventions_allow(tmp_path: Path) -> None:
    """A file that claims CF has units of UDUNITS alone (CF 1.11, section 3.1), and says what each variable is (3.2)."""
    run = made_up.forecast(tmp_path)
    with xr.open_dataset(tmp_path / run.request.name / "run.nc", engine="h5netcdf", decode_cf=False) as found:
        assert found.attrs["Conventions"] == "CF-1.11"
        units = {str(name): str(one.attrs["units"]) for name, one in found.variables.items() if "units" in one.attrs}
        told = {str(name) for name, one in found.variables.items() if "long_name" in one.attrs}
        numbers = {str(name) for name, one in found.variables.items() if one.dtype.kind in "if"}
    assert {one for one in units.values() if not one.startswith("days since ")} == {"1", "month", "month-1"}
    assert units.keys() >= {one.name for one in RECORDED}
    assert numbers <= told


def test_the_folder_holds_what_it_should_and_nothing_else(tmp_path: Path) -> None:
    run = made_up.forecast(tmp_path)
    files = sorted(str(p.relative_to(run.path)) for p in run.path.rglob("*") if p.is_file())  # type: ignore[union-attr, arg-type]
    assert files == ["provenance.json", "request.json", "run.nc"]


def test_a_run_finished_elsewhere_meanwhile_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made_up.forecast(tmp_path)
    assert whole.path is not None
    finished = RunFolder.finished
    answers = iter([None])  # not yet when the run begins
    monkeypatch.setattr(RunFolder, "finished", lambda self: next(answers, finished(self)))
    monkeypatch.setattr(RunFolder, "missing", lambda self: iter(()))  # the other process has all its chunks
    assert made_up.forecast(tmp_path).dataset.identical(whole.dataset)


def test_two_runs_of_one_request_have_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        made_up.forecast(tmp_path / name, threads=1 + (name == "b"))
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")


def test_the_numbers_do_not_depend_on_the_chunks() -> None:
    def data(chunk_size: int) -> xr.Dataset:
        return made_up.forecast(None, chunk_size=chunk_size).dataset.drop_attrs(deep=False)

    xr.testing.assert_identical(data(1), data(7))


def test_progress_counts_trajectories(tmp_path: Path) -> None:
    seen: list[Progress] = []
    made_up.forecast(tmp_path, progress=seen.append)
    steps = [("preparing", 0), ("simulating", 3), ("simulating", 6), ("simulating", 7), ("assembling", 7), ("done", 7)]
    assert _stages(seen) == steps
    assert {one.total for one in seen} == {7}


def test_a_finished_run_is_reused_and_says_so(tmp_path: Path) -> None:
    first = made_up.forecast(tmp_path, command="first")
    seen: list[Progress] = []
    again = made_up.forecast(tmp_path, command="second", progress=seen.append)
    assert _stages(seen) == [("reused", 7)]
    assert (first.reused, again.reused) == (False, True)
    assert again.provenance.command == "first"


def test_another_request_gets_another_folder(tmp_path: Path) -> None:
    folders = {made_up.forecast(tmp_path, seed=seed).path for seed in (1, 2)}
    assert len(folders) == 2


def test_an_interrupt_keeps_finished_chunks(tmp_path: Path) -> None:
    def interrupt(one: Progress) -> None:
        if (one.stage, one.done) == ("simulating", 6):
            raise KeyboardInterrupt

    made_up.forecast(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        made_up.forecast(tmp_path / "cut", progress=interrupt)
    seen: list[Progress] = []
    run = made_up.forecast(tmp_path / "cut", progress=seen.append)
    assert _stages(seen)[:2] == [("preparing", 6), ("simulating", 7)]
    assert (run.provenance.chunks_found, run.provenance.chunks_computed) == (2, 1)
    assert _bytes(tmp_path / "cut") == _bytes(tmp_path / "whole")


# Files are renamed in this order: request, three chunks, run, provenance.
@pytest.mark.parametrize(
    ("moment", "at", "kept"),
    [("simulating", 3, 2), ("renaming", 1, 0), ("renaming", 3, 1), ("renaming", 5, 3), ("renaming", 6, 3)],
)
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(tmp_path: Path, moment: str, at: int, kept: int) -> None:
    cut, whole = tmp_path / "cut", tmp_path / "whole"

    def doomed() -> None:
        if moment == "simulating":
            forecasting.simulate_chunk = _dying(forecasting.simulate_chunk, at)
        else:
            os.replace = _dying(os.replace, at)  # type: ignore[assignment]
        made_up.forecast(cut)

    assert _in_a_process(doomed) == -signal.SIGKILL
    assert len(list(cut.glob("*/chunks/*.nc"))) == kept
    run = made_up.forecast(cut)
    assert run.provenance.chunks_found == kept
    made_up.forecast(whole)
    found = {name: content for name, content in _bytes(cut).items() if not name.endswith(".partial")}
    assert found == _bytes(whole)


@pytest.mark.parametrize("victim", ["chunks/00001.nc", "run.nc", "provenance.json"])
@pytest.mark.parametrize("truncate", [True, False])
def test_damage_is_repaired_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, victim: str, truncate: bool
) -> None:
    monkeypatch.setattr(RunFolder, "clear", lambda self: None)  # as if killed just before
    run = made_up.forecast(tmp_path)
    assert run.path is not None
    run.dataset.close()
    before = _bytes(tmp_path)
    (run.path / "provenance.json").unlink()  # so that the chunks are looked at as well
    if victim != "provenance.json":
        content = (run.path / victim).read_bytes()
        half = len(content) // 2
        (run.path / victim).write_bytes(
            content[:half] if truncate else content[:half] + b"\xff" * 64 + content[half + 64 :]
        )
    made_up.forecast(tmp_path)
    assert _bytes(tmp_path) == before


def test_a_damaged_run_is_not_served(tmp_path: Path) -> None:
    path = made_up.forecast(tmp_path).path
    assert path is not None
    (path / "run.nc").write_bytes(b"")
    with pytest.raises(RunError, match="damaged"):
        open_run(path)
    assert made_up.forecast(tmp_path).reused is False
    assert open_run(path).summary().loc["travelled", "mean"] > 0


def test_a_disk_that_fills_keeps_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit on the size of a file stands in for a full disk: the chunks fit, the assembled run does not."""
    monkeypatch.setattr(RunFolder, "clear", lambda self: None)
    path = made_up.forecast(tmp_path / "whole").path
    assert path is not None
    limit = max(p.stat().st_size for p in path.glob("chunks/*.nc")) + 1
    assert limit < (path / "run.nc").stat().st_size
    said = tmp_path / "said"

    def cramped() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with pytest.raises(RunError) as failure:
            made_up.forecast(tmp_path / "full")
        said.write_text(str(failure.value))

    assert _in_a_process(cramped) == 0
    assert re.search(r"cannot write .*run\.nc: File too large.* run the same command again", said.read_text())
    assert len(list((tmp_path / "full").glob("*/chunks/*.nc"))) == 3
    assert made_up.forecast(tmp_path / "full").provenance.chunks_computed == 0


def test_what_a_model_was_not_built_for_is_refused() -> None:
    with pytest.raises(ValueError, match="built for a horizon of 6 months, found 12"):
        made_up.forecast(None, horizon=12)
    with pytest.raises(ValueError, match=r"does not record months \[2\] by origin"):
        made_up.forecast(None, at=[2, 3])


def test_all_processors_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasting, "processors", lambda: 5)
    assert made_up.forecast(None).provenance.threads == 5
    assert made_up.forecast(None, threads=2).provenance.threads == 2
    with pytest.raises(ValueError, match="threads must be at least 1, found 0"):
        made_up.forecast(None, threads=0)
