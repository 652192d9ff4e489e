"""When strongholds fell, for readers: in one plain sentence how many were expected to fall and did, and as JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from afterfall.evaluate.events.stronghold_falls import FallCount, Falls
from afterfall.report.kit.number_formats import interval, two_figures

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def fall_sentence(as_of: dt.date, count: FallCount) -> str:
    """How many strongholds the forecast expected to fall by a month, with its 90 % interval, and how many fell.

    >>> count = FallCount(month=10, mean=4.2, low90=1, high90=8, fallen=12, holdings=12)
    >>> fall_sentence(dt.date(2017, 2, 13), count)[36:]
    'expected 4 of 12 strongholds (90% interval 1–8) to fall within ten months; all 12 fell.'
    """
    months = f"{_SMALL[count.month] if count.month < len(_SMALL) else count.month} month{'s' * (count.month != 1)}"
    of = f"{count.holdings} stronghold{'s' * (count.holdings != 1)}"
    return (
        f"As of {as_of.day} {as_of:%B} {as_of.year} the forecast expected {_expected(count.mean)} of {of} "
        f"(90% interval {interval(count.low90, count.high90)}) to fall within {months}; {_fell(count)} fell."
    )


def strongholds_json(falls: Falls) -> dict[str, Any]:
    """The opponents of all strongholds together, and how many were expected to fall, for JSON."""
    return {
        "campaign": falls.campaign,
        "brier": falls.brier,
        "opponent_months": falls.opponent.window,
        "constant_hazards": [
            {"months": b.window, "hazard": b.hazard, "brier": b.brier, "log_score": b.log_score}
            for b in falls.baselines
        ],
        "count": None if falls.count is None else asdict(falls.count),
    }


def _expected(mean: float) -> str:
    """A mean number of strongholds: whole, but with a decimal below one."""
    return two_figures(round(mean)) if mean >= 1 else f"{mean:.1f}"


def _fell(count: FallCount) -> str:
    if not count.fallen:
        return "none"
    if count.fallen < count.holdings:
        return str(count.fallen)
    return "it" if count.holdings == 1 else "both" if count.holdings == 2 else f"all {count.holdings}"
