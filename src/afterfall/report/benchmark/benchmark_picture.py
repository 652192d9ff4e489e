"""The picture of violence against the field: skill against conflictology by year and rule, losses below the line."""

from __future__ import annotations

from typing import Any

import altair as alt

from afterfall.conflict.views_scores import NAMES
from afterfall.evaluate.views.views_challenge import ViewsComparison
from afterfall.report.benchmark.benchmark_tables import RULE_WORDS, SOURCE
from afterfall.report.forecast.forecast_charts import Chart, Rows
from afterfall.report.kit.theme import look

WIDTH, HEIGHT = 190, 220
#: Skill beyond this is drawn at the edge.
EDGE = 0.6


def field_chart(field: ViewsComparison) -> Chart:
    """A panel a rule: points with 90 % intervals for the countries in the model, one a year and one for all."""
    panels = [_panel(field, k, rule) for k, rule in enumerate(NAMES)]
    inside = len(field.modelled & set(field.years[0].countries))
    title = alt.TitleParams(
        "Violence by place against conflictology: " + _verdict(field),
        subtitle=[
            f"Skill of afterfall, 1 - score / score of the benchmark, {inside} countries in {field.case}; "
            "above the line it is a win, below a loss.",
            "Bars: 90% interval from resampling countries. Each year from data to October of the year before.",
        ],
        anchor="start",
        fontSize=17,
        subtitleFontSize=11,
        subtitleColor=look().muted,
        color=look().ink,
        offset=14,
        subtitlePadding=6,
    )
    foot = alt.TitleParams(
        SOURCE, orient="bottom", anchor="start", fontSize=10, fontWeight="normal", color=look().muted, offset=14
    )
    inner = alt.hconcat(*panels, spacing=30).properties(title=title)
    framed = alt.vconcat(inner).properties(title=foot, padding=22, background=look().paper)
    return framed.configure(font=look().font).configure_view(stroke=None)


def field_words(field: ViewsComparison) -> str:
    """What the picture shows, for who cannot see it."""
    return f"Skill against conflictology by year and rule, with 90% intervals: {_verdict(field)}."


def _verdict(field: ViewsComparison) -> str:
    pairs = [field.skill(k, year).skill for k in range(len(NAMES)) for year in field.years]
    return f"better in {sum(s > 0 for s in pairs)} of {len(pairs)} year-scores"


def _panel(field: ViewsComparison, k: int, rule: str) -> Chart:
    rows: Rows = []
    for year in (*field.years, None):
        one = field.skill(k, year)
        low, value, high = (min(max(v, -EDGE), EDGE) for v in (one.low90, one.skill, one.high90))
        word = "all" if year is None else str(year.year)
        rows.append({"year": word, "skill": value, "low": low, "high": high, "won": value > 0})
    data: Any = alt.Data(values=rows)  # type: ignore[no-untyped-call]
    axis = alt.Axis(format="+.1f", gridColor=look().rule, domain=False, ticks=False, labelColor=look().muted)
    y = alt.Y("low:Q", scale=alt.Scale(domain=[-EDGE, EDGE]), axis=axis, title="skill" if k == 0 else None)
    x = alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False, labelColor=look().ink))
    colour = alt.Color(
        "won:N",
        scale=alt.Scale(domain=[True, False], range=[look().fill("disengage"), look().fill("dispatch")]),
        legend=None,
    )
    at = y.copy()
    at.shorthand = "skill:Q"
    zero: Any = alt.Data(values=[{"zero": 0}])  # type: ignore[no-untyped-call]
    layers = [
        alt.Chart(zero).mark_rule(color=look().ink, strokeWidth=1).encode(y=alt.Y("zero:Q")),
        alt.Chart(data).mark_rule(strokeWidth=3, opacity=0.45).encode(x, y, alt.Y2("high:Q"), colour),
        alt.Chart(data).mark_point(filled=True, size=60, opacity=1).encode(x, at, colour),
    ]
    heading = alt.TitleParams(RULE_WORDS[rule], anchor="start", fontSize=12, color=look().ink)
    return alt.layer(*layers, width=WIDTH, height=HEIGHT).properties(title=heading)
