"""The declared model: everyone is counted once, children are kept out of harm, misfits are reported together."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from afterfall.model import Model, build
from afterfall.model.compile.assemble import StructureError, assemble
from afterfall.model.compile.quantities import FATES, PATHWAYS
from afterfall.model.language.path_vocabulary import SeriesPath
from afterfall.model.language.vocabulary import Choice, OnPath, Parameter, Part, Rate, State, Term, Transition


def test_every_state_counts_for_exactly_one_pathway_or_fate(tiny: Model) -> None:
    partition = [q for q in tiny.quantities if q.group in ("pathway", "fate")]
    for state in tiny.states:
        assert sum(state.name in q.states for q in partition) == 1, state.name
    assert {q.name for q in partition} == PATHWAYS.keys() | FATES.keys()


def test_forward_edges_go_forward_and_back_edges_are_marked(tiny: Model) -> None:
    order = {s.name: i for i, s in enumerate(tiny.states)}
    for t in tiny.transitions:
        assert t.back or order[t.dest] > order[t.source], f"{t.source} -> {t.dest}"


def test_children_are_never_sent_nor_given_a_disposition(tiny: Model) -> None:
    children = [i for i, c in enumerate(tiny.cohorts) if c.role == "minor"]
    barred = ("operative", "committed", "sympathiser", "adherent", "pacified", "prison")
    reachable = {tiny.transitions[e].dest for e in range(len(tiny.transitions)) if tiny.program.open[e][children].any()}
    assert not [s for s in reachable if s.startswith(barred)]
    assert "minor_home" in reachable


def test_only_fighters_are_sent(tiny: Model) -> None:
    others = [i for i, c in enumerate(tiny.cohorts) if c.role != "fighter"]
    sent = [e for e, t in enumerate(tiny.transitions) if t.dest.startswith("operative")]
    assert sent
    assert not tiny.program.open[np.ix_(sent, others)].any()


def test_edges_of_a_choice_lie_together(tiny: Model) -> None:
    program = tiny.program
    for s in range(len(tiny.states)):
        groups = [g for g in program.choice[program.first_edge[s] : program.first_edge[s + 1]] if g >= 0]
        changes = sum(a != b for a, b in pairwise(groups))
        assert changes == max(0, len(set(groups)) - 1)


def _part() -> Part:
    move = Transition("a", "b", Rate("go", (Term("speed"),)), "test", "goes")
    return Part((State("a", "a", "killed"), State("b", "b", "killed")), (move,), parameters=(SPEED,))


SPEED = Parameter("speed", "speed", "a month", "log", 0.1, 1.0)


def test_all_misfits_are_reported_at_once() -> None:
    part = _part()
    bad = replace(
        part,
        transitions=(
            *part.transitions,
            Transition("b", "a", Rate("return", (Term("missing"), OnPath(None, "nowhere"))), "test", "returns"),
            Transition("a", "c", Rate("go", ()), "test", "twice"),
        ),
    )
    with pytest.raises(StructureError) as caught:
        assemble([bad])
    message = str(caught.value)
    for part_of_it in (
        "'missing' is used",
        "unknown path 'nowhere'",
        "circle among: a, b",
        "'go' is declared twice",
        "'c'",
    ):
        assert part_of_it in message


def test_a_sound_part_is_accepted() -> None:
    assert [s.name for s in assemble([_part()]).states] == ["a", "b"]


def test_horizon_and_recorded_months_are_checked(tiny: Model) -> None:
    with pytest.raises(ValueError, match="at least 1 month"):
        build(tiny.case, horizon=0)
    with pytest.raises(ValueError, match=r"0\.\.12"):
        build(tiny.case, horizon=12, record_months=[13])


def test_a_choice_keeps_its_total(tiny: Model) -> None:
    names = {c.name for c in tiny.structure.choices}
    assert {t.choice.name for t in tiny.transitions if isinstance(t.choice, Choice)} == names


def test_the_hash_of_a_model_covers_what_drives_its_moves(tiny: Model) -> None:
    structure = tiny.structure
    path = next(p for p in structure.paths if isinstance(p, SeriesPath) and any(map(p.values, range(-24, 61))))
    doubled = replace(path, values=lambda month: 2.0 * path.values(month))
    other_paths = tuple(doubled if p is path else p for p in structure.paths)
    inflow = structure.inflows[0]
    fewer_terms = replace(inflow, rate=replace(inflow.rate, terms=inflow.rate.terms[:-1]))
    hashes = {
        replace(tiny, structure=replace(structure, **change)).model_hash
        for change in (
            {},
            {"paths": other_paths},
            {"inflows": (fewer_terms,)},
            {"dated_events": structure.dated_events[:-1]},
        )
    }
    assert len(hashes) == 4
    assert tiny.model_hash in hashes
