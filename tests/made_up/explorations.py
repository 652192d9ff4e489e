"""Explorations whose people are given, so that what follows from them can be written by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from afterfall.case import open_case
from afterfall.exploration.assumptions import Assumption
from afterfall.exploration.case_evaluator import ExplorePlan
from afterfall.exploration.designs import DesignKind
from afterfall.exploration.explore_request import ExploreRequest
from afterfall.exploration.explored import Exploration
from afterfall.model.levers import AS_NOW
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_texts import Option
from afterfall.run.provenance import Provenance
from afterfall.run.request import Request

QUANTITIES = ("undetected", "disengage", "killed_so_far", "born")
OUTCOMES = (Endpoint("undetected", "less", "home"), Endpoint("disengage", "more", "home"))


def assumption(name: str = "x", low: float = 0.0, high: float = 1.0) -> Assumption:
    """An assumption on the natural scale, whose prior spans its range."""
    return Assumption(name, f"how much of {name}", "share", "natural", low, high, low, high, "uninformed")


def exploration(
    values: npt.ArrayLike,
    undetected: npt.ArrayLike,
    *,
    killed: npt.ArrayLike | None = None,
    options: Sequence[str] = ("now", "a", "b"),
    design: DesignKind = "lhs",
) -> Exploration:
    """An exploration of whole numbers.

    Parameters
    ----------
    values
        Values of the assumptions ``(scenario, assumption)``.
    undetected, killed
        People ``(scenario, option)``, or with a last axis of simulations.
    """
    given = [np.asarray(one) for one in (undetected, 0 if killed is None else killed)]
    rows, names = np.asarray(values, dtype=float), [f"x{i + 1}" for i in range(np.asarray(values).shape[1])]
    shape = given[0].shape if given[0].ndim == 3 else (*given[0].shape, 1)
    people = np.zeros((*shape, len(QUANTITIES), 2), dtype=np.int32)
    for place, one in ((0, given[0]), (2, given[1])):
        people[..., place, :] = np.broadcast_to(one.reshape(*one.shape, *[1] * (3 - one.ndim)), shape)[..., None]
    case = open_case("tiny")
    plan = ExplorePlan(
        case=case,
        options=tuple(Option(name, AS_NOW) for name in options),
        assumptions=tuple(assumption(name) for name in names),
        values=rows,
        country=None,
        month=12,
        horizon=12,
        simulations=shape[2],
        seed=1,
        posterior=None,
        block=8,
    )
    run = Request(
        case="tiny",
        case_hash="",
        as_of=case.as_of,
        model_version="",
        model_hash="",
        program_hash="",
        code_hash="",
        horizon=12,
        record_months=(12,),
        trajectories=shape[2],
        seed=1,
    )
    return Exploration(
        plan=plan,
        request=ExploreRequest(run, None, 12, (), (), design, len(rows), 8, "", QUANTITIES),
        outcomes=OUTCOMES,
        quantities=QUANTITIES,
        labels={name: name for name in QUANTITIES},
        counters=frozenset({"killed_so_far"}),
        people=people,
        provenance=Provenance(
            command="",
            started="",
            finished="",
            host="",
            system="",
            versions={},
            threads=1,
            chunks_found=0,
            chunks_computed=1,
        ),
    )
