"""Numbers as people read them: two significant figures, thousands separators, chances as frequencies.

Everything printed for people goes through here; machines get the unrounded values (see `json_registry`). Counts that
someone published and that fall under 5 print as ``<5``; forecast quantiles are never hidden that way, because zero must
be able to stand in an interval.
"""

from __future__ import annotations

import datetime as dt
import math

#: Outside these, a probability is counted in thousands, and has no word of likelihood.
RAREST, SUREST = 0.01, 0.99
#: What is printed where there is no number.
NOTHING = "–"
#: Month names that do not depend on the machine's locale.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_IN_FULL = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: Published counts below this print as "<5".
SMALL_CELL = 5
#: Stands under every number on people.
GROUPS_ONLY = "About groups, never about persons."
#: A difference under this prints as 0.
NO_DIFFERENCE = 0.005


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


def large(value: float) -> str:
    """A large amount to two significant figures, in thousands (k) or millions (m) from ten thousand on.

    >>> large(64_123_456), large(-250_000), large(4_200.0), large(0.0)
    ('64m', '-250k', '4,200', '0')
    """
    for factor, sign in ((1e6, "m"), (1e3, "k")):
        rounded = float(f"{value:.1e}") if math.isfinite(value) else value
        if math.isfinite(rounded) and abs(rounded) >= (1e6 if sign == "m" else 1e4):
            return two_figures(rounded / factor) + sign
    return two_figures(value)


def large_range(low: float, high: float) -> str:
    """A range of large amounts.

    >>> large_range(-64e6, 14e6), large_range(31_000, 510_000)
    ('-64m to 14m', '31k–510k')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    ends = dict.fromkeys((large(low), large(high)))
    return (" to " if low < 0 or high < 0 else "–").join(ends)


def published_count(value: float) -> str:
    """A count as a source published it, to the person; anything above 0 and under 5 prints as ``<5``.

    >>> published_count(185), published_count(3), published_count(27.5)
    ('185', '<5', '27.5')
    """
    return f"<{SMALL_CELL}" if 0 < value < SMALL_CELL else f"{value:,.1f}".removesuffix(".0")


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


def median_range(median: float, low: float, high: float) -> str:
    """A median with its range, ``29 (12–66)``; one number where all three are equal.

    >>> median_range(29, 12, 66), median_range(0, 0, 0)
    ('29 (12–66)', '0')
    """
    if low == median == high:
        return two_figures(median)
    return f"{two_figures(median)} ({interval(low, high)})"


def signed(value: float) -> str:
    """A difference to two significant figures with its sign; what is less than `NO_DIFFERENCE` prints as 0.

    >>> signed(12.3), signed(-0.001)
    ('+12', '0')
    """
    text = two_figures(abs(value)) if abs(value) >= NO_DIFFERENCE else "0"
    return text if text in ("0", NOTHING) else ("+" if value > 0 else "-") + text


def decimals(value: float) -> str:
    """A score or skill with two decimals; a dash where there is none."""
    return f"{value:.2f}" if math.isfinite(value) else NOTHING


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
    """A probability estimated from simulations, counted out of 100 or, when rare, out of 1,000.

    None and all are printed as such: 1,000 simulations cannot tell one in a million from never.

    >>> chance(0.31, 1000), chance(0.003, 1000), chance(0.0, 1000), chance(1.0, 1000)
    ('31 in 100', 'about 3 in 1,000', 'none of 1,000', 'all of 1,000')
    """
    if not math.isfinite(probability):
        return NOTHING
    if probability <= 0:
        return f"none of {trajectories:,}"
    if probability >= 1:
        return f"all of {trajectories:,}"
    if probability < RAREST:
        return f"about {two_figures(1000 * probability)} in 1,000"
    if probability > SUREST:
        return "more than 99 in 100"
    return f"{100 * probability:.0f} in 100"


def rare_share(probability: float) -> str:
    """A probability as a percentage; below 1 %, as a frequency in a thousand or a larger power of ten.

    For probabilities that are computed and not counted, and so may be far below one simulation.

    >>> rare_share(0.31), rare_share(0.0031), rare_share(0.000042), rare_share(0.0)
    ('31%', 'about 3 in 1,000', 'about 4 in 100,000', 'none')
    """
    if probability >= RAREST:
        return share(probability)
    if probability <= 1e-9:
        return "none"
    base = 1000
    while probability * base < 1.0:
        base *= 10
    return f"about {probability * base:.0f} in {base:,}"


def per_thousand(value: float) -> str:
    """A small share as a number in a thousand.

    >>> per_thousand(0.0031), per_thousand(0.00004), per_thousand(0.0), per_thousand(0.0449)
    ('about 3', 'about 0.04', 'none', 'about 45')
    """
    if value <= 0:
        return "none"
    return f"about {value * 1000:.0f}" if value >= 0.001 else f"about {two_figures(float(f'{value * 1000:.0e}'))}"


def day(date: dt.date) -> str:
    """A date in words, ``13 Feb 2017``."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def month_year(date: dt.date) -> str:
    """The month of a date in words, ``Feb 2017``."""
    return f"{MONTHS[date.month - 1]} {date.year}"
