"""The picture of screening: what a flag is worth at any base rate, and what happens in each period of months.

Above, the predictive values in closed form over base rates from one in a thousand to nine in ten, as medians with 90 %
bands; the grey band is the base rate among those whom the country assesses in the run. Below, the mean numbers flagged
rightly, flagged wrongly, missed and rightly cleared, by period of months.
"""

from __future__ import annotations

import altair as alt
import numpy as np

from afterfall.policy.screening import Screening
from afterfall.policy.test_accuracy import pooled, verdicts
from afterfall.report.kit.chart_frame import Chart, axis, data, framed, of_field
from afterfall.report.kit.number_formats import day, month_year, share
from afterfall.report.kit.stamp import GROUPS_ONLY, stamp_of
from afterfall.report.kit.theme import look
from afterfall.report.screening.screening_tables import PARTS, quantiles

WIDTH = 620
GRID = tuple(float(b) for b in np.geomspace(0.001, 0.9, 40))
CURVES = {"positive_value": ("a flag is right", "dispatch"), "negative_value": ("a clearance is right", "disengage")}
FILLS = {"flagged_rightly": "dispatch", "wrongly_flagged": "remain", "missed": "defect", "cleared": "disengage"}


def screening_picture(found: Screening, command: str) -> Chart:
    """The picture, as a Vega-Lite chart."""
    both = alt.vconcat(_curves(found), _bars(found), spacing=26)
    return _framed(both, found, command)


def screening_words(found: Screening) -> str:
    """What the picture shows, for those who cannot see it."""
    return f"{finding(found)}. Predictive values by base rate, and verdicts by period of months."


def finding(found: Screening) -> str:
    """The title: what a flag is worth."""
    low, _, high = quantiles(found.whole.positive_value)
    right = pooled(found.whole).positive_value
    if not np.isfinite(right):
        return f"{found.name}: nobody is flagged in any simulation"
    return f"{found.name}: {share(right)} of those flagged are at risk (90% interval: {share(low)} to {share(high)})"


def _curves(found: Screening) -> Chart:
    x = alt.X(
        "rate:Q",
        title="share at risk among those assessed (logarithmic)",
        scale=alt.Scale(type="log", domain=[GRID[0], GRID[-1]], nice=False),
        axis=axis(values=[0.001, 0.01, 0.1, 0.5], format="~%"),
    )
    y = alt.Y("median:Q", title="share that is right", scale=alt.Scale(domain=[0, 1]), axis=axis(format="%"))
    low, _, high = quantiles(found.whole.base_rate)
    layers: list[Chart] = []
    if np.isfinite(low):
        span = data([{"rate": max(low, GRID[0]), "rate2": min(max(high, low + 1e-3), GRID[-1])}])
        layers.append(alt.Chart(span).mark_rect(color=look().rule, opacity=0.6).encode(x, x2="rate2:Q"))
    for name, (label, code) in CURVES.items():
        rows = [_point(found, rate, name) for rate in GRID]
        base, colour = alt.Chart(data(rows)), look().fill(code)
        layers.append(base.mark_area(opacity=0.2, color=colour).encode(x, of_field(y, "low"), y2="high:Q"))
        layers.append(base.mark_line(strokeWidth=2.5, color=colour).encode(x, y))
        at = rows[14 if name == "positive_value" else 8]
        words = alt.Chart(data([{**at, "word": label}])).mark_text(dy=-12, fontSize=12, color=look().text(code))
        layers.append(words.encode(x, y, text="word:N"))
    return alt.layer(*layers, width=WIDTH, height=240)


def _point(found: Screening, rate: float, name: str) -> dict[str, float]:
    low, median, high = quantiles(getattr(verdicts(found.sensitivity, found.specificity, rate), name))
    return {"rate": rate, "low": low, "median": median, "high": high}


def _bars(found: Screening) -> Chart:
    rows = [
        {
            "period": f"to {month_year(found.run.date(s.end))}",
            "order": i,
            "part": label,
            "rank": k,
            "people": float(np.mean(getattr(s.verdicts, part))),
        }
        for i, s in enumerate(found.periods)
        for k, (part, label) in enumerate(PARTS.items())
    ]
    colour = alt.Color(
        "part:N",
        title=None,
        scale=alt.Scale(domain=list(PARTS.values()), range=[look().fill(FILLS[p]) for p in PARTS]),
        legend=alt.Legend(orient="bottom", labelColor=look().ink),
    )
    x = alt.X("period:N", sort=alt.SortField("order"), title=None, axis=axis(labelAngle=0))
    y = alt.Y("people:Q", title="people assessed, mean", axis=axis(format=",~f"))
    bars = alt.Chart(data(rows)).mark_bar(stroke=look().paper).encode(x, y, colour, order=alt.Order("rank:O"))
    return bars.properties(width=WIDTH, height=190)


def _framed(chart: Chart, found: Screening, command: str) -> Chart:
    run = found.run
    subtitle = [
        f"As of {day(run.as_of)}, {run.request.horizon} months, {run.request.trajectories:,} simulations. Above: "
        "medians and 90% bands in closed form; grey:",
        "the share at risk among those assessed in the run. Below: mean verdicts by period of months.",
    ]
    given = "" if run.conditioned is None else f"Conditional: {run.conditioned.words}. "
    foot = [stamp_of(run, command).source_line(), f"{given}{GROUPS_ONLY[:-1]}; no instrument predicts one."]
    return framed(chart, finding(found), subtitle, foot)
