"""The numbers of a run for the world or one country at one month, behind every table, chart and JSON object.

An `Outlook` is plain data taken from a `Run` once, so that the figure, the table and the sentence agree. Means add up
across pathways and fates; medians need not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from afterfall.case.problems import Problem
from afterfall.report.forecast.breaks_in_run import CustodyOutlook
from afterfall.report.forecast.breaks_outlook import BreaksOutlook
from afterfall.report.forecast.custody_outlook import HeldAt
from afterfall.report.forecast.foundings_outlook import FoundingsOutlook
from afterfall.report.forecast.next_counts import NextCount
from afterfall.report.forecast.organisation_outlook import OrganisationsOutlook
from afterfall.report.kit.spread import Spread
from afterfall.report.kit.stamp import Stamp

Floats = npt.NDArray[np.float64]

#: Dots of a quantile dot plot; each is a 1-in-20 chance.
DOTS = 20
#: Months within which the chance of a fall is shown, besides the horizon.
SOON = (6, 12, 24)


@dataclass(frozen=True, slots=True)
class OutlookLine:
    """One quantity: at the as-of date (`now`), at the asked month (`then`), and over time.

    `dots` are its quantiles at the middle of twenty equal chances, shape ``(20,)``; `fan` its quantiles at `FAN_LEVELS`
    (`afterfall.run.quantile_levels`) by recorded month, shape ``(5, len(months))``. Both in people. `anyone` is the
    probability at the asked month that there is at least one person: what to print of a rare thing, whose median is
    zero.
    """

    code: str
    label: str
    now: Spread
    then: Spread
    dots: Floats
    fan: Floats
    anyone: float
    hindsight: bool = False


@dataclass(frozen=True, slots=True)
class Fall:
    """When one stronghold still held at the as-of date falls.

    `within` is the probability within the horizon. The months are those of the fall (median and 90 % interval),
    infinite where they lie beyond the horizon. `by` has the probability of having fallen within each of `SOON` months
    that the horizon includes. `operation` says who attacks it, where an announced operation is under way on the as-of
    date; empty otherwise.
    """

    name: str
    label: str
    within: float
    median: float
    low90: float
    high90: float
    by: Mapping[int, float] = field(default_factory=dict)
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Overflow:
    """Unmet demand for a capacity, in people a month: mean over the run, and mean of its worst month."""

    name: str
    label: str
    mean: float
    largest: float


@dataclass(frozen=True, slots=True)
class Priors:
    """How many parameters the model has, and which of them rest on a wide default with no source (`uninformed`)."""

    parameters: int
    uninformed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """All numbers of one place at month `at`.

    `country` is the place code of an origin, or None for the world; `months` are those at which the fans are recorded.
    `total` and `total_now` are everyone who travelled or was born in the theatre, at `at` and at the as-of date.
    `largest` maps each pathway to the share of simulations in which it is the largest of the five at `at`. `counts` are
    forecasts of published counts for `at`; empty where they were not asked for. `warnings` are
    those of rows of the case that the numbers rest on. `custody` says who is held by whom; `there` are the people in
    the theatre, held by each custodian and born, over time. Both are empty where a run does not count them. `foundings`
    are first presences in the countries of the world; None for one country, and for a case that is not of this world.
    `breaks` are breaks of custody by custodian; None for one country, and where no custodian is at risk.
    """

    stamp: Stamp
    title: str
    country: str | None
    country_name: str
    at: int
    at_date: dt.date
    months: tuple[int, ...]
    total: Spread
    total_now: Spread
    pathways: tuple[OutlookLine, ...]
    fates: tuple[OutlookLine, ...]
    counters: tuple[OutlookLine, ...]
    falls: tuple[Fall, ...]
    overflow: tuple[Overflow, ...]
    largest: Mapping[str, float]
    priors: Priors
    organisations: OrganisationsOutlook | None = None
    counts: tuple[NextCount, ...] = ()
    warnings: tuple[Problem, ...] = ()
    custody: tuple[HeldAt, ...] = ()
    there: tuple[OutlookLine, ...] = ()
    foundings: FoundingsOutlook | None = None
    breaks: BreaksOutlook | None = None
    custody_events: CustodyOutlook | None = None

    @property
    def who(self) -> str:
        """The place in words."""
        return self.country_name if self.country else "the world"
