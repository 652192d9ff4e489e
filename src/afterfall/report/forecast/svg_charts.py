"""Charts drawn by hand as SVG, for documents: quantile dots in rows, and a fan over time.

The same grammar as `forecast_charts` (twenty dots of a 1-in-20 chance; a median with a 50 % and a 90 % band; figures
next to the picture), without a chart library: a brief is made in seconds and opens on a machine without a network.
Sizes are in points; letters come along with colours, because grey print keeps only the letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.report.forecast.outlook import Floats, Outlook, OutlookLine
from afterfall.report.kit.dot_layout import dot_places
from afterfall.report.kit.number_formats import interval, share, two_figures
from afterfall.report.kit.svg import drawing, line, points, rectangle, text
from afterfall.report.kit.theme import look

#: Rows of a dot plot: width of labels, of the plot and of the figures; height of a row; diameter of a dot.
LABELS, PLOT, FIGURES, ROW, DOT = 150.0, 250.0, 140.0, 25.0, 6.0
#: Size of letters.
TEXT = 8.0
#: A stack of dots is at most this tall.
STACK = 17.0
FAN_WIDTH, FAN_HEIGHT, FAN_LEFT, FAN_RIGHT, FAN_FOOT = 250.0, 120.0, 32.0, 62.0, 16.0


def ticks(top: float, most: int = 5) -> list[float]:
    """Round numbers from zero to `top`, at most `most` steps apart."""
    rough = max(top / most, 1.0)
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough)
    return [float(v) for v in np.arange(0.0, top + 1e-9, step)]


def pathway_dots(outlook: Outlook) -> str:
    """Five rows of twenty dots, one per pathway, on one axis, with median, 90 % range and mean share in figures."""
    top = max(1.0, *(max(float(one.dots[-1]), one.then.high90) for one in outlook.pathways)) * 1.03
    height = 14.0 + ROW * len(outlook.pathways) + 14.0
    body = [
        text(LABELS + PLOT + at, 9, name, 7, look().muted, anchor="end")
        for at, name in ((38.0, "median"), (95.0, "90% range"), (FIGURES, "mean share"))
    ]
    for value in ticks(top):
        x = LABELS + PLOT * value / top
        body.append(line((x, 14), (x, height - 12), look().rule, 0.5))
        body.append(text(x, height - 3, f"{value:,.0f}", 7, look().muted, anchor="middle"))
    for i, one in enumerate(outlook.pathways):
        body += _dot_row(one, 14.0 + ROW * (i + 1), top)
    return drawing(LABELS + PLOT + FIGURES, height, body, pathway_words(outlook))


def pathway_words(outlook: Outlook) -> str:
    """What the dots show, with their numbers."""
    marks = look().pathways
    rows = (
        f"{marks[one.code].letter} {marks[one.code].short}: median {two_figures(one.then.median)}, 90% range "
        f"{interval(one.then.low90, one.then.high90)}, mean share {share(one.then.mean_share)}"
        for one in outlook.pathways
    )
    return "; ".join(rows) + "."


def _dot_row(one: OutlookLine, base: float, top: float) -> list[str]:
    mark = look().pathways[one.code]
    places = dot_places([float(v) for v in one.dots], top / PLOT, DOT)
    step = min(DOT, STACK / (1 + max(h for _, h in places)))
    low, median, high = (LABELS + PLOT * v / top for v in (one.then.low90, one.then.median, min(one.then.high90, top)))
    row = [
        rectangle(0, base - 14, 12, 12, mark.fill),
        text(6, base - 5, mark.letter, TEXT, look().paper, anchor="middle", bold=True),
        text(17, base - 8, mark.short, TEXT, bold=True),
        text(17, base, one.label, 6.5, look().muted),
        line((low, base), (max(high, low + 0.5), base), mark.fill, 1.4),
        line((median, base - 2.5), (median, base + 2.5), mark.text, 1.4),
    ]
    row += [
        f'<circle cx="{LABELS + PLOT * min(x, top) / top:.1f}" cy="{base - 4.5 - h * step:.1f}" '
        f'r="{DOT / 2 - 0.3:.1f}" fill="{mark.fill}" stroke="{look().paper}" stroke-width="0.4"/>'
        for x, h in places
    ]
    figures = (two_figures(one.then.median), interval(one.then.low90, one.then.high90), share(one.then.mean_share))
    row += [
        text(LABELS + PLOT + at, base - 3, figure, TEXT, anchor="end", bold=at == 38.0)
        for at, figure in zip((38.0, 95.0, FIGURES), figures, strict=True)
    ]
    return row


def fan(months: Sequence[int], quantiles: Floats, first_year: float, colour: str, words: str) -> str:
    """A fan over time: median, 50 % and 90 % band, years on the axis, the last values in figures.

    Parameters
    ----------
    months
        Months from the as-of date.
    quantiles
        At 5, 25, 50, 75 and 95 %, ``(5, len(months))``, in people.
    first_year
        The as-of date in years, such as 2017.12.
    colour
        Of line and bands.
    words
        What it shows, for those who cannot see it.
    """
    top = max(float(quantiles.max()) * 1.05, 1.0)
    plot = FAN_WIDTH - FAN_LEFT - FAN_RIGHT
    x = [FAN_LEFT + plot * m / max(months[-1], 1) for m in months]
    y = (FAN_HEIGHT - FAN_FOOT) * (1.0 - quantiles / top) + 4.0
    body = []
    for value in ticks(top, 4):
        at = (FAN_HEIGHT - FAN_FOOT) * (1.0 - value / top) + 4.0
        body.append(line((FAN_LEFT, at), (FAN_LEFT + plot, at), look().rule, 0.5))
        body.append(text(FAN_LEFT - 4, at + 2.5, f"{value:,.0f}", 7, look().muted, anchor="end"))
    last = first_year + months[-1] / 12.0
    for year in range(int(np.ceil(first_year)), int(np.floor(last)) + 1):
        at = FAN_LEFT + plot * (year - first_year) / (last - first_year)
        body.append(text(at, FAN_HEIGHT, str(year), 7, look().muted, anchor="middle"))
    for low, high, opacity in ((0, 4, 0.22), (1, 3, 0.42)):
        edge = [*zip(x, y[high], strict=True), *zip(reversed(x), reversed(y[low]), strict=True)]
        body.append(f'<polygon points="{points(edge)}" fill="{colour}" fill-opacity="{opacity}"/>')
    path = points(zip(x, y[2], strict=True))
    body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
    end = [float(v) for v in quantiles[:, -1]]
    body.append(text(x[-1] + 5, y[2, -1], two_figures(end[2]), 8.5, bold=True))
    body.append(text(x[-1] + 5, y[2, -1] + 9, interval(end[0], end[4]), 7, look().muted))
    return drawing(FAN_WIDTH, FAN_HEIGHT + 3, body, words)
