"""The picture of scores: what was predicted, what was observed, and what a baseline predicted, largest misses first.

One row a figure, the worst of each country and quantity, sorted by how much worse than the baseline the model
did. On an axis that is linear near zero and logarithmic beyond, each row has the model's 90 % and 50 % intervals with
the median, the baseline's beneath in grey, and a diamond at the published figure: hollow where the 90 %
interval holds it on the scale of scores (below the last public figure is no increase), filled where it does not. Counts
under 5 that someone published have no place of their own: their diamond stands at 5 and the figure reads ``<5``.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from afterfall.evaluate.core.verdict import verdict
from afterfall.evaluate.record.scoring import MODEL, Scores
from afterfall.report.kit.chart_frame import (
    FAN_FIELDS,
    Chart,
    Rows,
    axis,
    data,
    framed,
    of_field,
    powers_of_ten,
    rows_axis,
    shown_count,
    words,
)
from afterfall.report.kit.number_formats import decimals, median_range, month_year, published_count
from afterfall.report.kit.skill_words import QUANTITIES
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.kit.theme import look
from afterfall.report.scores.score_tables import by_miss

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
    largest = max((max(r["high90"], r["baseline95"], r["at"]) for r in rows), default=1.0)
    x = alt.X(
        "low90:Q",
        title="people (linear to 10, logarithmic beyond)",
        scale=alt.Scale(type="symlog", constant=LINEAR, domain=[0, largest * 1.1], nice=False),
        axis=axis(values=powers_of_ten(largest), format=",~f", grid=True),
    )
    y = rows_axis(height)
    layers = [*_bars(rows, x, y), *_outcomes(rows, x, y), *_words(rows, y)]
    return _framed(alt.layer(*layers, width=WIDTH, height=height), scores, len(rows))


def score_words(scores: Scores) -> str:
    """What the picture shows, for those who cannot see it."""
    return f"{headline(scores)}. One row a figure: 90% and 50% interval, baseline, and what was observed."


def headline(scores: Scores) -> str:
    """The title: the overall verdict, and how many figures the 90 % interval contained."""
    known = scores.overall[0]
    return (
        f"Against the baselines: {verdict(known.skill)} (skill {decimals(known.skill.skill)}); "
        f"{int(scores.scored.inside_range(MODEL).sum())} of {len(scores.scored.outcomes)} figures fell inside the 90% "
        "range"
        if known.skill.figures
        else "No later figure to score"
    )


def _worst_of_each(scores: Scores) -> list[int]:
    """The worst figure of each country and quantity, largest misses first."""
    seen: dict[tuple[str, str], int] = {}
    for i in by_miss(scores):
        seen.setdefault(scores.scored.outcomes[i].cluster, i)
    return list(seen.values())[:SHOWN]


def _row(scores: Scores, i: int, y: float) -> dict[str, Any]:
    scored, one = scores.scored, scores.scored.outcomes[i]
    predicted, baseline = scored.quantiles[MODEL][i], scored.baseline_quantiles[i]
    missed = scored.inside_range(MODEL)[i] == 0
    return {
        "y": y,
        "baseline_y": y + 9,
        **dict(zip(FAN_FIELDS, map(float, predicted), strict=True)),
        **{f"baseline{p}": float(v) for p, v in zip(("05", "25", "50", "75", "95"), baseline, strict=True)},
        "at": shown_count(one.value),
        "inside": look().paper if not missed else look().text("dispatch"),
        "place": scored.names[i],
        "quantity": f"{QUANTITIES[one.quantity]}, {month_year(one.refers_to)}" + (" *" if scored.hindsight[i] else ""),
        "predicted": median_range(predicted[2], predicted[0], predicted[4]),
        "observed": published_count(one.value),
        "baseline": median_range(baseline[2], baseline[0], baseline[4]),
    }


def _bars(rows: Rows, x: alt.X, y: alt.Y) -> list[Chart]:
    """Intervals and medians of the model, and of the baseline beneath."""
    base, colour, grey = alt.Chart(data(rows)), look().fill("disengage"), look().other_fill
    beneath = of_field(y, "baseline_y")
    return [
        base.mark_rule(strokeWidth=2, opacity=0.6, color=grey).encode(
            of_field(x, "baseline05"), beneath, alt.X2("baseline95:Q")
        ),
        base.mark_tick(thickness=2, size=8, orient="vertical", color=grey).encode(of_field(x, "baseline50"), beneath),
        base.mark_rule(strokeWidth=3, opacity=0.4, color=colour).encode(x, y, alt.X2("high90:Q")),
        base.mark_rule(strokeWidth=8, opacity=0.75, color=colour).encode(of_field(x, "low50"), y, alt.X2("high50:Q")),
        base.mark_tick(thickness=2.5, size=14, orient="vertical", color=look().ink).encode(of_field(x, "median"), y),
    ]


def _outcomes(rows: Rows, x: alt.X, y: alt.Y) -> list[Chart]:
    base = alt.Chart(data(rows))
    mark = base.mark_point(
        shape="diamond", size=110, filled=True, opacity=1, strokeWidth=1.6, stroke=look().text("dispatch")
    )
    return [mark.encode(of_field(x, "at"), y, fill=alt.Fill("inside:N", scale=None))]


def _words(rows: Rows, y: alt.Y) -> list[Chart]:
    columns = {"place": LABEL_LEFT, "quantity": LABEL_LEFT + 125}
    layers = [words(rows, y, at, "left", name, look().ink) for name, at in columns.items()]
    layers += [
        words(rows, y, at, "right", name, look().ink if name == "observed" else look().muted)
        for name, at in FIGURES.items()
    ]
    headings = {"predicted": "predicted (90%)", "observed": "observed", "baseline": "baseline (90%)"}
    return layers + [
        words([{"y": 8.0, "word": headings[name]}], y, at, "right", "word", look().muted)
        for name, at in FIGURES.items()
    ]


def _framed(chart: Chart, scores: Scores, shown: int) -> Chart:
    subtitle = [
        f"{shown} of {len(scores.scored.outcomes)} later figures: the worst of each country and quantity, misses "
        "first. Blue: what was forecast, 90% and 50% interval and median.",
        "Grey: the baseline fixed on earlier dates. Diamond: what was published; filled where the 90% interval "
        "missed it (a total below the last public one adds nothing). <5: published counts under 5.",
    ]
    return framed(chart, headline(scores), subtitle, stamp_of(scores.run).foot())
