"""The best mix keeps to its budget, is the best of those that do, and says how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest
from tests.json_schemas import problems

import afterfall
from afterfall import BestMix, OptionSet
from afterfall.case import Case
from afterfall.model.language.case_view import CaseView
from afterfall.model.levers import open_levers
from afterfall.policy import best_mix
from afterfall.policy.best_mix import FINALISTS, candidates, read_mix
from afterfall.policy.budgets import Budget, read_budgets
from afterfall.policy.costs import Spending
from afterfall.report.comparison.mix_json import mix_json
from afterfall.report.comparison.mix_tables import mix_grids, mix_headline
from afterfall.run import SettingError

SETTINGS = {"horizon": 12, "seed": 5, "country": "brom"}


@pytest.fixture(scope="module")
def found(case: Case) -> BestMix:
    """Nine mixes of two levers, of which those with more programme places cost more."""
    return afterfall.best_mix(
        case, "in_programme=2", mix=["border", "programmes=0.5,1"], outcome="disengage", trajectories=20, **SETTINGS
    )


def test_the_best_is_within_the_budget_and_no_finalist_within_it_is_better(found: BestMix) -> None:
    assert found.candidates == 9
    assert len(found.mixes) <= FINALISTS + 1
    assert found.best.within
    for one in found.mixes:
        assert one.within == (one.spent["in_programme"] <= 2.0)
    options = found.options
    first = {
        name: float(options.judged_differences(i, 0, found.outcome)[:10].mean()) for i, name in enumerate(options.names)
    }
    for one in found.mixes:
        assert one.chosen_by == first[one.name]
    inside = [first[one.name] for one in found.mixes if one.within]
    assert inside == sorted(inside, reverse=True), "in order of the first half of the simulations"
    assert found.mixes[-1].name in {one.name for one in found.mixes}
    now = next(one for one in found.mixes if one.name == "now")
    assert (now.gain, now.spent["in_programme"], now.over) == (0.0, 0.0, 0.0)


def test_gains_are_those_of_options_in_simulations_that_chose_nothing(case: Case, found: BestMix) -> None:
    names = [one.name for one in found.mixes if one.name != "now"]
    options = afterfall.compare_options(case, [f"m{i}: {n}" for i, n in enumerate(names)], trajectories=20, **SETTINGS)
    outcome = next(o for o in options.judged if o.quantity == "disengage")
    for i, name in enumerate(names, start=1):
        gain = float(options.judged_differences(i, 0, outcome)[10:].mean())
        assert gain == pytest.approx(next(one.gain for one in found.mixes if one.name == name))


def test_without_a_budget_the_best_of_all_wins(case: Case) -> None:
    free = afterfall.best_mix(case, mix="detention-security=0.9", outcome="escaped", trajectories=8, horizon=6, seed=5)
    assert free.budgets == ()
    assert {one.name for one in free.mixes} == {"now", "detention-security=0.9"}
    chosen = free.options.judged_differences(1, 0, free.outcome)[:4].mean()
    assert free.best.name == ("detention-security=0.9" if chosen > 0 else "now")
    shares = [one.best for one in free.mixes]
    assert sum(shares) >= 1.0


def test_a_cheaper_mix_that_is_nearly_as_good_is_named(found: BestMix) -> None:
    cheaper = found.cheaper(1e9)
    spent = [one.spent["in_programme"] for one in found.mixes if one.within and one.chosen_by > 0.0]
    if min(spent, default=0.0) < found.best.spent["in_programme"]:
        assert cheaper is not None
        assert cheaper.spent["in_programme"] == min(spent)
    else:
        assert cheaper is None
    tight = found.cheaper(0.0)
    assert tight is None or tight.chosen_by == found.best.chosen_by


def test_words_tables_and_json(found: BestMix) -> None:
    words = " ".join(mix_headline(found))
    assert found.best.name in words
    assert "9 mixes searched" in words
    assert "the gains are those in the other half" in words
    assert ("do not show it better" in words) == (found.best.name != "now" and found.best.gain <= 0.0)
    for table in mix_grids(found):
        assert all(len(row) == len(table.columns) for section in table.sections for row in section)
    made = mix_json(found, "afterfall compare --budget")
    assert problems(made) == []
    assert made["best"] == found.best.name


def test_budgets_are_read_and_all_that_is_wrong_is_listed() -> None:
    assert read_budgets(["imprisoned=240", "CAD = 2.5m"]) == (Budget("imprisoned", 240.0), Budget("CAD", 2.5e6))
    with pytest.raises(SettingError) as caught:
        read_budgets(["imprisoned", "a=-1", "b=x", "c=1", "c=2"])
    assert all(text in str(caught.value) for text in ("'imprisoned'", "'a=-1'", "'b=x'", "two budgets for 'c'"))


def test_a_budget_for_what_nobody_spends_is_refused_with_the_nearest_name(case: Case) -> None:
    with pytest.raises(SettingError, match="imprisoned"):
        afterfall.best_mix(case, "imprisond=5", mix="border=0.9", trajectories=2, horizon=3, country="brom")
    with pytest.raises(SettingError, match="better in one direction"):
        afterfall.best_mix(case, mix="border=0.9", outcome="repatriated", trajectories=2, horizon=3, country="brom")


def test_levers_to_search_are_read_with_all_their_problems(case: Case) -> None:
    catalogue, view = open_levers(), CaseView(case)
    found = read_mix(catalogue, view, ["border", "programmes=0.2,0.4"], "brom")
    assert found["programmes"] == (0.2, 0.4)
    assert len(found["border"]) == 2
    assert found["border"][1] == 1.0
    every = candidates(catalogue, case, found, "brom")
    assert len(every) == math.prod(3 for _ in found) - 1
    assert len({name for name, _ in every}) == len(every)
    with pytest.raises(SettingError) as caught:
        read_mix(catalogue, view, ["bordr", "programmes=2", "monitoring=x"], "brom")
    assert all(text in str(caught.value) for text in ("'bordr'", "programmes=2", "monitoring=x"))
    many = [
        f"{name}=" + ",".join(f"{x:.2f}" for x in np.linspace(0, 1, 9))
        for name in ("border", "programmes", "monitoring")
    ]
    with pytest.raises(SettingError, match="at most 300"):
        read_mix(catalogue, view, many, "brom")


@dataclass(frozen=True)
class Equals:
    """Options of equal effect, of which some spend more; what the order of mixes reads."""

    names: tuple[str, ...]
    spent: tuple[Mapping[str, Spending], ...]


def test_of_equal_mixes_the_cheaper_comes_first_then_fewer_levers_then_the_name() -> None:
    spent = {"b=1": 3.0, "a=1 b=0.5": 1.0, "c=1": 1.0, "a=1": 1.0}

    def order(names: list[str]) -> list[str]:
        each = [{"places": Spending("", "places", "", "", np.full(4, spent.get(name, 0.0)))} for name in names]
        found = cast("OptionSet", Equals(tuple(names), tuple(each)))
        budgets = [Budget("places", 10.0)]
        ranked = sorted(range(1, len(names)), key=lambda i: best_mix._order(found, i, 1.0 + i * 1e-12, budgets))
        return [names[i] for i in ranked]

    names = list(spent)
    assert order(["now", *names]) == order(["now", *names[::-1]]) == ["a=1", "c=1", "a=1 b=0.5", "b=1"]
