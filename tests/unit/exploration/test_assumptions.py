"""Assumptions as a user states them: texts, groups, patterns and files; all problems in one report."""

from pathlib import Path

import numpy as np
import pytest
from tests.made_up.explorations import assumption

from afterfall.case import Case
from afterfall.exploration.assumptions import AssumptionError, read_assumptions
from afterfall.exploration.parameters_ahead import parameters_ahead
from afterfall.model import Model, build, under_policy
from afterfall.model.levers import open_levers


@pytest.fixture(scope="module")
def models(case: Case) -> list[Model]:
    plain = build(case, horizon=6, record_months=[6])
    return [plain, under_policy(plain, open_levers().policy(case, None, ["border=0.8", "prosecution=0.8"], "brom"))]


def test_groups_hold_the_stated_effects_and_rho(models: list[Model]) -> None:
    found = {one.name: one for one in read_assumptions(models, ["effects", "rho"])}
    border = {"lever.border.met", "lever.border.stopped", "lever.border.way"}
    assert {name for name in found if "prosecution" not in name} == {"leaving.retained", *border}
    assert all(found[name].basis == "assumption" for name in found if name.startswith("lever."))
    assert (found["leaving.retained"].low, found["leaving.retained"].high) == (0.0, 1.0)
    assert (found["lever.border.way"].low, found["lever.border.way"].high) == (0.35, 1.05)


def test_a_decision_is_no_causal_effect_and_can_be_named(models: list[Model]) -> None:
    causal = {one.name for one in read_assumptions(models, ["effects"])}
    named = read_assumptions(models, ["lever.prosecution.*"])
    assert [one.basis for one in named if one.name not in causal] == ["decision"]


def test_a_file_says_the_same_as_texts(models: list[Model], tmp_path: Path) -> None:
    file = tmp_path / "some.toml"
    file.write_text('format = 1\n[assumptions."leaving.mover"]\nlow = 0.05\nhigh = 0.1\n[assumptions.rho]\n')
    assert read_assumptions(models, [file]) == read_assumptions(models, ["leaving.mover=0.05..0.1", "rho"])


def test_every_problem_is_reported_with_the_nearest_name(models: list[Model]) -> None:
    given = [
        "efects",
        "leaving.movr",
        "reporting.killed",
        "rho=1..0",
        "rho=0..2",
        "leaving.mover=0..1",
        "x=3",
        "no.toml",
    ]
    with pytest.raises(AssumptionError) as raised:
        read_assumptions(models, given)
    text = str(raised.value)
    assert len(raised.value.problems) == len(given)
    for words in (
        "did you mean 'effects'",
        "did you mean 'leaving.mover'",
        "acts on no rate after the as-of date",
        "a lower end below the upper one",
        "shares from 0 to 1",
        "more than 0",
        "NAME=LOW..HIGH",
        "no.toml: No such file",
    ):
        assert words in text, words


def test_an_effect_of_a_lever_that_no_option_sets_is_refused(models: list[Model]) -> None:
    with pytest.raises(AssumptionError, match="no such parameter"):
        read_assumptions(models, ["lever.programmes.desistance"])
    with pytest.raises(AssumptionError, match="no option sets a lever"):
        read_assumptions(models[:1], ["effects"])


def test_parameters_ahead_are_those_whose_change_moves_people(models: list[Model]) -> None:
    ahead = parameters_ahead(models[1])
    assert {"leaving.mover", "leaving.retained", "lever.border.way", "capacity.courts"} <= ahead
    assert not {"reporting.killed", "nowcast.mixing", "attack.tail"} & ahead


def test_priors_weigh_scenarios_by_their_density() -> None:
    weights = assumption().prior_weight(np.array([0.0, 0.5, 1.0]))
    assert weights[1] == 1.0
    assert weights[0] == pytest.approx(np.exp(-0.5 * 1.6448536269514722**2))
    assert weights[0] == pytest.approx(weights[2])
