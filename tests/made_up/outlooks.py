"""A made-up outlook with known numbers, for tests of charts and tables."""

from __future__ import annotations

import datetime as dt

import numpy as np

from afterfall.report.forecast.outlook import (
    DOTS,
    Fall,
    Outlook,
    OutlookLine,
    Overflow,
    Priors,
)
from afterfall.report.kit.spread import Spread
from afterfall.report.kit.stamp import Stamp
from afterfall.run.quantile_levels import FAN_LEVELS, low_median_high

LABELS = {
    "disengage": "left the battle, home",
    "remain": "stay in the theatre after the fall",
    "defect": "with a rival of the region",
    "relocate": "with an offshoot elsewhere",
    "dispatch": "sent to attack",
    "killed": "killed",
    "detained": "detained in or near the theatre",
    "returned_at_risk": "returned, at risk",
    "returned": "returned so far",
    "travelled": "travelled so far",
}
TOTAL = 40_000.0


def made_up(country: str | None = None, scale: float = 1.0, horizon: int = 60) -> Outlook:
    """An outlook whose quantities are lognormal around fixed medians (people)."""
    months = tuple(range(horizon + 1))
    medians = {"disengage": 5100, "remain": 6800, "defect": 2600, "relocate": 1900, "dispatch": 300}
    fates = {"killed": 14000, "detained": 4000, "returned_at_risk": 3000}
    stamp = Stamp(
        "isis-2017",
        "ab12cd34ef567890",
        "0.1",
        "cd34ef5678901234",
        dt.date(2017, 2, 13),
        horizon,
        1000,
        20170213,
        "3fa9c1d2e4b5",
        "prior",
        "afterfall forecast isis-2017",
    )
    return Outlook(
        stamp=stamp,
        title="Islamic State in Iraq and Syria, February 2017",
        country=country,
        country_name="Canada" if country else "",
        at=horizon,
        at_date=dt.date(2022, 2, 13),
        months=months,
        total=Spread(TOTAL * scale, TOTAL * scale, 36_000 * scale, 45_000 * scale, 1.0),
        total_now=Spread(TOTAL * scale, TOTAL * scale, 36_000 * scale, 45_000 * scale, 1.0),
        pathways=tuple(line(c, m * scale, months) for c, m in medians.items()),
        fates=tuple(line(c, m * scale, months) for c, m in fates.items()),
        counters=(line("travelled", TOTAL * scale, months), line("returned", 9000 * scale, months)),
        falls=(
            Fall("mosul", "Mosul", 0.99, 6.0, 2.0, 19.0),
            Fall("raqqa", "Raqqa", 0.93, 11.0, 3.0, float("inf")),
            Fall("rest-of-territory", "rest of the territory", 0.41, float("inf"), 9.0, float("inf")),
        ),
        overflow=(Overflow("repatriation", "people an origin will repatriate in a month", 12.3, 87.0),),
        largest={"disengage": 0.3, "remain": 0.52, "defect": 0.1, "relocate": 0.08, "dispatch": 0.0},
        priors=Priors(104, tuple(f"parameter.{i}" for i in range(61))),
    )


def line(code: str, median: float, months: tuple[int, ...]) -> OutlookLine:
    """A lognormal quantity growing to `median` (people) at the last month, with log standard deviation 0.5."""
    rng = np.random.default_rng([ord(c) for c in code])
    grow = np.array([0.15 + 0.85 * (1 - np.exp(-m / 18)) for m in months]) / (
        0.15 + 0.85 * (1 - np.exp(-months[-1] / 18))
    )
    noise = np.exp(rng.normal(0.0, 0.5, 2000))
    fan = np.quantile(np.outer(noise, grow * median), FAN_LEVELS, axis=0, method="inverted_cdf")
    last = noise * median
    dots = np.quantile(last, (np.arange(DOTS) + 0.5) / DOTS, method="inverted_cdf")
    return OutlookLine(code, LABELS[code], spread(last * grow[0]), spread(last), dots, fan, float((last >= 1).mean()))


def spread(values: np.ndarray) -> Spread:
    """Mean, median, 90 % interval and share of the made-up total."""
    low, median, high = low_median_high(values)
    return Spread(float(values.mean()), median, low, high, float(values.mean()) / TOTAL)
