"""What workers are sent to compute chunks of runs, and what they do with it.

An *order* holds the case, the settings and the posterior of some runs as plain data. A worker builds the models from
it. It refuses where they do not make the same requests, or where one simulation does not come out bit for bit as it did
on the machine that sent the order. It returns each chunk packed as it is kept: for a run folder that is the content of
the chunk's file, a small part of the arrays.
"""

from __future__ import annotations

import hashlib
import platform
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from afterfall.case import Case
from afterfall.model import Model, build, under_policy
from afterfall.model.levers import Policy
from afterfall.posterior import Posterior
from afterfall.run.chunk import simulate, simulate_chunk
from afterfall.run.conditional_series import SeriesPlan
from afterfall.run.errors import RunError
from afterfall.run.request import Request, request_of
from afterfall.run.run_layout import Batch
from afterfall.run.run_making import Making, Packing
from afterfall.run.starting_states import StartingStates

#: Orders whose models a worker keeps.
KEPT_ORDERS = 2
#: Position of a run in its order, a chunk of it as packed, and the number of simulations in it.
Packed = tuple[int, Any, int]


class OtherNumbers(RunError):
    """A worker that does not compute the same run as this machine."""


@dataclass(frozen=True)
class Side:
    """One run of an order.

    Attributes
    ----------
    case, policy, fixed, posterior
        What its model is built from, and its parameters drawn from.
    request
        What the model must come to.
    series
        Shared series, where the forecast is conditional.
    packing
        What is sent back of a chunk.
    """

    case: Case = field(repr=False)
    policy: Policy
    fixed: tuple[tuple[str, float], ...]
    posterior: Posterior | None = field(repr=False)
    request: Request
    series: SeriesPlan | None = field(repr=False)
    packing: Packing = field(repr=False)

    @classmethod
    def of(cls, making: Making) -> Side:
        """The side that makes a run."""
        job = making.job
        model = job.model
        return cls(model.case, model.levers_set, model.held_at, job.posterior, job.request, job.series, making.packing)


@dataclass(frozen=True, eq=False)
class Order:
    """All that workers need for the chunks of some runs; plain data.

    Attributes
    ----------
    sides
        The runs.
    first
        Digest of simulation 0 of the first of them, as it comes out on the machine that sends the order.
    number
        A name that no other order has.
    """

    sides: tuple[Side, ...]
    first: str
    number: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    def __hash__(self) -> int:
        return hash(self.number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Order) and self.number == other.number


def digest_of(batch: Batch) -> str:
    """Digest of all arrays of a batch."""
    digest = hashlib.blake2b(digest_size=16)
    for name, array in batch.arrays().items():
        digest.update(f"{name}:{array.dtype.str}:{array.shape}:".encode() + array.tobytes())
    return digest.hexdigest()


def first_simulation(model: Model, request: Request, posterior: Posterior | None, series: SeriesPlan | None) -> str:
    """Digest of simulation 0 of a run."""
    return digest_of(simulate(model, seed=request.seed, trajectories=[0], posterior=posterior, series=series))


def chunk_on_worker(order: Order, number: int, which: Sequence[int]) -> list[Packed]:
    """One chunk of some runs of an order.

    Runs of one case share their starting states, which are drawn once.

    Returns
    -------
    list
        For each run: its position, its chunk as packed, and the number of simulations in it.
    """
    models = _models(order)
    starts: dict[int, StartingStates] = {}
    found = []
    for i in which:
        side, model = order.sides[i], models[i]
        given: dict[str, Any] = {"series": side.series}
        if side.series is None and len(which) > 1:
            given = {"starts": starts.setdefault(id(model.case), StartingStates(model.case))}
        batch = simulate_chunk(model, side.request, number, posterior=side.posterior, **given)
        found.append((i, side.packing.pack(number, batch), len(batch.lost)))
    return found


#: Several threads of one worker may begin at once; machine code and models are made once.
_ONE_AT_A_TIME = Lock()


def _models(order: Order) -> tuple[Model, ...]:
    with _ONE_AT_A_TIME:
        return _built(order)


@lru_cache(maxsize=KEPT_ORDERS)
def _built(order: Order) -> tuple[Model, ...]:
    """The models of an order, checked.

    Raises
    ------
    OtherNumbers
        If they are not those of the machine that sent it.
    """
    plain: dict[tuple[int, int, tuple[int, ...]], Model] = {}
    models = []
    for side in order.sides:
        asked = side.request
        like = id(side.case), asked.horizon, asked.record_months
        if like not in plain:
            plain[like] = build(side.case, horizon=asked.horizon, record_months=asked.record_months)
        model = under_policy(plain[like], side.policy, fixed=dict(side.fixed)) if asked.policy else plain[like]
        _refuse_other(side, model)
        models.append(model)
    one = order.sides[0]
    if first_simulation(models[0], one.request, one.posterior, one.series) != order.first:
        raise OtherNumbers(
            f"{platform.node()} computes other numbers from the same versions ({platform.processor()}): its processor "
            "or its mathematical library differs"
        )
    return tuple(models)


def _refuse_other(side: Side, model: Model) -> None:
    """Refuse a model that does not make the request."""
    asked = side.request
    here = request_of(
        model,
        trajectories=asked.trajectories,
        seed=asked.seed,
        chunk_size=asked.chunk_size,
        posterior=side.posterior,
        given=asked.given,
    )
    changed = asked.differences(here)
    if changed:
        raise OtherNumbers(
            f"{platform.node()} builds another model from the case: {', '.join(changed)} differ. Install the same "
            "version of afterfall there. A model that was changed by hand cannot be sent"
        )
