"""Explored cases are simulations with parameters held from the as-of date on; an interruption costs none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import afterfall
from afterfall.exploration import Exploration
from afterfall.exploration.case_evaluator import COUNTRY, EVERYONE
from afterfall.exploration.explore_folder import opened, sealed
from afterfall.model import build, under_policy
from afterfall.report.explore.case_table import case_file, write_cases
from afterfall.run import Progress
from afterfall.run.chunk import simulate
from afterfall.run.errors import RunInterrupted

OPTIONS = ["border: border=0.9", "programmes: programmes=0.9"]
SMALL: dict[str, Any] = {"country": "Brom", "scenarios": 12, "horizon": 6, "trajectories": 3, "seed": 4}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Exploration:
    return afterfall.explore("tiny", OPTIONS, run_dir=tmp_path_factory.mktemp("whole"), threads=2, **SMALL)


def test_a_case_is_the_model_with_the_assumptions_held() -> None:
    """Effects of levers act after the as-of date only, so that a case is the run of a model that holds them."""
    only = afterfall.explore("tiny", OPTIONS, over="effects", **SMALL)
    plain = build(only.plan.case, horizon=6, record_months=[6])
    own = [i for i, a in enumerate(only.assumptions) if a.name.startswith("lever.border.")]
    fixed = {only.assumptions[i].name: float(only.values[5, i]) for i in own}
    model = under_policy(plain, only.plan.options[1].policy, fixed=fixed)
    posterior = afterfall.posterior.posterior_for(plain)
    batch = simulate(model, seed=4, trajectories=range(3), posterior=posterior)
    names, place = [q.name for q in plain.quantities], plain.origins.index("brom")
    stock, counter = "returned_at_risk", "killed_so_far"
    people = only.people[5, 1]
    assert people[:, only.quantities.index(stock), EVERYONE].tolist() == batch.world[:, 6, names.index(stock)].tolist()
    later = batch.origins[:, -1, place, names.index(counter)] - batch.origins[:, 0, place, names.index(counter)]
    assert people[:, only.quantities.index(counter), COUNTRY].tolist() == later.tolist()


def test_all_cases_begin_in_the_same_state(found: Exploration) -> None:
    over = afterfall.explore("tiny", OPTIONS, over="leaving.mover", at=0, **SMALL)
    assert (over.people == over.people[:1, :1]).all()
    assert (found.people != found.people[:1, :1]).any()


def test_an_option_without_the_lever_does_not_vary_with_its_effect() -> None:
    over = afterfall.explore("tiny", OPTIONS, over="lever.border.*", **SMALL)
    assert (over.people[:, 0] == over.people[:1, 0]).all()
    assert (over.people[:, 2] == over.people[:1, 2]).all()
    assert (over.people[:, 1] != over.people[:1, 1]).any()


def test_an_interrupted_exploration_resumes_to_the_same_bytes(
    found: Exploration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterfall.exploration.exploring.IN_A_BLOCK", 240)
    assert found.path is not None
    seen = list[Progress]()

    def stop(step: Progress) -> None:
        seen.append(step)
        if step.stage == "assembling":
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted, match="interrupted"):
        afterfall.explore("tiny", OPTIONS, run_dir=tmp_path, threads=1, progress=stop, **SMALL)
    folder = tmp_path / found.path.name
    block = folder / "blocks" / "00000.bin"
    block.write_bytes(block.read_bytes()[:-1] + b"x")
    again = afterfall.explore("tiny", OPTIONS, run_dir=tmp_path, threads=1, **SMALL)
    assert (again.provenance.chunks_found, again.provenance.chunks_computed) == (0, 1)
    for name in ("exploration.json", "people.bin"):
        assert (folder / name).read_bytes() == (found.path / name).read_bytes(), name
    assert case_file(again, ".parquet") == case_file(found, ".parquet")
    reused = afterfall.explore("tiny", OPTIONS, run_dir=tmp_path, **SMALL)
    assert reused.reused
    assert not (folder / "blocks").exists()


def test_blocks_of_other_sizes_hold_the_same_people(found: Exploration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afterfall.exploration.exploring.IN_A_BLOCK", 9)
    many = afterfall.explore("tiny", OPTIONS, threads=2, **SMALL)
    assert many.plan.blocks == 12
    assert (many.people == found.people).all()


def test_a_seal_knows_its_block() -> None:
    content = sealed(np.arange(6, dtype=np.int32).reshape(1, 1, 1, 3, 2), "abc/0")
    people = opened(content, "abc/0")
    assert people is not None
    assert people.ravel().tolist() == list(range(6))
    assert opened(content, "abc/1") is None
    assert opened(content[:-40], "abc/0") is None


def test_the_table_has_a_row_a_case_and_says_where_it_comes_from(found: Exploration, tmp_path: Path) -> None:
    for ending in (".parquet", ".csv"):
        write_cases(found, tmp_path / f"cases{ending}")
    table = pq.read_table(tmp_path / "cases.parquet")
    frame, read = table.to_pandas(), pd.read_csv(tmp_path / "cases.csv", comment="#")
    assert len(frame) == len(read) == found.cases == 36
    assert list(frame.columns) == list(read.columns)
    assert np.allclose(frame["undetected.judged"], read["undetected.judged"])
    judged = found.differences(found.outcome()).mean(axis=2)
    assert frame.loc[frame["option"] == "border", "undetected.judged"].tolist() == judged[:, 1].tolist()
    metadata = table.schema.metadata[b"afterfall"].decode()
    head = (tmp_path / "cases.csv").read_text()
    for word in (found.request.run.case_hash, "as_of", "seed", "afterfall explore tiny"):
        assert word in metadata
        assert word in head
