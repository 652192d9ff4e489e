"""The picture of reliability: stated against observed shares, and the histogram of the PIT, by quantity.

Above, for each quantity, the share of figures inside the central interval of every level from 10 to 90 %. On the
diagonal intervals contain as many figures as they state; above it they are too wide, below it too narrow. Beneath, how
many figures fell in each tenth of their forecast: a hump means too wide, a U too narrow, a slope too high or too low.
The grey band holds what a perfect forecast would show in nine cases of ten, with as many independent units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from afterfall.evaluate.core.bootstrap import ENOUGH
from afterfall.evaluate.core.reliability import BINS, LEVELS, Reliability
from afterfall.evaluate.record.reliability_of_record import ALL
from afterfall.report.kit.chart_frame import Chart, axis, data, framed, of_field
from afterfall.report.kit.skill_words import QUANTITIES
from afterfall.report.kit.theme import look

PANEL = 170
HISTOGRAM = 80
COLUMNS = 3
PERCENT = ".0%"


def reliability_picture(by_quantity: Mapping[str, Reliability], foot: Sequence[str]) -> Chart:
    """The picture, as a Vega-Lite chart: a panel a quantity, all of them together first."""
    ordered = sorted(by_quantity.items(), key=lambda pair: (pair[0] != ALL, -pair[1].independent, pair[0]))
    panels = [_panel(name, one) for name, one in ordered]
    grid = alt.concat(*panels, columns=COLUMNS, spacing={"row": 30, "column": 40})
    return framed(grid, headline(by_quantity), SUBTITLE, foot)


SUBTITLE = (
    "Above: share of later figures inside the central interval of each level. On the line is right; above it the "
    "intervals are too wide,",
    "below it too narrow. Beneath: share of figures in each tenth of their forecast (PIT); level is right. Grey: where "
    "a perfect forecast lies",
    "in nine cases of ten, with so few independent units. Each country-quantity pair counts once; ties are split at "
    "random.",
)


def headline(by_quantity: Mapping[str, Reliability]) -> str:
    """The title: how many figures the 50 % and the 90 % intervals of all quantities contained."""
    if not _judged(by_quantity) or ALL not in by_quantity:
        return "Too few independent figures to judge whether intervals state the right shares"
    observed = dict(zip(LEVELS, by_quantity[ALL].observed, strict=True))
    return (
        f"All quantities: 50% intervals contained {100 * observed[0.5]:.0f} of 100 figures, 90% intervals "
        f"{100 * observed[0.9]:.0f}"
    )


def reliability_words(by_quantity: Mapping[str, Reliability]) -> str:
    """What the picture shows, for those who cannot see it."""
    outside = [QUANTITIES[name] for name, one in _judged(by_quantity).items() if not _consistent(one)]
    return f"{headline(by_quantity)}." + (f" Outside the band: {', '.join(outside)}." if outside else "")


def _judged(by_quantity: Mapping[str, Reliability]) -> dict[str, Reliability]:
    """Quantities with enough independent units for a verdict."""
    return {name: one for name, one in by_quantity.items() if name != ALL and one.independent >= ENOUGH}


def _consistent(one: Reliability) -> bool:
    """Whether the observed share of every level lies in its band."""
    return all(low <= seen <= high for low, seen, high in zip(one.low, one.observed, one.high, strict=True))


def _panel(name: str, one: Reliability) -> Chart:
    label = "All quantities" if name == ALL else QUANTITIES[name][0].upper() + QUANTITIES[name][1:]
    units = ", ".join(
        (_counted(one.figures, "figure"), _counted(one.clusters, "pair"), _counted(one.independent, "independent unit"))
    )
    title = alt.TitleParams(
        label, subtitle=units, anchor="start", fontSize=13, subtitleFontSize=10, subtitleColor=look().muted
    )
    return alt.vconcat(_curve(one), _histogram(one), spacing=12).properties(title=title)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _curve(one: Reliability) -> Chart:
    rows = [
        {"level": level, "observed": seen, "low": low, "high": high}
        for level, seen, low, high in zip(LEVELS, one.observed, one.low, one.high, strict=True)
    ]
    scale = alt.Scale(domain=[0, 1], nice=False)
    levels = axis(format=PERCENT, values=[0, 0.5, 0.9], grid=False)
    x = alt.X("level:Q", title="stated", scale=scale, axis=levels)
    y = alt.Y("low:Q", title="observed", scale=scale, axis=axis(format=PERCENT, values=[0, 0.5, 0.9], minExtent=34))
    base = alt.Chart(data(rows))
    ends = alt.Chart(data([{"level": 0.0, "low": 0.0}, {"level": 1.0, "low": 1.0}]))
    colour = look().fill("disengage")
    layers = (
        base.mark_area(color=look().other_fill, opacity=0.3).encode(x, y, alt.Y2("high:Q")),
        ends.mark_line(color=look().muted, strokeDash=[4, 3], strokeWidth=1).encode(x, y),
        base.mark_line(color=colour, strokeWidth=2).encode(x, alt.Y("observed:Q")),
        base.mark_point(color=colour, filled=True, size=36, opacity=1).encode(x, alt.Y("observed:Q")),
    )
    return alt.layer(*layers, width=PANEL, height=PANEL)


def _histogram(one: Reliability) -> Chart:
    rows = [{"from": k / BINS, "to": (k + 1) / BINS, "share": seen} for k, seen in enumerate(one.pit)]
    top = max(0.4, 1.1 * max(one.pit))
    y = alt.Y("share:Q", title="share", scale=alt.Scale(domain=[0, top], nice=False), axis=_shares(top))
    x = alt.X(
        "from:Q",
        title="quantile of the forecast",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=axis(values=[0, 0.5, 1], format=".1f", grid=False),
    )
    band = [{"from": 0.0, "to": 1.0, "low": one.pit_low, "high": min(one.pit_high, top)}]
    layers = (
        alt.Chart(data(band))
        .mark_rect(color=look().other_fill, opacity=0.35)
        .encode(x, of_field(y, "low"), alt.X2("to:Q"), alt.Y2("high:Q")),
        alt.Chart(data(rows))
        .mark_rect(color=look().fill("disengage"), opacity=0.7, stroke=look().paper)
        .encode(x, y, alt.X2("to:Q"), alt.Y2(datum=0)),
        alt.Chart(data([{"level": 1.0 / BINS}]))
        .mark_rule(color=look().muted, strokeDash=[4, 3])
        .encode(alt.Y("level:Q")),
    )
    return alt.layer(*layers, width=PANEL, height=HISTOGRAM)


def _shares(top: float) -> alt.Axis:
    return axis(format=PERCENT, minExtent=34, values=[0, 0.1, 0.3] if top <= 0.6 else [0, 0.1, 0.5], grid=False)
