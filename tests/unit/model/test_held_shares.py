"""Published counts of people held move how many of an origin start in custody, by custodian."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from afterfall.case import Case, Figure, PartialDate, open_case
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import ROLES
from afterfall.model.observation.held_figures import custodians_of, held_groups, why_not_held

N, SEED = 100, 5


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case("isis-2017")


def held(case: Case, people: float, **changes: Any) -> Figure:
    one = next(f for f in case.figures if f.place == "SAU" and f.quantity == "detained")
    given = {"figure": f"held-{people}", "place": "FRA", "low": people, "value": people, "high": people}
    return replace(one, **given | {"definition": "affiliates", "refers_to": PartialDate("2017-01")} | changes)


def start_of(case: Case, *figures: Figure) -> tuple[Model, np.ndarray]:
    """People of France by trajectory, role and state."""
    model = build(replace(case, figures=(*case.figures, *figures)), horizon=1)
    start, _ = nowcast(model, sample(model, trajectories=N, seed=SEED), seed=SEED, trajectories=range(N))
    by_origin = start.reshape(N, len(model.origins), -1, start.shape[-1])
    return model, by_origin[:, model.origins.index("FRA")]


def in_states(model: Model, start: np.ndarray, *names: str) -> float:
    which = np.array([s.stage == "detained" and (not names or s.name in names) for s in model.nowcaster.states])
    return float(np.median(start[..., which].sum(axis=(1, 2))))


def test_a_count_of_the_held_moves_them_and_not_the_rest_of_the_origin(case: Case) -> None:
    model, usual = start_of(case)
    for people in (30.0, 200.0):
        _, moved = start_of(case, held(case, people))
        assert in_states(model, moved) == pytest.approx(people, rel=0.35)
        travelled = slice(0, len(ROLES))  # the born follow their mothers
        assert np.array_equal(moved[:, travelled].sum(axis=(1, 2)), usual[:, travelled].sum(axis=(1, 2)))


def test_a_count_of_one_custodian_moves_that_custodian(case: Case) -> None:
    camp = "ne-syria-camp"
    model, usual = start_of(case)
    _, moved = start_of(case, held(case, 60.0, definition=camp.replace("-", "_")))
    assert in_states(model, moved, f"detained_{camp}") == pytest.approx(60.0, rel=0.35)
    assert in_states(model, moved, "detained_turkey") <= in_states(model, usual, "detained_turkey")


def test_which_counts_are_read(case: Case) -> None:
    view = CaseView(case)
    assert custodians_of(view, held(case, 9.0)) == view.custodians
    assert set(custodians_of(view, held(case, 9.0, definition="north_east_syria"))) == {
        "ne-syria-camp",
        "ne-syria-prison",
    }
    assert "does not name" in why_not_held(view, held(case, 9.0, definition="abroad"))
    assert "months old" in why_not_held(view, held(case, 9.0, refers_to=PartialDate("2016-01")))
    assert not why_not_held(view, held(case, 9.0, role="minor"))
    assert not held_groups(view, "FRA")
