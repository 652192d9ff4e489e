"""Names carry the random numbers: taking out an origin or adding a state changes nobody else's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.made_up.programs import Sizes, random_problem

from afterfall.engine import keys
from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.program import Program
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series


def test_uniforms_for_names_do_not_depend_on_the_others():
    names = np.array([keys.name_key(f"parameter {i}") for i in range(9)], dtype=np.uint64)
    everyone = uniforms_for(1, 2, keys.PARAMETER, names)
    assert len(set(everyone)) == 9
    assert np.array_equal(uniforms_for(1, 2, keys.PARAMETER, names[[7, 3]]), everyone[[7, 3]])
    assert not np.array_equal(uniforms_for(1, 3, keys.PARAMETER, names), everyone)


def without_origin(program: Program, gone: int) -> Program:
    """The same program with one origin's cohorts taken out."""
    kept = program.origin != gone
    place = np.where(kept, np.cumsum(kept) - 1, -1)
    of_cohorts = {
        name: np.where(to >= 0, place[to], -1)[kept].astype(np.int32)
        for name, to in program._asdict().items()
        if name in ("parent", "father", "pass_to", "pass_half")
    }
    return program._replace(
        **of_cohorts,
        cell_key=program.cell_key[kept],
        origin=np.unique(program.origin[kept], return_inverse=True)[1].astype(np.int32),
        stratum=program.stratum[kept],
        open=program.open[:, kept],
        x_cohort=program.x_cohort[:, kept],
        total_cohort=program.total_cohort[:, kept],
        inflow_open=program.inflow_open[:, kept],
        quantity_cohort=program.quantity_cohort[:, kept],
        capacity=np.delete(program.capacity, gone, axis=1),
        n_origins=program.n_origins - 1,
    )


def test_taking_out_an_origin_changes_nobody_elses_random_numbers():
    sizes = Sizes(origins=4, roles=3, capacities=False, feedback=False, families=True)
    problem = random_problem(11, sizes)
    # origin effects are read by position, so they are left out here
    problem = replace(
        problem, program=problem.program._replace(term=problem.program.term[problem.program.term[:, 1] != 1])
    )
    program, gone = problem.program, 1
    path, _ = draw_shared_series(program, problem.theta, 5, 0)
    whole = run_trajectory(
        program, index(program), rate_factors(program, problem.theta, path), problem.start, problem.counters, 5, 0
    )
    fewer, kept = without_origin(program, gone), program.origin != gone
    part = run_trajectory(
        fewer,
        index(fewer),
        rate_factors(fewer, problem.theta, path),
        problem.start[kept],
        np.delete(problem.counters, gone, axis=1),
        5,
        0,
    )
    assert np.array_equal(part.final, whole.final[kept])
    assert np.array_equal(part.origins, np.delete(whole.origins, gone, axis=1))


def with_state(program: Program) -> Program:
    """The same program with one more state, put first, which nobody can reach or leave."""
    extra = np.array([keys.name_key(f"new {c}") for c in range(program.origin.size)], dtype=np.uint64)
    return program._replace(
        cell_key=np.column_stack([extra, program.cell_key]),
        first_edge=np.concatenate([[0], program.first_edge]).astype(np.int32),
        dest=program.dest + np.int32(1),
        total_state=np.pad(program.total_state, ((0, 0), (1, 0))),
        ration_place=np.pad(program.ration_place, ((0, 0), (1, 0))),
        inflow_state=program.inflow_state + np.int32(1),
        inflow_per=np.pad(program.inflow_per, ((0, 0), (1, 0))),
        pass_state=np.pad(program.pass_state, (1, 0)),
        quantity_state=np.pad(program.quantity_state, ((0, 0), (1, 0))),
    )


def test_adding_a_state_changes_nobodys_random_numbers():
    problem = random_problem(12, Sizes(roles=3, families=True))
    path, _ = draw_shared_series(problem.program, problem.theta, 5, 0)
    tabled = rate_factors(problem.program, problem.theta, path)
    one = run_trajectory(problem.program, index(problem.program), tabled, problem.start, problem.counters, 5, 0)
    more = with_state(problem.program)
    other = run_trajectory(more, index(more), tabled, np.pad(problem.start, ((0, 0), (1, 0))), problem.counters, 5, 0)
    assert np.array_equal(other.final[:, 1:], one.final)
    assert np.array_equal(other.world, one.world)


def test_one_more_person_is_at_most_one_more_anywhere_in_the_first_step():
    problem = random_problem(13, Sizes(capacities=False, feedback=False, choices=False, horizon=1))
    path, _ = draw_shared_series(problem.program, problem.theta, 5, 0)
    tabled, lists = rate_factors(problem.program, problem.theta, path), index(problem.program)
    base = run_trajectory(problem.program, lists, tabled, problem.start, problem.counters, 5, 0).final
    for s in range(problem.start.shape[1]):
        start = problem.start.copy()
        start[0, s] += 1
        more = run_trajectory(problem.program, lists, tabled, start, problem.counters, 5, 0).final
        assert np.array_equal(more[1:], base[1:])
        assert np.abs(more[0] - base[0]).sum() <= 5
