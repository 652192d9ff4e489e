"""Roles in the fit program are those of the model's history: totals and shares by role and region, draw by draw.

The history lets minors pass 18 and the fit program does not, so the two are compared without passing first; then how
many pass is bounded.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.parity.conftest import by_engine

from afterfall.engine.program import Floats
from afterfall.model import Model, sample
from afterfall.model.compile.reduced_model import ReducedModel, lump_of
from afterfall.model.language.vocabulary import ROLES

N = 12


@pytest.fixture(scope="module")
def drawn(tiny: Model, small: ReducedModel) -> tuple[Floats, Floats]:
    """Prior draws of the model ``[N, P]``, and those of the fit program among them."""
    draws = sample(tiny, trajectories=range(N), seed=2)
    return draws.values, draws.values[:, [draws.names.index(name) for name in small.names]]


@pytest.fixture(scope="module")
def fitted(small: ReducedModel, drawn: tuple[Floats, Floats]) -> Floats:
    """People of the fit program at the as-of date ``[N, G, role, S]``."""
    found = np.stack([by_engine(small.program, theta)[0][-1] for theta in drawn[1]])
    return found.reshape(N, -1, len(ROLES), found.shape[-1])


def of_the_history(model: Model, small: ReducedModel, theta: Floats, *, passing: bool) -> Floats:
    """People of the history in the states of the fit program ``[N, G, role, S]``; operatives are in none of these."""
    program = model.history
    if not passing:
        program = program._replace(pass_to=np.full_like(program.pass_to, -1))
    travelled = [i for i, cohort in enumerate(model.history_cohorts) if cohort.role in ROLES]
    assert [model.history_cohorts[i].role for i in travelled[: len(ROLES)]] == list(ROLES)
    names = [state.name for state in small.states]
    people = np.stack([by_engine(program, row)[0][-1][travelled] for row in theta])
    lumped = np.zeros((*people.shape[:2], len(names)))
    for s, state in enumerate(model.states):
        if lump_of(state) in names:
            lumped[:, :, names.index(lump_of(state))] += people[:, :, s]
    return lumped.reshape(len(theta), -1, len(ROLES), len(names))


def test_shares_by_role_are_those_of_the_history(
    tiny: Model, small: ReducedModel, drawn: tuple[Floats, Floats], fitted: Floats
) -> None:
    """Within 2 in a hundred of a role: the history also has feedback, which moves people to rivals."""
    whole = of_the_history(tiny, small, drawn[0], passing=False)
    ours, theirs = (people / people.sum(axis=3, keepdims=True) for people in (fitted, whole))
    assert np.abs(ours - theirs).max() < 0.02
    assert ours.mean(axis=0) == pytest.approx(theirs.mean(axis=0), abs=0.003)
    for other in ([1, 0, 2], [2, 1, 0], [0, 2, 1]):  # roles differ by more: any two of them taken for each other show
        assert np.abs(ours - theirs[:, :, other]).max() > 0.1


def test_people_by_role_are_those_of_the_history(
    tiny: Model, small: ReducedModel, drawn: tuple[Floats, Floats], fitted: Floats
) -> None:
    whole = of_the_history(tiny, small, drawn[0], passing=False)
    assert fitted.sum(axis=3) == pytest.approx(whole.sum(axis=3), rel=0.006)  # operatives
    assert fitted.sum(axis=3)[:, :, 1:] == pytest.approx(whole.sum(axis=3)[:, :, 1:])


def test_minors_who_pass_18_are_still_minors_in_a_fit(
    tiny: Model, small: ReducedModel, drawn: tuple[Floats, Floats], fitted: Floats
) -> None:
    """Fewer than one in twelve, half of whom become men (a few are then sent to attack, which the fit leaves out)."""
    whole, less = of_the_history(tiny, small, drawn[0], passing=True).sum(axis=(1, 3)), fitted.sum(axis=(1, 3))
    assert whole.sum(axis=1) == pytest.approx(less.sum(axis=1), rel=0.005)
    passed = 1.0 - whole[:, 2] / less[:, 2]
    assert (passed > 0.0).all()
    assert (passed < 0.08).all()
