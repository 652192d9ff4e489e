"""Which custodians of a case may have a break of 20 or more people, and how often.

A custodian here is all that one captor holds: its prisons and its camps are one row, because the reference class does
not distinguish them. Those who hold people stopped on the way only (a state nearby) are left out: the class counts
countries with an active organisation. Rates are those of `afterfall.model.mechanisms.learned_breaks`.

Unit: breaks per year.
"""

from __future__ import annotations

from dataclasses import dataclass

from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.learned_breaks import captor_risks


@dataclass(frozen=True, slots=True)
class CustodianRisk:
    """A captor's custody: its label, the quantities that count its people, and its record in the reference class.

    `record` names the group of the class whose record it has; `events` and `years` are what was counted there,
    unweighted. `rate` are draws of breaks a year, ``(draw,)``.
    """

    label: str
    quantities: tuple[str, ...]
    record: str
    events: int
    years: float
    rate: Floats


def custodians_at_risk(model: Model) -> tuple[CustodianRisk, ...]:
    """The captors of a case and the rates of their breaks; none without a reference class or without captors."""
    view = model.view
    return tuple(
        CustodianRisk(
            label="; ".join(view.name(c) for c in risk.captor.custodians),
            quantities=tuple(detained_state(c) for c in risk.captor.custodians),
            record=risk.record,
            events=risk.events,
            years=risk.years,
            rate=risk.rate,
        )
        for risk in captor_risks(view)
    )
