"""What a verb refuses, in words, before anything is run; and one thing taken where several may be given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import afterfall
from afterfall import Model, Posterior, Run
from afterfall.evaluate.record.cross_checks import check_spread_cases
from afterfall.report.track_record.earlier_scores import NoTrackRecord
from afterfall.run import SettingError, WrongRun
from afterfall.run.resolve import RunSettings, resolve

SMALL: dict[str, Any] = {"trajectories": 3, "horizon": 6}


@pytest.fixture(scope="module")
def run() -> Run:
    return afterfall.forecast("tiny", **SMALL)


@pytest.fixture(scope="module")
def model() -> Model:
    return afterfall.build(afterfall.open_case("tiny"), horizon=6)


def test_a_model_is_not_fitted_as_of_another_day(model: Model) -> None:
    pytest.importorskip("jax")
    with pytest.raises(SettingError, match="a model has this already: leave out as_of"):
        afterfall.fit(model, as_of="2015-01-31")


@pytest.mark.parametrize("text", ["default", "prior"])
def test_a_setting_that_reads_like_a_default_of_another_is_given(run: Run, text: str) -> None:
    with pytest.raises(SettingError, match="leave out run_dir"):
        afterfall.explain(run, run_dir=text)
    with pytest.raises(SettingError, match="leave out as_of"):
        RunSettings(as_of=text).refuse(["as_of", "draws"], "has these")


NO_CASE: dict[str, Callable[[Any], object]] = {
    "hindcast": lambda it: afterfall.hindcast(it, as_of="2015-06-30"),
    "track_record": lambda it: afterfall.track_record(it, as_of=["2015-06-30"]),
    "compare": lambda it: afterfall.compare(it, levers=["border=0.6"]),
    "screen": lambda it: afterfall.screen(it, country="arda"),
    "benchmark_violence": lambda it: afterfall.benchmark_violence("views", case=it),
}


@pytest.mark.parametrize("verb", NO_CASE)
def test_a_model_is_no_case(verb: str, model: Model) -> None:
    with pytest.raises(SettingError, match="expected a case, its name or its folder; found a Model"):
        NO_CASE[verb](model)


def test_what_is_no_run_is_no_run(model: Model, run: Run) -> None:
    wrong: list[Callable[[Any], object]] = [
        afterfall.score,
        afterfall.spread,
        afterfall.open_run,
        lambda it: afterfall.forecast(replay=it),
    ]
    for ask in wrong:
        with pytest.raises(SettingError, match="expected a run or its folder; found a Model"):
            ask(model)
    with pytest.raises(SettingError, match="expected a case, its name or its folder; found a int"):
        resolve(5)  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="expected a case, its name or its folder; found a Model"):
        afterfall.score(run, case=model)  # type: ignore[call-overload]


@pytest.mark.parametrize("setting", ["horizon", "trajectories", "seed", "threads"])
@pytest.mark.parametrize("value", ["12", 12.0, True])
def test_a_number_is_whole(setting: str, value: object) -> None:
    given: dict[str, Any] = {setting: value}
    for ask in (afterfall.attacks, lambda case, **more: afterfall.compare(case, levers="border=0.6", **more)):
        with pytest.raises(SettingError, match=f"{setting} must be a whole number, found {value!r}"):
            ask("tiny", **given)


def test_whole_numbers_of_numpy_are_taken() -> None:
    assert resolve("tiny", RunSettings(horizon=np.int64(6), trajectories=np.int32(3))).request == (  # type: ignore[arg-type]
        resolve("tiny", RunSettings(**SMALL)).request
    )


def test_one_lever_is_not_its_letters() -> None:
    found = afterfall.compare("tiny", levers="detention-security=0.9", horizon=6, trajectories=3)
    assert [lever.name for lever in found.b.policy.levers] == ["detention-security"]


def test_one_day_of_a_record_is_not_its_letters() -> None:
    record = afterfall.track_record("tiny", as_of="2015-06-30", horizon=12, trajectories=5)
    assert [scores.run.as_of.isoformat() for scores in record.scores] == ["2015-06-30"]


def test_periods_and_base_rates_are_refused_before_anything_is_run() -> None:
    steps: list[object] = []
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"every": 0}, "every must be at least 1 month, found 0"),
        ({"every": "3"}, "every must be a whole number"),
        ({"base_rates": []}, "base_rates: found none"),
        ({"base_rates": [0.1, 1.5]}, r"base_rates: found 1.5, expected numbers from 0 to 1"),
        ({"base_rates": "half"}, "base_rates: found 'h', 'a'"),
    ]
    for given, says in wrong:
        with pytest.raises(SettingError, match=says):
            afterfall.screen("tiny", country="arda", progress=steps.append, **given, **SMALL)
    assert steps == []
    assert list(afterfall.screen("tiny", country="arda", every=3, base_rates=0.2, **SMALL).at_base_rate) == [0.2]


def test_a_record_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    steps: list[object] = []
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    for track in (tmp_path / "nosuch.json", tmp_path, tmp_path / "bytes.json"):
        with pytest.raises(NoTrackRecord, match=track.name):
            afterfall.brief("tiny", country="arda", track=track, progress=steps.append, **SMALL)
    assert steps == []


def test_attacks_are_scored_on_the_case_they_were_drawn_from() -> None:
    drawn = afterfall.attacks("tiny", **SMALL)
    with pytest.raises(WrongRun, match="was made from case tiny"):
        afterfall.score(drawn, case="mali-2013")


def test_a_run_under_a_policy_is_not_explained_from_its_folder(tmp_path: Path) -> None:
    found = afterfall.compare("tiny", levers="detention-security=0.9", run_dir=tmp_path, **SMALL)
    folder = found.b.run.path
    assert folder is not None
    for ask in (afterfall.explain, lambda it: afterfall.forecast(replay=it)):
        with pytest.raises(WrongRun, match=r"made under a policy \(detention-security.*only attacks and violence"):
            ask(folder)
    assert afterfall.attacks(folder).run.request.policy


def test_a_record_takes_the_path_of_a_fit_as_text(fit_file: Path, own_fit: Posterior) -> None:
    asked: dict[str, Any] = {"as_of": ["2015-06-30"], "horizon": 12, "trajectories": 5}
    record = afterfall.track_record("tiny", draws=str(fit_file), **asked)
    assert record.scores[0].run.request.draws == f"posterior {own_fit.hash}"
    with pytest.raises(SettingError, match="several posteriors were fitted as of 2015-06-30"):
        afterfall.track_record("tiny", draws=[str(fit_file), own_fit], **asked)


def test_a_case_that_its_spread_is_checked_with_is_opened_from_where_it_came() -> None:
    mali = afterfall.open_case("mali-2013")
    check_spread_cases(replace(mali, id="mine"))
    for made_up in (
        replace(mali, id="mine", opened_from=None),
        replace(mali, evaluation=replace(mali.evaluation, spread_beside="nowhere")),
    ):
        with pytest.raises(ValueError, match="no bundled case"):
            check_spread_cases(made_up)
    check_spread_cases(afterfall.open_case("tiny"))


def test_influence_asks_for_a_fit_before_it_builds_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jax")
    from afterfall.api import fits

    monkeypatch.setattr(fits, "resolve", lambda *_, **__: pytest.fail("a model was built"))
    case = afterfall.open_case("tiny", as_of="2015-03-31")
    with pytest.raises(SettingError, match="comes without a posterior; fit it first, and set draws:") as caught:
        afterfall.influence(case, country="arda")
    assert "and set --draws" in caught.value.worded(lambda name: f"--{name}")


def test_messages_name_settings_not_options() -> None:
    with pytest.raises(SettingError, match="give levers as NAME=INTENSITY, or package"):
        afterfall.compare("tiny")
    with pytest.raises(SettingError, match="give a run to be made again as replay"):
        afterfall.forecast()


def test_a_message_may_hold_braces() -> None:
    error = SettingError("{0}: found {x} in {}", "case")
    assert str(error) == "case: found {x} in {}"
    assert error.worded(lambda name: f"--{name}") == "--case: found {x} in {}"
