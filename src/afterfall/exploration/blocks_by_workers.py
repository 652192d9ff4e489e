"""Blocks of explored cases computed by the workers of a scheduler: a pure function of the plan and a number.

A worker builds the models from the plan, and refuses where they do not make the same request, or where the first case
does not come out bit for bit as it did on the machine that sent the plan.
"""

from __future__ import annotations

import hashlib
import platform
import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from afterfall.exploration.case_evaluator import CaseEvaluator, ExplorePlan, People32
from afterfall.exploration.designs import DesignKind
from afterfall.exploration.explore_folder import sealed
from afterfall.exploration.explore_request import explore_request
from afterfall.run.chunk_orders import OtherNumbers


@dataclass(frozen=True, eq=False)
class ExploreOrder:
    """All that workers need for the blocks of an exploration.

    Attributes
    ----------
    plan, design, scenarios
        What is explored.
    request_hash
        What the request must come to.
    first
        Digest of the first case, as it comes out on the machine that sends the order.
    number
        A name that no other order has.
    """

    plan: ExplorePlan = field(repr=False)
    design: DesignKind
    scenarios: int
    request_hash: str
    first: str
    number: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    def __hash__(self) -> int:
        return hash(self.number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExploreOrder) and self.number == other.number


def case_digest(people: People32) -> str:
    """Digest of the people of a case."""
    return hashlib.blake2b(f"{people.shape}".encode() + people.tobytes(), digest_size=16).hexdigest()


def block_on_worker(order: ExploreOrder, number: int) -> bytes:
    """One block of an order, as it is kept."""
    return sealed(_evaluator(order).block(number), f"{order.request_hash}/{number}")


#: Several threads of one worker may begin at once; machine code and models are made once.
_ONE_AT_A_TIME = Lock()


def _evaluator(order: ExploreOrder) -> CaseEvaluator:
    with _ONE_AT_A_TIME:
        return _checked(order)


@lru_cache(maxsize=1)
def _checked(order: ExploreOrder) -> CaseEvaluator:
    """The evaluator of an order.

    Raises
    ------
    OtherNumbers
        If it is not that of the machine that sent the order.
    """
    evaluator = CaseEvaluator.of(order.plan)
    if explore_request(evaluator, order.design, order.scenarios).hash != order.request_hash:
        raise OtherNumbers(
            f"{platform.node()} builds other models from the case: install the same version of afterfall there"
        )
    if case_digest(evaluator.ready()) != order.first:
        raise OtherNumbers(
            f"{platform.node()} computes other numbers from the same versions ({platform.processor()}): its processor "
            "or its mathematical library differs"
        )
    return evaluator
