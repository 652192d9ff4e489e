"""Numbers as people read them: two significant figures, thousands separators, chances in words of counting.

Everything printed for people goes through here; machines get the unrounded values (see `json_number`). Counts that
someone published and that fall under 5 print as ``<5``; forecast quantiles are never hidden that way, because zero must
be able to stand in an interval.
"""

from __future__ import annotations

import datetime as dt
import math

#: What is printed where there is no number.
NOTHING = "–"
#: Month names that do not depend on the machine's locale.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Published counts below this print as "<5".
SMALL_CELL = 5


def two_figures(value: float) -> str:
    """A number to two significant figures with thousands separators; a missing one prints as a dash.

    >>> two_figures(17432), two_figures(86.4), two_figures(3.0), two_figures(0.0344), two_figures(float("nan"))
    ('17,000', '86', '3', '0.034', '–')
    """
    if not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    rounded = float(f"{value:.1e}")
    decimals = max(0, 1 - math.floor(math.log10(abs(rounded))))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def published_count(value: float) -> str:
    """A count that a source published: as `two_figures`, but anything above 0 and under 5 prints as ``<5``."""
    return f"<{SMALL_CELL}" if 0 < value < SMALL_CELL else two_figures(value)


def interval(low: float, high: float) -> str:
    """A range in figures; ``–`` between, ``to`` where a bound is negative, one number where both round to it.

    >>> interval(2041, 11120), interval(-130, 8)
    ('2,000–11,000', '-130 to 8')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    joint = " to " if low < 0 or high < 0 else "–"
    ends = dict.fromkeys((two_figures(low), two_figures(high)))
    return joint.join(ends)


def share(value: float) -> str:
    """A share as a percentage: whole numbers, with ``<1%`` and ``>99%`` at the ends.

    >>> share(0.314), share(0.004), share(0.0), share(0.997)
    ('31%', '<1%', '0%', '>99%')
    """
    if not math.isfinite(value):
        return NOTHING
    value = round(value, 9)  # a sum of shares may miss 1 by a rounding error
    if 0 < value < 0.01:
        return "<1%"
    if 0.99 < value < 1:
        return ">99%"
    return f"{100 * value:.0f}%"


def chance(probability: float, trajectories: int) -> str:
    """A probability estimated from simulated futures, counted out of 100 or, when rare, out of 1,000.

    None of the futures, or all of them, is said as such: a simulation of 1,000 cannot tell one in a million from never.

    >>> chance(0.31, 1000), chance(0.003, 1000), chance(0.0, 1000), chance(1.0, 1000)
    ('31 in 100', 'about 3 in 1,000', 'none of 1,000', 'all of 1,000')
    """
    if not math.isfinite(probability):
        return NOTHING
    if probability <= 0:
        return f"none of {trajectories:,}"
    if probability >= 1:
        return f"all of {trajectories:,}"
    if probability < 0.01:
        return f"about {two_figures(1000 * probability)} in 1,000"
    if probability > 0.99:
        return "more than 99 in 100"
    return f"{100 * probability:.0f} in 100"


def day(date: dt.date) -> str:
    """A date in words, ``13 Feb 2017``."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def month_year(date: dt.date) -> str:
    """The month of a date in words, ``Feb 2017``."""
    return f"{MONTHS[date.month - 1]} {date.year}"


def json_number(value: float) -> float | None:
    """A number as JSON can hold it: NaN and the infinities become None."""
    number = float(value)
    return number if math.isfinite(number) else None
