"""The picture of a fit: prior and posterior of each parameter side by side, the best informed first.

One row a parameter, on the scale on which every prior is the same: prior standard deviations from the prior's median.
Grey: the prior's 90 % interval and median. Blue: the posterior's. Numbers in the parameter's own unit at the right. A
blue bar as long as the grey one, and faint, is a parameter that the data do not inform.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from afterfall.model.language.parameters import Z95
from afterfall.posterior.contraction import PRIOR_ONLY
from afterfall.report.kit.chart_frame import Chart, Rows, axis, data, framed, of_field, rows_axis, words
from afterfall.report.kit.number_formats import day, median_range
from afterfall.report.kit.theme import look

if TYPE_CHECKING:
    from afterfall.infer import Fit, PriorPosterior

SHOWN = 40
ROW, TOP, WIDTH = 22.0, 26.0, 380
LABELS, NUMBERS = -300.0, {"prior": WIDTH + 130.0, "posterior": WIDTH + 270.0, "information": WIDTH + 290.0}


def prior_and_posterior(fit: Fit, rows: Sequence[PriorPosterior]) -> Chart:
    """The picture, as a Vega-Lite chart."""
    chosen = list(rows)[:SHOWN]
    shown = [_row(r, TOP + ROW * (k + 0.7)) for k, r in enumerate(chosen)]
    height = TOP + ROW * (len(shown) + 0.2)
    span = max([3.0, *(abs(v) for d in shown for v in (d["low"], d["high"]))])
    scale = alt.Scale(domain=[-span, span], nice=False)
    x = alt.X("low:Q", title="prior standard deviations from the prior's median", scale=scale, axis=axis())
    y = rows_axis(height)
    chart = alt.layer(*_bars(shown, x, y), *_words(shown, y), width=WIDTH, height=height)
    return _framed(chart, fit, len(rows))


def fit_words(fit: Fit) -> str:
    """What the picture shows, for those who cannot see it."""
    return f"Prior and posterior of each fitted parameter of {fit.density.model.case.title}, the best informed first."


def _row(r: PriorPosterior, y: float) -> dict[str, Any]:
    low, middle, high = r.standard
    return {
        "y": y,
        "below": y + 5,
        "low": low,
        "middle": middle,
        "high": high,
        "left": -Z95,
        "right": Z95,
        "zero": 0.0,
        "name": r.name,
        "faint": 0.35 if r.word == PRIOR_ONLY else 0.9,
        "prior": median_range(r.prior[1], r.prior[0], r.prior[2]),
        "posterior": median_range(r.posterior[1], r.posterior[0], r.posterior[2]),
        "information": r.word,
    }


def _bars(rows: Rows, x: alt.X, y: alt.Y) -> list[Chart]:
    base = alt.Chart(data(rows))
    grey, blue, below = look().other_fill, look().fill("disengage"), of_field(y, "below")
    fade = alt.Opacity("faint:Q", scale=None)
    return [
        base.mark_rule(strokeWidth=4, color=grey, opacity=0.6).encode(of_field(x, "left"), below, alt.X2("right:Q")),
        base.mark_tick(thickness=2, size=8, orient="vertical", color=grey).encode(of_field(x, "zero"), below),
        base.mark_rule(strokeWidth=6, color=blue).encode(x, y, alt.X2("high:Q"), fade),
        base.mark_tick(thickness=2.5, size=12, orient="vertical", color=look().ink).encode(of_field(x, "middle"), y),
    ]


def _words(rows: Rows, y: alt.Y) -> list[Chart]:
    side = {"prior": "right", "posterior": "right", "information": "left"}
    headings = {"prior": "prior (90%)", "posterior": "posterior (90%)", "information": "informed by the data"}
    layers = [words(rows, y, LABELS, "left", "name", look().ink)]
    for field, at in NUMBERS.items():
        layers.append(words(rows, y, at, side[field], field, look().muted if field == "prior" else look().ink))
        layers.append(words([{"y": 8.0, "word": headings[field]}], y, at, side[field], "word", look().muted))
    return layers


def _framed(chart: Chart, fit: Fit, number: int) -> Chart:
    origin = fit.posterior.origin
    subtitle = [
        f"{min(SHOWN, number)} of {number} parameters, the best informed first. Grey: prior, 90% interval and median. "
        "Blue: posterior.",
        "Bars of one length: the data do not inform that parameter, and what rests on it rests on its prior.",
    ]
    foot = (
        f"afterfall · case {origin.case} ({origin.case_hash[:8]}) · as of {day(origin.as_of)} · posterior "
        f"{fit.posterior.hash} (key {origin.key[:8]}) · seed {origin.seed}"
    )
    return framed(chart, "Posterior contraction: how far the figures inform each parameter", subtitle, [foot])
