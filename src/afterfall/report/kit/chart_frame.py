"""What all charts share: one frame with title, subtitle and source line, one axis, one way to write words at a height.

A chart is Vega-Lite. Its title states a finding, its subtitle says how to read the marks, its foot where the numbers
come from. Sizes, colours and the font are those of the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import altair as alt

from afterfall.report.kit.number_formats import SMALL_CELL
from afterfall.report.kit.theme import look

Rows = list[dict[str, Any]]
#: An altair chart of whatever shape; altair's own types tell apart what Vega-Lite does not.
Chart = Any
Channel = TypeVar("Channel", bound=Any)

#: Names of the quantiles at `afterfall.run.quantile_levels.FAN_LEVELS` in the rows of a chart.
FAN_FIELDS = ("low90", "low50", "median", "high50", "high90")
TITLE, SUBTITLE, FOOT, PANEL = 18, 12, 10, 13
PADDING, OFFSET = 24, 16


def framed(chart: Chart, title: str, subtitle: Sequence[str], foot: Sequence[str]) -> Chart:
    """Put a chart into the common frame.

    Parameters
    ----------
    chart
        A chart without configuration.
    title
        The finding, one line.
    subtitle
        How to read the marks, line by line.
    foot
        Where the numbers come from, line by line.
    """
    above = alt.TitleParams(
        title,
        subtitle=list(subtitle),
        anchor="start",
        fontSize=TITLE,
        subtitleFontSize=SUBTITLE,
        subtitleColor=look().muted,
        color=look().ink,
        offset=OFFSET,
        subtitlePadding=7,
    )
    below = alt.TitleParams(
        list(foot),
        orient="bottom",
        anchor="start",
        fontSize=FOOT,
        fontWeight="normal",
        color=look().muted,
        offset=OFFSET,
    )
    inner = alt.vconcat(chart.properties(title=above))
    whole = inner.properties(title=below, padding=PADDING, background=look().paper)
    return whole.configure(font=look().font).configure_view(stroke=None)


def panel_title(text: str, colour: str = "") -> alt.TitleParams:
    """The heading of one panel of a chart."""
    return alt.TitleParams(text, anchor="start", fontSize=PANEL, color=colour or look().ink)


def data(rows: Rows) -> Any:
    """Rows as the data of a chart."""
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def of_field(channel: Channel, field: str) -> Channel:
    """The same axis for another field of numbers."""
    copied = channel.copy()
    copied.shorthand = f"{field}:Q"
    return copied  # type: ignore[no-any-return]


def axis(**options: Any) -> alt.Axis:
    """A quiet axis: a thin grid, no line, no ticks, muted words; `options` are altair's own and come first."""
    plain: dict[str, Any] = {
        "gridColor": look().rule,
        "domain": False,
        "ticks": False,
        "labelColor": look().muted,
        "titleColor": look().muted,
        "titleFontWeight": "normal",
        "labelPadding": 6,
    }
    return alt.Axis(**{**plain, **options})


def powers_of_ten(largest: float, most: int = 8) -> list[int]:
    """Ticks of an axis that is logarithmic beyond small numbers: zero and the powers of ten up to `largest`."""
    return [0, *(10**k for k in range(1, most) if 10**k <= largest)]


def rows_axis(height: float) -> alt.Y:
    """A hidden axis of pixels from the top, on which rows of marks and words stand."""
    return alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))


def words(
    rows: Rows,
    y: alt.Y,
    x: float,
    align: Any,
    field: str,
    colour: str,
    *,
    size: int = 11,
    weight: Any = "normal",
    dy: int = 0,
) -> Chart:
    """The words in a field of each row, at its height and at `x` pixels from the left."""
    mark = alt.Chart(data(rows)).mark_text(
        align=align, baseline="middle", fontSize=size, color=colour, fontWeight=weight, dy=dy
    )
    return mark.encode(x=alt.value(x), y=y, text=alt.Text(f"{field}:N"))


def shown_count(count: float) -> float:
    """Where a published count stands: one under 5 (and not zero) at 5, since its own place is not to be read off."""
    return float(SMALL_CELL if 0 < count < SMALL_CELL else count)
