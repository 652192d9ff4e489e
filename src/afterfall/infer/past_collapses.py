"""Records of past collapses: the share of fighters dead at the end of each, with its error and date of publication.

The records are few, from poor sources, and some count fighters of any origin. They are read without JAX. The fit pools
them (`mortality_pool`), and each is left out in turn to assess the pool (`collapse_left_out`).
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from dataclasses import dataclass
from importlib.resources import files

from afterfall.case.dates import PartialDate
from afterfall.model.language.parameters import Z95

#: The pool on the logit scale: mean and standard deviation of its mean, standard deviation of the shift of settled
#: ends, and scale of the spread between collapses.
MEAN, MEAN_SD, SETTLED_SD = -1.0, 1.5, 1.0
BETWEEN_SCALE = 1.5


@dataclass(frozen=True, slots=True)
class Collapse:
    """Share of fighters dead at the end of a past collapse: its logit and error.

    `settled` says whether it ended in victory or by agreement.
    """

    case: str
    logit: float
    sd: float
    settled: bool


def past_collapses(as_of: dt.date) -> tuple[Collapse, ...]:
    """Past collapses with records published by a date."""
    text = files("afterfall.infer").joinpath("data/past_collapses.csv").read_text(encoding="utf-8")
    rows = [r for r in csv.DictReader(text.splitlines()) if PartialDate(r["published"]).last_day <= as_of]
    return tuple(
        Collapse(
            r["case"],
            logit(float(r["share"])),
            (logit(float(r["share_high"])) - logit(float(r["share_low"]))) / (2.0 * Z95),
            r["settled"] == "yes",
        )
        for r in rows
    )


def logit(share: float) -> float:
    """Log odds of a share."""
    return math.log(share / (1.0 - share))
