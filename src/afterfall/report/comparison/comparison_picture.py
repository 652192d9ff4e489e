"""The picture of a comparison: paired differences with their 90 % intervals, grouped as in the table.

One row an outcome, on an axis that is linear near zero and logarithmic beyond. The line holds 90 % of
simulations, the tick is the median, the dot the mean. Colour says whether what is judged, beyond the additional dead or
the lives spared, is better or worse on average; grey where neither way is. The words at the right give the mean and in
how many of 100 simulations B is better.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from afterfall.policy import Comparison
from afterfall.policy.endpoints import Endpoint
from afterfall.report.comparison.comparison_tables import (
    GROUPS,
    WORTH_A_ROW,
    better_words,
    country_name,
    marked,
    same_words,
    title_of,
)
from afterfall.report.kit.chart_frame import Chart, Rows, axis, data, framed, of_field, rows_axis, words
from afterfall.report.kit.number_formats import NO_DIFFERENCE, day, interval, signed
from afterfall.report.kit.stamp import GROUPS_ONLY, stamp_of
from afterfall.report.kit.theme import look

ROW, TOP, WIDTH, LABEL_LEFT = 23.0, 34.0, 520, -340.0
FIGURES = {"mean": WIDTH + 55.0, "range": WIDTH + 145.0, "better": WIDTH + 235.0, "same": WIDTH + 310.0}
HEADINGS = {"mean": "mean", "range": "90%", "better": "B better", "same": "the same"}
#: Where the axis turns from linear to logarithmic, in people.
LINEAR = 2
BETTER, WORSE = "disengage", "dispatch"


def paired_differences(found: Comparison, command: str) -> Chart:
    """The picture, as a Vega-Lite chart."""
    rows, headings, height = _rows(found)
    reach = max([1.0, *(max(abs(r["low90"]), abs(r["high90"]), abs(r["mean"])) for r in rows)]) * 1.1
    x = alt.X(
        "low90:Q",
        title="people (attempts: expected in 1,000 simulations), B minus A; linear to 2, then logarithmic",
        scale=alt.Scale(type="symlog", constant=LINEAR, domain=[-reach, reach], nice=False),
        axis=_axis(reach),
    )
    y = rows_axis(height)
    layers = [_zero(height, x, y), *_marks(rows, x, y), *_words(rows, headings, y)]
    return _framed(alt.layer(*layers, width=WIDTH, height=height), found, command)


def comparison_words(found: Comparison) -> str:
    """What the picture shows, for those who cannot see it."""
    return f"{finding(found)}. One row an outcome: median, mean and 90% interval of B minus A."


def finding(found: Comparison) -> str:
    """The title: what B does to those at risk and undetected at home."""
    one = found.differences["undetected"]
    way = "fewer" if one.mean < 0 else "more"
    size = signed(abs(one.mean)).removeprefix("+")
    if size == "0":
        return f"{found.b.policy.title}: as many at risk and undetected at home as under “{found.a.policy.title}”"
    return (
        f"{found.b.policy.title}: on average {size} {way} at risk and undetected at home than “{found.a.policy.title}” "
        f"(better: {better_words(one)}; the same: {same_words(one)})"
    )


def _rows(found: Comparison) -> tuple[Rows, Rows, float]:
    rows, headings, y = [], [], TOP
    for group, heading in GROUPS.items():
        headings.append({"y": y, "word": heading})
        y += ROW
        for outcome in found.endpoints:
            if outcome.group == group and _drawn(found, outcome):
                rows.append(_row(found, outcome, y))
                y += ROW
        y += ROW / 2
    return rows, headings, y


def _drawn(found: Comparison, outcome: Endpoint) -> bool:
    one = found.differences[outcome.quantity]
    least = WORTH_A_ROW if outcome.quantity.startswith("offshoot_") else NO_DIFFERENCE
    return outcome.group == "harm" or abs(one.mean) >= least


def _row(found: Comparison, outcome: Endpoint, y: float) -> dict[str, Any]:
    one = found.differences[outcome.quantity]
    good = one.judged < 0 if outcome.direction == "less" else one.judged > 0
    plain = outcome.direction == "neither" or abs(one.judged) < WORTH_A_ROW
    return {
        "y": y,
        "label": marked(found, outcome.quantity),
        "fill": look().other_fill if plain else look().fill(BETTER if good else WORSE),
        "low90": one.low90,
        "high90": one.high90,
        "median": one.median,
        "mean": one.mean,
        "mean_word": signed(one.mean),
        "range_word": interval(one.low90, one.high90),
        "better_word": better_words(one),
        "same_word": same_words(one),
    }


def _zero(height: float, x: alt.X, y: alt.Y) -> Chart:
    ends = y.copy()
    line = alt.Chart(data([{"low90": 0.0, "y": TOP - 8, "y2": height}])).mark_rule(color=look().muted, strokeWidth=1)
    return line.encode(x, ends, y2="y2:Q")


def _marks(rows: Rows, x: alt.X, y: alt.Y) -> list[Chart]:
    base, colour = alt.Chart(data(rows)), alt.Color("fill:N", scale=None)
    return [
        base.mark_rule(strokeWidth=3, opacity=0.6).encode(x, y, alt.X2("high90:Q"), color=colour),
        base.mark_tick(thickness=2.5, size=12, orient="vertical", color=look().ink).encode(of_field(x, "median"), y),
        base.mark_point(filled=True, size=60, opacity=1, stroke=look().paper).encode(
            of_field(x, "mean"), y, color=colour
        ),
    ]


def _words(rows: Rows, headings: Rows, y: alt.Y) -> list[Chart]:
    layers = [
        words(rows, y, LABEL_LEFT, "left", "label", look().ink),
        words(headings, y, LABEL_LEFT - 12, "left", "word", look().muted, weight="bold"),
    ]
    layers += [words(rows, y, at, "right", f"{name}_word", look().ink) for name, at in FIGURES.items()]
    return layers + [
        words([{"y": 10.0, "word": HEADINGS[name]}], y, at, "right", "word", look().muted)
        for name, at in FIGURES.items()
    ]


def _axis(reach: float) -> alt.Axis:
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if t <= reach]
    return axis(
        values=[*(-t for t in reversed(ticks)), 0, *ticks],
        labelExpr="datum.value == 0 ? '0' : format(datum.value, '+,~f')",
        grid=True,
        labelOverlap=True,
    )


def _framed(chart: Chart, found: Comparison, command: str) -> Chart:
    run = found.a.run
    place = "everyone" if found.country is None else country_name(found)
    subtitle = [
        f"{place}, {day(run.date(found.month))}, {found.trajectories:,} simulations on each side with the same random "
        "draws. Line: 90% of simulations; tick: median; dot: mean; (since): moves until then.",
        "Blue: better by 0.05 or more on average; red: worse; grey: neither. A fall counts beyond the additional dead."
        + (" *: hindsight." if any(found.is_hindsight(o.quantity) for o in found.endpoints) else ""),
        f"B: {title_of(found.b.policy)}. A: {title_of(found.a.policy)}.",
    ]
    foot = [
        stamp_of(run, command).source_line(),
        f"Effects of levers are uncertain and mostly assumed. {GROUPS_ONLY}",
    ]
    return framed(chart, finding(found), subtitle, foot)
