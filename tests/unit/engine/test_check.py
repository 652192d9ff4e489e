"""A program that breaks its contract is refused, with everything that is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.made_up.programs import LOST, NOISY, TERRITORY, Sizes, random_problem

from afterfall.engine.check import check
from afterfall.engine.index import index

PROGRAM = random_problem(0).program


def changed(name, at, value, program=PROGRAM):
    array = getattr(program, name).copy()
    array[at] = value
    return program._replace(**{name: array})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sizes", [Sizes(), Sizes(choices=False, capacities=False, feedback=False, inflows=False)])
def test_lawful_programs_pass_until_one_number_is_off(seed, sizes):
    program = random_problem(seed, sizes).program
    check(program)
    with pytest.raises(ValueError, match="first_edge: found"):
        check(changed("first_edge", -1, 3, program))


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (changed("first_edge", -1, 3), "first_edge: found"),
        (changed("dest", 0, 99), "dest: found 1 to 99, expected 0 to 7"),
        (changed("rate", 2, -1), "rate: found -1"),
        (changed("choice", np.flatnonzero(PROGRAM.choice == -1)[-1], 0), "choice 0: found edges"),
        (changed("choice", PROGRAM.choice == 0, -1), "choice 0: found no edges"),
        (changed("path_arg", (LOST, 0), LOST + 1), "path 3: reads path 4, expected an earlier one"),
        (changed("path_arg", (LOST, 0), NOISY), "path 3: reads path 1, expected one of kind HELD"),
        (changed("token_term", (1, slice(1, 3)), [1, TERRITORY]), "expected given numbers or noise"),
        (changed("feedback", (0, 1), 7), "total of a feedback: found 0 to 7, expected 0 to 1"),
    ],
)
def test_a_broken_program_is_refused(program, message):
    with pytest.raises(ValueError, match=message):
        index(program)


def test_a_choice_of_two_states_is_refused():
    split = PROGRAM.first_edge.copy()
    inside = int(np.flatnonzero(PROGRAM.choice == 0)[1])
    split[1] = inside
    with pytest.raises(ValueError, match="expected one state"):
        check(PROGRAM._replace(first_edge=split))


def test_all_problems_are_told_at_once():
    program = changed("dest", 0, 99)._replace(origin=PROGRAM.origin + 50)
    with pytest.raises(ValueError, match=r"(?s)dest.*origin"):
        check(program)
