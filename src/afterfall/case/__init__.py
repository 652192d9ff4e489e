"""The case room: folders of plain files in, checked and dated facts out. Knows facts, not rates."""

from afterfall.case.case import Case, Tables
from afterfall.case.dates import PartialDate, as_day, months_between
from afterfall.case.records import (
    Covariate,
    Figure,
    Header,
    Hindsight,
    Holding,
    HoldingEvent,
    Neighbour,
    Organisation,
    Place,
    Policy,
    Prior,
    Region,
    Source,
    Theatre,
    Where,
)

__all__ = [
    "Case",
    "Covariate",
    "Figure",
    "Header",
    "Hindsight",
    "Holding",
    "HoldingEvent",
    "Neighbour",
    "Organisation",
    "PartialDate",
    "Place",
    "Policy",
    "Prior",
    "Region",
    "Source",
    "Tables",
    "Theatre",
    "Where",
    "as_day",
    "months_between",
]
