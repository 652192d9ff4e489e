"""One way from what a user names to a run: what goes with a case, what with a run, and which case a run is of."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import afterfall
from afterfall.run import SettingError, WrongRun
from afterfall.run.case_source import whole_case
from afterfall.run.resolve import RunSettings, model_of, resolve

SMALL: dict[str, Any] = {"trajectories": 3, "horizon": 6}


@pytest.fixture
def own_case(tmp_path: Path) -> Path:
    """`tiny` as a case of the user's own, with an id that is no bundled one."""
    folder = tmp_path / "my-case"
    with resources.as_file(resources.files("afterfall.case") / "data" / "tiny") as bundled:
        shutil.copytree(bundled, folder)
    header = folder / "case.toml"
    header.write_text(header.read_text(encoding="utf-8").replace('id = "tiny"', 'id = "mine"'), encoding="utf-8")
    return folder


def test_a_name_a_case_a_model_and_a_run_are_one_forecast(tmp_path: Path) -> None:
    case = afterfall.open_case("tiny")
    model = afterfall.build(case, horizon=6)
    run = afterfall.forecast("tiny", run_dir=tmp_path, **SMALL)
    settings = RunSettings(trajectories=3)
    assert resolve(model, settings).request == run.request
    assert resolve(case, RunSettings(**SMALL)).request == run.request
    assert resolve(run).request == run.request
    opened = resolve(run.path or "")
    assert opened.request == run.request
    assert opened.model.model_hash == model.model_hash


@pytest.mark.parametrize("setting", ["as_of", "horizon", "trajectories", "seed", "draws", "run_dir"])
def test_a_run_refuses_settings_that_it_has(setting: str) -> None:
    run = afterfall.forecast("tiny", **SMALL)
    value = "prior" if setting == "draws" else "2015-01-31" if setting == "as_of" else 7
    with pytest.raises(SettingError, match=f"leave out {setting}"):
        afterfall.explain(run, **{setting: value})


def test_all_settings_that_do_not_go_are_named_at_once() -> None:
    run = afterfall.forecast("tiny", **SMALL)
    with pytest.raises(SettingError) as caught:
        afterfall.attacks(run, seed=1, horizon=4)
    assert str(caught.value).endswith("leave out horizon, seed")
    assert caught.value.worded(lambda name: f"--{name}").endswith("leave out --horizon, --seed")


def test_a_case_refuses_the_case_of_a_run() -> None:
    with pytest.raises(SettingError, match="case goes with a RUN"):
        afterfall.explain("tiny", case="tiny")


def test_a_run_in_memory_knows_its_own_case(own_case: Path) -> None:
    run = afterfall.forecast(own_case, **SMALL)
    chain = afterfall.explain(run)
    assert chain.place == "the world"
    assert whole_case(run).id == "mine"


def test_a_run_of_an_own_case_asks_for_it_and_takes_it(own_case: Path, tmp_path: Path) -> None:
    made = afterfall.forecast(own_case, run_dir=tmp_path / "runs", command="afterfall forecast ./my-case", **SMALL)
    run = afterfall.open_run(made.path or "")
    for ask in (afterfall.explain, afterfall.attacks, afterfall.score, afterfall.spread):
        with pytest.raises(WrongRun, match=r"Give the case or its folder as case: .*afterfall forecast \./my-case"):
            ask(run)  # type: ignore[operator]
    assert afterfall.explain(run, case=own_case).month == 6
    assert afterfall.attacks(run, case=str(own_case)).run.model is not None
    assert model_of(run, own_case).case.id == "mine"


def test_hints_name_the_path_of_an_own_case(own_case: Path) -> None:
    case = afterfall.open_case(own_case)
    assert case.reference == str(own_case)
    with pytest.raises(ValueError, match=f"afterfall fit {own_case}"):
        afterfall.influence(case, country="arda")
    chain = afterfall.brief(case, country="arda", **SMALL)
    limits = str(chain.section("limits").blocks)
    assert f"afterfall forecast {own_case}" in limits


def test_a_replay_makes_the_same_run_of_an_own_case(own_case: Path, tmp_path: Path) -> None:
    made = afterfall.forecast(own_case, run_dir=tmp_path / "runs", **SMALL)
    again = afterfall.forecast(own_case, replay=made.path)
    assert again.request == made.request
    assert again.dataset["world"].values.tolist() == made.dataset["world"].values.tolist()
    with pytest.raises(WrongRun, match="Give the case or its folder as case"):
        afterfall.forecast(replay=made.path)


def test_a_run_of_another_case_is_not_read() -> None:
    run = afterfall.forecast("tiny", **SMALL)
    with pytest.raises(WrongRun, match="was made from another case or version"):
        afterfall.explain(run, case="mali-2013")


def test_a_country_is_refused_before_anything_is_run() -> None:
    steps: list[object] = []
    for ask in (afterfall.forecast, afterfall.attacks, afterfall.explain, afterfall.brief):
        with pytest.raises(ValueError, match="did you mean Arda"):
            ask("tiny", country="Ardda", progress=steps.append, **SMALL)  # type: ignore[operator]
    assert steps == []


def test_a_country_is_found_by_code_and_by_name() -> None:
    model = afterfall.build(afterfall.open_case("tiny"), horizon=6)
    assert {resolve(model).origin(word) for word in ("arda", "Arda", "ARDA")} == {"arda"}
