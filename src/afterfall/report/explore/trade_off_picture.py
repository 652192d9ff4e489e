"""The picture of an exploration: what options gain on one outcome and lose on another, one dot a set of assumptions.

Across: the outcome by which options are ranked. Up: the outcome that options make worst on average. Both are judged
differences from the first option, which stands at zero. The large mark is the mean of an option. Bars at the right say
in how many sets of assumptions each option is best, and worse than the first.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from afterfall.exploration.explored import Exploration
from afterfall.exploration.findings import Findings
from afterfall.policy.endpoints import Endpoint
from afterfall.report.explore.explore_json import explore_stamp
from afterfall.report.explore.explore_words import verdicts
from afterfall.report.kit.chart_frame import Chart, Rows, axis, data, framed
from afterfall.report.kit.number_formats import day, share
from afterfall.report.kit.stamp import GROUPS_ONLY, PartialStamp
from afterfall.report.kit.theme import look

SIZE, BARS, ROW = 400, 190, 44
SIDEWAYS, UPWARDS = {"less": "left", "more": "right"}, {"less": "down", "more": "up"}
#: Share of a range within which names of marks would overlap.
NEXT_TO = 0.03
#: Dots of an option at most.
DOTS = 250
#: Where no option makes an outcome worse: those at risk at home, whether known or not.
OTHERWISE = "returned_at_risk"


def trade_off_chart(findings: Findings, command: str) -> Chart:
    """The picture, as a Vega-Lite chart."""
    found = findings.explored
    other = traded(findings)
    chart = alt.hconcat(_cloud(findings, other), _bars(findings), spacing=36)
    across, up = (found.label(o.quantity) for o in (findings.outcome, other))
    subtitle = [
        f"{found.place}, {day(found.date)}: {len(found.options)} options under {found.scenarios:,} sets of "
        f"assumptions, {found.simulations:,} simulations each with the same random draws.",
        f"Each small dot is one set; the large mark is an option's mean. People {across} (across) and {up} (up),",
        f"against {found.options[0]!r} at zero, net of additional deaths. Better is to the "
        f"{SIDEWAYS[findings.outcome.direction]} and {UPWARDS[other.direction]}.",
    ]
    foot = [
        source_line(explore_stamp(found, command), found),
        f"Sets of assumptions are spread evenly over stated ranges: shares are no probabilities. {GROUPS_ONLY}",
    ]
    return framed(chart, _title(findings), subtitle, foot)


def trade_off_words(findings: Findings) -> str:
    """What the picture shows, for those who cannot see it."""
    return " ".join(verdicts(findings))


def source_line(stamp: PartialStamp, found: Exploration) -> str:
    """One line for the foot of the picture."""
    return (
        f"afterfall · case {stamp.case} ({str(stamp.case_hash)[:8]}) · as of {found.plan.case.as_of.isoformat()} · "
        f"model {stamp.model_version} ({str(stamp.model_hash)[:8]}) · seed {stamp.seed} · {found.cases:,} cases · "
        f"exploration {stamp.run}"
    )


def traded(findings: Findings) -> Endpoint:
    """The outcome that some option makes worst on average, other than the one by which they are ranked."""
    found = findings.explored
    worst: dict[Endpoint, float] = {}
    for outcome in found.judged:
        losses = found.losses(outcome).mean(axis=0)
        worst[outcome] = float((losses - losses[0]).max())
    del worst[findings.outcome]
    most = max(worst, key=lambda o: worst[o])
    if worst[most] > 0 or OTHERWISE not in {o.quantity for o in worst}:
        return most
    return next(o for o in worst if o.quantity == OTHERWISE)


def _title(findings: Findings) -> str:
    if not findings.explored.matters(findings.outcome):
        return f"No option changes people {findings.explored.label(findings.outcome.quantity)}"
    shares = [(one.best, name) for name, one in zip(findings.explored.options, findings.robustness, strict=True)]
    best = max(share_ for share_, _ in shares)
    names = [name for share_, name in shares if share_ == best]
    label = findings.explored.label(findings.outcome.quantity)
    return f"People {label}: {' and '.join(names)} best in {share(best)} of the sets of assumptions"


def colours(found: Exploration) -> dict[str, str]:
    """A colour for each option; the first is grey."""
    fills = [mark.fill for mark in look().pathways.values()]
    return {name: look().other_fill if i == 0 else fills[(i - 1) % len(fills)] for i, name in enumerate(found.options)}


def _cloud(findings: Findings, other: Endpoint) -> Chart:
    found = findings.explored
    pairs = [_gaps(found, outcome) for outcome in (findings.outcome, other)]
    chosen = np.unique(np.linspace(0, found.scenarios - 1, min(DOTS, found.scenarios)).astype(int))
    dots: Rows = []
    marks: Rows = []
    for i, name in enumerate(found.options):
        fill = colours(found)[name]
        x, y = pairs[0][:, i], pairs[1][:, i]
        if i:
            dots += [{"x": float(x[s]), "y": float(y[s]), "fill": fill} for s in chosen]
        marks.append({"x": float(x.mean()), "y": float(y.mean()), "fill": fill, "name": name})
    labels = [found.label(o.quantity) for o in (findings.outcome, other)]
    across = alt.X("x:Q", title=f"{labels[0]}: people against {found.options[0]}", axis=axis(grid=True, tickCount=6))
    up = alt.Y("y:Q", title=f"{labels[1]}: people against {found.options[0]}", axis=axis(grid=True, tickCount=6))
    fill_of = alt.Color("fill:N", scale=None)
    zero = data([{"z": 0}])
    layers = [
        alt.Chart(zero).mark_rule(color=look().muted).encode(x="z:Q"),
        alt.Chart(zero).mark_rule(color=look().muted).encode(y="z:Q"),
        alt.Chart(data(dots)).mark_circle(size=14, opacity=0.35).encode(across, up, color=fill_of),
        alt.Chart(data(marks))
        .mark_point(filled=True, size=150, opacity=1, stroke=look().paper, strokeWidth=1.5)
        .encode(across, up, color=fill_of),
        _named(marks, across, up),
    ]
    return alt.layer(*layers, width=SIZE, height=SIZE)


def _named(marks: Rows, across: alt.X, up: alt.Y) -> Chart:
    """Names of the options at their means, readable over dots; those of marks that nearly coincide on one line."""
    base = alt.Chart(data(_joined(marks)))
    asked: dict[str, Any] = {"align": "left", "dx": 11, "fontSize": 12, "fontWeight": "bold"}
    halo = base.mark_text(stroke=look().paper, strokeWidth=4, color=look().paper, **asked)
    plain = base.mark_text(color=look().ink, **asked)
    return alt.layer(*(layer.encode(across, up, text="name:N") for layer in (halo, plain)))


def _joined(marks: Rows) -> Rows:
    """Marks with the names of those next to them, in order; a mark within `NEXT_TO` of both ranges adds its name."""
    wide, high = (max(float(np.ptp([mark[axis_] for mark in marks])), 1e-9) for axis_ in ("x", "y"))
    found: Rows = []
    for mark in marks:
        for one in found:
            if abs(one["x"] - mark["x"]) <= NEXT_TO * wide and abs(one["y"] - mark["y"]) <= NEXT_TO * high:
                one["name"] += f", {mark['name']}"
                break
        else:
            found.append(dict(mark))
    return found


def _gaps(found: Exploration, outcome: Endpoint) -> Any:
    values = found.outcome_values(outcome)
    return values - values[:, :1]


def _bars(findings: Findings) -> Chart:
    """In how many sets of assumptions each option is best, and worse than the first."""
    found = findings.explored
    rows: Rows = []
    for i, (name, one) in enumerate(zip(found.options, findings.robustness, strict=True)):
        top = 30.0 + ROW * i
        rows.append({"y": top, "y2": top + 12, "x": one.best, "fill": colours(found)[name], "word": share(one.best)})
        if i:
            rows.append({"y": top + 14, "y2": top + 22, "x": one.worse, "fill": "hatched", "word": share(one.worse)})
    height = 30.0 + ROW * len(found.options)
    names = [{"y": 22.0 + ROW * i, "x": 0.0, "word": name} for i, name in enumerate(found.options)]
    across = alt.X("x:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=None)
    up = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    best, worse = ([r for r in rows if (r["fill"] == "hatched") is hatched] for hatched in (False, True))
    middle = [{**r, "y": (r["y"] + r["y2"]) / 2} for r in rows]
    layers = [
        alt.Chart(data([{**r, "x0": 0.0} for r in best]))
        .mark_rect()
        .encode(
            x=alt.X("x0:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
            x2="x:Q",
            y=up,
            y2="y2:Q",
            color=alt.Color("fill:N", scale=None),
        ),
        alt.Chart(data([{**r, "x0": 0.0} for r in worse]))
        .mark_rect(filled=False, stroke=look().ink, strokeWidth=1)
        .encode(x=alt.X("x0:Q", axis=None, scale=alt.Scale(domain=[0, 1])), x2="x:Q", y=up, y2="y2:Q"),
        alt.Chart(data(middle))
        .mark_text(align="left", baseline="middle", dx=4, fontSize=11, color=look().muted)
        .encode(x=across, y=up, text="word:N"),
        alt.Chart(data(names))
        .mark_text(align="left", baseline="bottom", fontSize=12, fontWeight="bold", color=look().ink)
        .encode(x=across, y=up, text="word:N"),
        alt.Chart(data([{"x": 0.0, "y": 2.0, "word": f"filled: best; outline: worse than {found.options[0]}"}]))
        .mark_text(align="left", baseline="middle", fontSize=11, color=look().muted)
        .encode(x=across, y=up, text="word:N"),
    ]
    return alt.layer(*layers, width=BARS, height=height)
