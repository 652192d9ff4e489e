"""The picture of violence against the published benchmarks: skill against conflictology by year and rule."""

from __future__ import annotations

import altair as alt

from afterfall.conflict.views_scores import NAMES
from afterfall.evaluate.views.views_challenge import ViewsComparison
from afterfall.report.benchmark.benchmark_tables import RULE_WORDS, SOURCE
from afterfall.report.kit.chart_frame import Chart, Rows, axis, data, framed, of_field, panel_title
from afterfall.report.kit.theme import look

WIDTH, HEIGHT = 190, 220
#: Skill beyond this is drawn at the edge.
EDGE = 0.6


def field_chart(field: ViewsComparison) -> Chart:
    """One panel per scoring rule: points with 90 % intervals for the countries in the model, by year and overall."""
    panels = [_panel(field, k, rule) for k, rule in enumerate(NAMES)]
    inside = len(field.modelled & set(field.years[0].countries))
    return framed(
        alt.hconcat(*panels, spacing=30),
        "Violence by place against conflictology: " + _verdict(field),
        [
            f"Skill of afterfall, 1 - score / score of the benchmark, {inside} countries in {field.case}; "
            "above the line it is better, below worse.",
            "Bars: 90% interval from resampling countries. Each year from data to October of the year before.",
        ],
        [SOURCE],
    )


def field_words(field: ViewsComparison) -> str:
    """What the picture shows, for those who cannot see it."""
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
        rows.append({"year": word, "skill": value, "low": low, "high": high, "better": value > 0})
    y = alt.Y(
        "low:Q", scale=alt.Scale(domain=[-EDGE, EDGE]), axis=axis(format="+.1f"), title="skill" if k == 0 else None
    )
    x = alt.X("year:N", title=None, axis=axis(labelAngle=0, labelColor=look().ink))
    colour = alt.Color(
        "better:N",
        scale=alt.Scale(domain=[True, False], range=[look().fill("disengage"), look().fill("dispatch")]),
        legend=None,
    )
    base = alt.Chart(data(rows))
    layers = [
        alt.Chart(data([{"zero": 0}])).mark_rule(color=look().ink, strokeWidth=1).encode(y=alt.Y("zero:Q")),
        base.mark_rule(strokeWidth=3, opacity=0.45).encode(x, y, alt.Y2("high:Q"), colour),
        base.mark_point(filled=True, size=60, opacity=1).encode(x, of_field(y, "skill"), colour),
    ]
    return alt.layer(*layers, width=WIDTH, height=HEIGHT).properties(title=panel_title(RULE_WORDS[rule]))
