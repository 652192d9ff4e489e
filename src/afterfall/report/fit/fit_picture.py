"""The picture of a fit: prior and posterior of each parameter side by side, what the data taught most first.

One row a parameter, on the scale on which every prior is the same: prior standard deviations from the prior's median.
Grey: the prior's 90 % interval and median. Blue: the posterior's. Numbers in the parameter's own unit at the right. A
blue bar as long as the grey one learned nothing, and is faint.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from afterfall.model.language.parameters import Z95
from afterfall.posterior.contraction import PRIOR_ONLY
from afterfall.report.kit.number_formats import day, interval, two_figures
from afterfall.report.kit.theme import look

if TYPE_CHECKING:
    from afterfall.infer import Fit, PriorPosterior

SHOWN = 40
ROW, TOP, WIDTH = 22.0, 26.0, 380
LABELS, NUMBERS = -300.0, {"prior": WIDTH + 130.0, "posterior": WIDTH + 270.0, "taught": WIDTH + 290.0}


def prior_and_posterior(fit: Fit, rows: Sequence[PriorPosterior]) -> Any:
    """The picture, as a Vega-Lite chart."""
    chosen = list(rows)[:SHOWN]
    data = [_row(r, TOP + ROW * (k + 0.7)) for k, r in enumerate(chosen)]
    height = TOP + ROW * (len(data) + 0.2)
    span = max([3.0, *(abs(v) for d in data for v in (d["low"], d["high"]))])
    scale = alt.Scale(domain=[-span, span], nice=False)
    axis = alt.Axis(gridColor=look().rule, domain=False, ticks=False, labelColor=look().muted, titleColor=look().muted)
    x = alt.X("low:Q", title="prior standard deviations from the prior's median", scale=scale, axis=axis)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    chart = alt.layer(*_bars(data, x, y), *_words(data, y), width=WIDTH, height=height)
    return _framed(chart, fit, len(rows))


def fit_words(fit: Fit) -> str:
    """What the picture shows, for who cannot see it."""
    return f"Prior and posterior of each fitted parameter of {fit.density.model.case.title}, most learned first."


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
        "prior": f"{two_figures(r.prior[1])} ({interval(r.prior[0], r.prior[2])})",
        "posterior": f"{two_figures(r.posterior[1])} ({interval(r.posterior[0], r.posterior[2])})",
        "taught": r.word,
    }


def _at(field: str, channel: Any) -> Any:
    copied = channel.copy()
    copied.shorthand = f"{field}:Q"
    return copied


def _bars(data: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[Any]:
    base = alt.Chart(alt.Data(values=data))  # type: ignore[no-untyped-call]
    grey, blue, below = look().other_fill, look().fill("disengage"), _at("below", y)
    fade = alt.Opacity("faint:Q", scale=None)
    return [
        base.mark_rule(strokeWidth=4, color=grey, opacity=0.6).encode(_at("left", x), below, alt.X2("right:Q")),
        base.mark_tick(thickness=2, size=8, orient="vertical", color=grey).encode(_at("zero", x), below),
        base.mark_rule(strokeWidth=6, color=blue).encode(x, y, alt.X2("high:Q"), fade),
        base.mark_tick(thickness=2.5, size=12, orient="vertical", color=look().ink).encode(_at("middle", x), y),
    ]


def _words(data: list[dict[str, Any]], y: alt.Y) -> list[Any]:
    def text(rows: list[dict[str, Any]], at: float, align: Any, field: str, colour: str) -> Any:
        mark = alt.Chart(alt.Data(values=rows)).mark_text(  # type: ignore[no-untyped-call]
            align=align, baseline="middle", fontSize=11, color=colour
        )
        return mark.encode(x=alt.value(at), y=y, text=alt.Text(f"{field}:N"))

    side = {"prior": "right", "posterior": "right", "taught": "left"}
    headings = {"prior": "prior (90%)", "posterior": "posterior (90%)", "taught": "the data taught"}
    layers = [text(data, LABELS, "left", "name", look().ink)]
    for field, at in NUMBERS.items():
        layers.append(text(data, at, side[field], field, look().muted if field == "prior" else look().ink))
        layers.append(text([{"y": 8.0, "word": headings[field]}], at, side[field], "word", look().muted))
    return layers


def _framed(chart: Any, fit: Fit, number: int) -> Any:
    origin, taught = fit.posterior.origin, "What the figures taught of the past"
    title = alt.TitleParams(
        taught,
        subtitle=[
            f"{min(SHOWN, number)} of {number} parameters, most learned first. Grey: prior, 90% interval and median. "
            "Blue: posterior.",
            "Bars of one length: the data taught nothing, and what rests on that parameter rests on its prior.",
        ],
        anchor="start",
        fontSize=19,
        subtitleFontSize=12,
        subtitleColor=look().muted,
        color=look().ink,
        offset=18,
        subtitlePadding=7,
    )
    foot = alt.TitleParams(
        f"afterfall · case {origin.case} ({origin.case_hash[:8]}) · as of {day(origin.as_of)} · posterior "
        f"{fit.posterior.hash} (key {origin.key[:8]}) · seed {origin.seed}",
        orient="bottom",
        anchor="start",
        fontSize=10,
        fontWeight="normal",
        color=look().muted,
        offset=18,
    )
    framed = alt.vconcat(chart.properties(title=title)).properties(title=foot, padding=24, background=look().paper)
    return framed.configure(font=look().font).configure_view(stroke=None)
