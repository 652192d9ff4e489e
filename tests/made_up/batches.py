"""A made-up model and made-up trajectories: what the run room reads of a model, without compiling anything.

The numbers follow from the seed and the trajectory's index alone, as those of the real kernel do, so that tests of
files, resumption and tables need no simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from afterfall.run.request import Request
from afterfall.run.run_layout import Batch, labels, sums_in

if TYPE_CHECKING:
    from afterfall.run.result import Run


class Quantity(NamedTuple):
    """What the run room reads of a quantity."""

    name: str
    label: str
    kind: str
    definition: str
    group: str
    states: frozenset[str] = frozenset()
    hindsight: bool = False
    unit: str = "people"
    roles: None = None


HORIZON = 6
EVERYWHERE = frozenset({"home", "theatre", "dead", "held"})
ORIGINS = {"AAA": "Arda", "BBB": "Brom"}
RECORD = (0, 3, 6)
QUANTITIES = (
    Quantity("disengage", "left the battle, home", "stock", "home", "pathway", frozenset({"home"})),
    Quantity("remain", "stay in the theatre", "stock", "underground", "pathway", frozenset({"theatre"})),
    Quantity("killed", "killed", "stock", "dead", "fate", frozenset({"dead"})),
    Quantity("detained", "detained", "stock", "held", "fate", frozenset({"held"}), hindsight=True),
    Quantity("everyone", "everyone who travelled or was born there", "stock", "everyone", "detail", EVERYWHERE),
    Quantity("travelled", "travelled so far", "counter", "everyone", "counter"),
)
BANDS = (
    SimpleNamespace(
        name="league", label="League", kind="core", place="theatre", parent=None, descended=False, published=True
    ),
    SimpleNamespace(
        name="new-AAA",
        label="new offshoot: Arda",
        kind="founded",
        place="AAA",
        parent="league",
        descended=True,
        published=False,
    ),
)
EVENTS = (
    SimpleNamespace(
        name="new-AAA", label="founded: Arda", kind="founding", gives=None, takes="new-AAA", ends=False, band=None
    ),
    SimpleNamespace(
        name="retaking.raq", label="Raq recaptured", kind="retaking", gives=None, takes=None, ends=False, band="league"
    ),
)
SLOW = (SimpleNamespace(name="reach", label="reach of the ideology"),)
HOLDINGS = {"raq": "Raq", "mos": "Mos", "gone": "lost before"}


def model(**changes: Any) -> Any:
    """What the run room reads of a model."""
    dated_events = tuple(SimpleNamespace(name=name, label=label) for name, label in HOLDINGS.items())
    made = {
        "case": SimpleNamespace(
            id="made-up",
            title="A made-up case",
            as_of=date(2017, 1, 31),
            warnings=(),
            beyond_data="",
            names=("made-up",),
        ),
        "view": SimpleNamespace(name=lambda place: ORIGINS.get(place, place)),
        "organisations": BANDS,
        "events": EVENTS,
        "organisation_set": SimpleNamespace(slow=SLOW),
        "structure": SimpleNamespace(
            dated_events=dated_events, capacities=(SimpleNamespace(name="courts", label="courts"),)
        ),
        "program": SimpleNamespace(origin_month=np.array(RECORD, dtype=np.int32)),
        "quantities": QUANTITIES,
        "origins": tuple(ORIGINS),
        "holdings": tuple(HOLDINGS),
        "custody_breaks": (),
        "parameter_names": ("leave.home", "kill"),
        "horizon": HORIZON,
    }
    return SimpleNamespace(**{**made, **changes})


def request(**changes: Any) -> Request:
    """A request for the made-up model: 7 trajectories in chunks of 3."""
    fields: dict[str, Any] = {
        "case": "made-up",
        "case_hash": "c" * 16,
        "as_of": date(2017, 1, 31),
        "model_version": "0",
        "model_hash": "m" * 16,
        "program_hash": "p" * 16,
        "code_hash": "s" * 16,
        "horizon": HORIZON,
        "record_months": RECORD,
        "trajectories": 7,
        "seed": 11,
        "chunk_size": 3,
    }
    return Request(**{**fields, **changes})


def simulate(_model: Any, *, seed: int, trajectories: Sequence[int], posterior: None = None) -> Batch:  # noqa: ARG001
    """Trajectories by index: people spread over four places, one of three holdings lost beforehand."""
    rows = [_trajectory(seed, index) for index in trajectories]
    return Batch(*(np.stack(column) for column in zip(*rows, strict=True)))


def _trajectory(seed: int, index: int) -> tuple[np.ndarray, ...]:
    generator = np.random.default_rng([seed, index])
    people = generator.integers(0, 50, size=(HORIZON + 1, len(ORIGINS), 4))
    origins = np.concatenate([people, *[people.sum(axis=-1, keepdims=True)] * 2], axis=-1)
    lost = np.array([*generator.integers(1, HORIZON + 2, size=2), 0])
    overflow = generator.exponential(3.0, size=(HORIZON + 1, 1))
    return (
        origins.sum(axis=1).astype("<i8"),
        origins[list(RECORD)].astype("<i4"),
        lost.astype("<i4"),
        generator.integers(0, 3, size=(len(RECORD), len(ORIGINS), 1)).astype("<i4"),
        overflow,
        generator.normal(size=2),
        *_organisations(generator),
    )


def _organisations(generator: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Strength and foreigners of two organisations, one founded in some month, its events and a slow stock."""
    strength, founded = generator.integers(20, 90, size=(HORIZON + 1, len(BANDS))), generator.integers(1, HORIZON + 2)
    strength[:founded, 1] = 0
    events = np.array([founded, generator.integers(1, HORIZON + 2)])
    slow = np.exp(generator.normal(size=(HORIZON + 1, len(SLOW))))
    return strength.astype("<i4"), (strength // 4).astype("<i4"), events.astype("<i4"), slow


def attributes(asked: Request) -> dict[str, Any]:
    """Attributes of an assembled run, in short."""
    return {"title": "A made-up case", "as_of": asked.as_of.isoformat(), "run": asked.hash}


def stand_in(patch: Callable[[Any, str, Any], None]) -> None:
    """Let `forecast` take the made-up model; `patch` is ``setattr`` or ``monkeypatch.setattr``."""
    from afterfall.run import forecasting

    def simulate_chunk(made: Any, asked: Request, number: int, **_: Any) -> Batch:
        return simulate(made, seed=asked.seed, trajectories=asked.chunk(number))

    def request_of(_: Any, posterior: None, **asked: Any) -> Request:
        assert posterior is None
        return request(**asked)

    patch(forecasting, "Model", SimpleNamespace)
    patch(forecasting, "simulate", simulate)
    patch(forecasting, "simulate_chunk", simulate_chunk)
    patch(forecasting, "request_of", request_of)
    patch(forecasting, "posterior_from", lambda *_: None)
    patch(forecasting, "_first_stage", lambda: "preparing")


def forecast(folder: Path | str | None, **changes: Any) -> Run:
    """Forecast the made-up model: 7 trajectories in chunks of 3."""
    from afterfall.run.forecasting import forecast

    asked: dict[str, Any] = {"trajectories": 7, "chunk_size": 3, "seed": 11, "command": "made up"}
    return forecast(model(), run_dir=folder, **{**asked, **changes})


LABELS = labels(model())
SUMS = sums_in(LABELS)
