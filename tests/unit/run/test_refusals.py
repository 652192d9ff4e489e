"""What a run refuses: files changed after it was made, damaged text, and more than the machine holds."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import afterfall
from afterfall.case import open_case
from afterfall.engine.sealed_cache import DIGEST, unsealed
from afterfall.model import Model, build
from afterfall.run import RunError, SettingError, forecast, forecasting, open_run
from afterfall.run.months import month_at
from afterfall.run.request import BYTES_A_MONTH
from afterfall.run.run_layout import labels, needed_bytes


@pytest.fixture(scope="module")
def tiny() -> Model:
    return build(open_case("tiny"), horizon=3)


@pytest.fixture
def folder(tiny: Model, tmp_path: Path) -> Path:
    run = forecast(tiny, trajectories=4, seed=1, run_dir=tmp_path / "runs", draws="prior")
    assert run.path is not None
    return run.path


def edit(folder: Path, **fields: object) -> None:
    file = folder / "request.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}, indent=2, sort_keys=True) + "\n")


@pytest.mark.parametrize("fields", [{"seed": 2}, {"trajectories": 100_000}, {"as_of": "2015-05-31"}])
def test_a_request_changed_after_the_run_is_refused(folder: Path, fields: dict[str, object]) -> None:
    edit(folder, **fields)
    with pytest.raises(RunError, match=r"request.json was changed after the run was made"):
        open_run(folder)


def test_it_is_refused_in_a_renamed_folder_as_well(folder: Path, tmp_path: Path) -> None:
    moved = Path(shutil.move(folder, tmp_path / "my-run"))
    assert open_run(moved).request.seed == 1
    edit(moved, seed=2)
    with pytest.raises(RunError, match="the run was made as"):
        open_run(moved)


@pytest.mark.parametrize("file", ["request.json", "provenance.json"])
def test_bytes_that_are_no_text_are_named(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"\xff\xfe{}")
    with pytest.raises(RunError, match="damaged"):
        open_run(folder)


def test_a_run_with_a_damaged_provenance_is_made_again(tiny: Model, folder: Path) -> None:
    before = (folder / "run.nc").read_bytes()
    (folder / "provenance.json").write_bytes(b"\xff")
    run = forecast(tiny, trajectories=4, seed=1, run_dir=folder.parent, draws="prior")
    assert not run.reused
    assert (folder / "run.nc").read_bytes() == before


@pytest.mark.parametrize("fields", [{"horizon": 10**9}, {"trajectories": 10**9}, {"trajectories": 10**12}])
def test_a_request_beyond_the_limits_is_refused(folder: Path, fields: dict[str, int]) -> None:
    edit(folder, **fields)
    with pytest.raises(RunError, match=r"at most .* would take (about [\d,]+|more than a million) GiB"):
        open_run(folder)


@pytest.mark.parametrize("horizon", [0, 601, 99_999, 10**20])
def test_a_horizon_has_a_limit(horizon: int) -> None:
    with pytest.raises(ValueError, match="at least 1 month and at most 600"):
        build(open_case("tiny"), horizon=horizon)


def test_a_run_beyond_memory_says_what_it_would_take(tiny: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasting, "memory", lambda: 2**20)
    with pytest.raises(ValueError, match=r"1,000,000 trajectories would take [\d,.]+ GiB; .* memory: give run_dir"):
        forecast(tiny, trajectories=1_000_000, draws="prior")


def test_a_run_beyond_the_disk_leaves_nothing(tiny: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ValueError, match="free disk"):
        forecast(tiny, trajectories=1_000_000, run_dir=tmp_path / "runs", draws="prior")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "absent"])
def test_a_sealed_file_that_is_not_whole_counts_as_absent(tmp_path: Path, damage: str) -> None:
    import hashlib

    file, content = tmp_path / "code", b"machine code" * 50
    whole = content + hashlib.sha256(content).digest()
    assert len(whole) == len(content) + DIGEST
    file.write_bytes(whole)
    assert unsealed(file) == content
    spoilt = {"cut": whole[:-40], "changed": b"M" + whole[1:], "empty": b""}
    if damage == "absent":
        file.unlink()
    else:
        file.write_bytes(spoilt[damage])
    assert unsealed(file) is None


def test_the_size_in_messages_is_that_of_a_real_case() -> None:
    one = needed_bytes(labels(build(open_case("isis-2017"))), 1) / 60
    assert 0.9 < BYTES_A_MONTH / one < 1.1


def test_a_horizon_beyond_the_limit_names_the_memory_it_would_take() -> None:
    with pytest.raises(SettingError, match=r"horizon must be at most 600 months, found 99,999: .* GiB"):
        afterfall.forecast("tiny", horizon=99_999)
    with pytest.raises(ValueError, match=r"trajectories must be at most 1,000,000, found 1,000,000,000; .* GiB"):
        afterfall.forecast("tiny", horizon=12, trajectories=10**9)


@pytest.mark.parametrize("at", [5.5, True, None, [5.5], {"month": 3}])
def test_a_month_is_a_whole_number_a_date_or_a_text(at: object) -> None:
    with pytest.raises(ValueError, match=r"must be a month|is not a number of months"):
        afterfall.forecast("tiny", horizon=12, at=at)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"must be a month|is not a number of months"):
        month_at(date(2015, 6, 30), at, 12)  # type: ignore[arg-type]


def test_a_number_of_numpy_is_a_month() -> None:
    assert month_at(date(2015, 6, 30), np.int64(5), 12) == 5  # type: ignore[arg-type]
