"""Counters count moves: which of them may count one person twice follows from where people can go."""

import pytest

from afterfall.case import open_case
from afterfall.model import Model, build
from afterfall.model.compile.home_quantities import ONCE

AGAIN = "; a second time counts again"


def within_reach(model: Model) -> dict[str, set[str]]:
    """States that a person in each state can come to be in, itself included."""
    steps: dict[str, set[str]] = {s.name: set() for s in model.states}
    for move in model.transitions:
        steps[move.source].add(move.dest)
    found = {}
    for start in steps:
        seen, waiting = {start}, [start]
        while waiting:
            new = steps[waiting.pop()] - seen
            seen |= new
            waiting += new
        found[start] = seen
    return found


@pytest.mark.parametrize("case", ["tiny", "isis-2017"])
def test_a_counter_says_whether_it_may_count_a_person_twice(case: str) -> None:
    model = build(open_case(case), horizon=1)
    reach = within_reach(model)
    for counter in (q for q in model.quantities if q.kind == "counter"):
        moves = [t for t in model.transitions if counter.name in t.counts]
        again = any(second.source in reach[first.dest] for first in moves for second in moves)
        assert again == counter.definition.endswith(AGAIN) == (counter.name not in ONCE), counter.name
