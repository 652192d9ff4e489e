"""The picture of scores: what was said, what happened, and what a naive forecast said, misses first.

One row a figure, the worst of each country and quantity, sorted by how much worse than the naive forecast the model
did. On an axis that is linear near zero and logarithmic beyond, each row has the model's 90 % and 50 % intervals with
the median, the naive forecast's beneath in grey, and a diamond where the figure came out: hollow where the 90 %
interval holds it on the scale of scores (below the last public figure is no increase), filled where it does not. Counts
under 5 that someone published have no place of their own: their diamond stands at 5 and the figure reads ``<5``.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from afterfall.evaluate.record.scoring import MODEL, Scores
from afterfall.report.forecast.forecast_charts import Chart, Rows
from afterfall.report.forecast.outlook_of_run import stamp_of
from afterfall.report.kit.number_formats import SMALL_CELL, interval, month_year, published_count, two_figures
from afterfall.report.kit.theme import look
from afterfall.report.scores.score_tables import QUANTITIES, by_miss, decimals, verdict

#: Rows of the picture.
SHOWN = 30
ROW, TOP = 30.0, 24.0
WIDTH = 520
LABEL_LEFT = -330.0
FIGURES = {"predicted": WIDTH + 120.0, "observed": WIDTH + 195.0, "baseline": WIDTH + 335.0}
#: Where the axis turns from linear to logarithmic, in people.
LINEAR = 10


def predicted_and_observed(scores: Scores) -> Chart:
    """The picture, as a Vega-Lite chart."""
    chosen = _worst_of_each(scores)
    rows = [_row(scores, i, TOP + ROW * (k + 0.7)) for k, i in enumerate(chosen)]
    height = TOP + ROW * (len(rows) + 0.2)
    largest = max((max(r["high90"], r["naive95"], r["at"]) for r in rows), default=1.0)
    x = alt.X(
        "low90:Q",
        title="people (linear to 10, logarithmic beyond)",
        scale=alt.Scale(type="symlog", constant=LINEAR, domain=[0, largest * 1.1], nice=False),
        axis=_axis(largest),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    layers = [*_bars(rows, x, y), *_outcomes(rows, x, y), *_words(rows, y)]
    return _framed(alt.layer(*layers, width=WIDTH, height=height), scores, len(rows))


def score_words(scores: Scores) -> str:
    """What the picture shows, for who cannot see it."""
    return f"{headline(scores)}. One row a figure: 90% and 50% interval, naive forecast, and what happened."


def headline(scores: Scores) -> str:
    """The title: the verdict all in all, and how often the 90 % interval held."""
    known = scores.overall[0]
    return (
        f"Against the naive forecasts: {verdict(known.skill)} (skill {decimals(known.skill.skill)}); "
        f"{100 * known.coverage90[0]:.0f} of 100 figures fell inside the 90% interval"
        if known.skill.figures
        else "No later figure to score"
    )


def _worst_of_each(scores: Scores) -> list[int]:
    """The worst figure of each country and quantity, misses first."""
    seen: dict[tuple[str, str], int] = {}
    for i in by_miss(scores):
        seen.setdefault(scores.scored.outcomes[i].cluster, i)
    return list(seen.values())[:SHOWN]


def _row(scores: Scores, i: int, y: float) -> dict[str, Any]:
    scored, one = scores.scored, scores.scored.outcomes[i]
    predicted, baseline = scored.quantiles[MODEL][i], scored.baseline_quantiles[i]
    missed = scored.marks[MODEL].inside90[i] == 0
    return {
        "y": y,
        "naive_y": y + 9,
        **dict(zip(("low90", "low50", "median", "high50", "high90"), map(float, predicted), strict=True)),
        **{f"naive{p}": float(v) for p, v in zip(("05", "25", "50", "75", "95"), baseline, strict=True)},
        "at": float(SMALL_CELL) if 0 < one.value < SMALL_CELL else one.value,
        "inside": look().paper if not missed else look().text("dispatch"),
        "place": scored.names[i],
        "quantity": f"{QUANTITIES[one.quantity]}, {month_year(one.refers_to)}" + (" *" if scored.hindsight[i] else ""),
        "predicted": f"{two_figures(predicted[2])} ({interval(predicted[0], predicted[4])})",
        "observed": published_count(one.value),
        "baseline": f"{two_figures(baseline[2])} ({interval(baseline[0], baseline[4])})",
    }


def _data(rows: Rows) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def _bars(rows: Rows, x: alt.X, y: alt.Y) -> list[Chart]:
    """Intervals and medians of the model, and of the naive forecast beneath."""
    base, colour, grey = alt.Chart(_data(rows)), look().fill("disengage"), look().other_fill
    beneath = y.copy()
    beneath.shorthand = "naive_y:Q"
    return [
        base.mark_rule(strokeWidth=2, opacity=0.6, color=grey).encode(_at("naive05", x), beneath, alt.X2("naive95:Q")),
        base.mark_tick(thickness=2, size=8, orient="vertical", color=grey).encode(_at("naive50", x), beneath),
        base.mark_rule(strokeWidth=3, opacity=0.4, color=colour).encode(x, y, alt.X2("high90:Q")),
        base.mark_rule(strokeWidth=8, opacity=0.75, color=colour).encode(_at("low50", x), y, alt.X2("high50:Q")),
        base.mark_tick(thickness=2.5, size=14, orient="vertical", color=look().ink).encode(_at("median", x), y),
    ]


def _outcomes(rows: Rows, x: alt.X, y: alt.Y) -> list[Chart]:
    base = alt.Chart(_data(rows))
    mark = base.mark_point(
        shape="diamond", size=110, filled=True, opacity=1, strokeWidth=1.6, stroke=look().text("dispatch")
    )
    return [mark.encode(_at("at", x), y, fill=alt.Fill("inside:N", scale=None))]


def _at(field: str, x: alt.X) -> alt.X:
    """The axis of people for another field."""
    copied = x.copy()
    copied.shorthand = f"{field}:Q"
    return copied


def _words(rows: Rows, y: alt.Y) -> list[Chart]:
    columns = {"place": LABEL_LEFT, "quantity": LABEL_LEFT + 125}
    layers = [_text(rows, y, at, "left", name, 11, look().ink) for name, at in columns.items()]
    layers += [
        _text(rows, y, at, "right", name, 11, look().ink if name == "observed" else look().muted)
        for name, at in FIGURES.items()
    ]
    headings = {"predicted": "said (90%)", "observed": "observed", "baseline": "naive (90%)"}
    return layers + [
        _text([{"y": 8.0, "word": headings[name]}], y, at, "right", "word", 11, look().muted)
        for name, at in FIGURES.items()
    ]


def _text(rows: Rows, y: alt.Y, at: float, align: Any, field: str, size: int, colour: str) -> Chart:
    mark = alt.Chart(_data(rows)).mark_text(align=align, baseline="middle", fontSize=size, color=colour)
    return mark.encode(x=alt.value(at), y=y, text=alt.Text(f"{field}:N"))


def _axis(largest: float) -> alt.Axis:
    ticks = [0, *(10**k for k in range(1, 8) if 10**k <= largest)]
    return alt.Axis(
        values=ticks,
        format=",~f",
        grid=True,
        gridColor=look().rule,
        domain=False,
        ticks=False,
        labelColor=look().muted,
        titleColor=look().muted,
        titleFontWeight="normal",
        labelPadding=6,
    )


def _framed(chart: Any, scores: Scores, shown: int) -> Any:
    stamp = stamp_of(scores.run, str(scores.run.stamp["command"]))
    subtitle = [
        f"{shown} of {len(scores.scored.outcomes)} later figures: the worst of each country and quantity, misses "
        "first. Blue: what the model said, 90% and 50% interval and median.",
        "Grey: the naive forecast fixed on earlier dates. Diamond: what was published; filled where the 90% interval "
        "missed it (a total below the last public one adds nothing). <5: published counts under 5.",
    ]
    foot = alt.TitleParams(
        [stamp.source_line(), f"{stamp.basis} About groups, never about persons."],
        orient="bottom",
        anchor="start",
        fontSize=10,
        fontWeight="normal",
        color=look().muted,
        offset=18,
    )
    title = alt.TitleParams(
        headline(scores),
        subtitle=subtitle,
        anchor="start",
        fontSize=19,
        subtitleFontSize=12,
        subtitleColor=look().muted,
        color=look().ink,
        offset=18,
        subtitlePadding=7,
    )
    framed = alt.vconcat(chart.properties(title=title)).properties(title=foot, padding=24, background=look().paper)
    return framed.configure(font=look().font).configure_view(stroke=None)
