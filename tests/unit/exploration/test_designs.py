"""Designs of ema_workbench: strata, scale, seed, and what a number of scenarios must be."""

import numpy as np
import pytest
from tests.made_up.explorations import assumption

from afterfall.exploration.assumptions import Assumption
from afterfall.exploration.designs import design
from afterfall.run.errors import SettingError

RATE = Assumption("rate", "a hazard", "a month", "log", 0.01, 1.0, 0.01, 1.0, "uninformed")


def test_a_hypercube_has_one_value_in_each_part_of_each_range() -> None:
    found = design("lhs", [RATE, assumption("share")], 50, seed=3)
    positions = np.stack([np.log(found[:, 0] / 0.01) / np.log(100.0), found[:, 1]])
    for row in positions:
        assert sorted(np.floor(row * 50).astype(int)) == list(range(50))


def test_the_seed_alone_decides_and_the_global_generator_is_left_alone() -> None:
    np.random.seed(5)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # type: ignore[index,union-attr]  # noqa: NPY002
    for kind in ("lhs", "sobol"):
        one, two, other = (design(kind, [RATE, assumption("share")], 16, seed=s) for s in (1, 1, 2))  # type: ignore[arg-type]
        assert (one == two).all()
        assert (one != other).any()
    assert (np.random.get_state()[1] == before).all()  # type: ignore[index]  # noqa: NPY002


def test_a_sobol_design_has_rows_for_total_indices() -> None:
    assert design("sobol", [RATE, assumption("share")], 16, seed=1).shape == (16 * (2 + 2), 2)


@pytest.mark.parametrize(("kind", "number", "words"), [("sobol", 100, "such as 64 or 128"), ("lhs", 3, "8 or more")])
def test_other_numbers_are_refused(kind: str, number: int, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        design(kind, [RATE], number, seed=1)  # type: ignore[arg-type]
