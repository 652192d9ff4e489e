"""The picture of several options: what each changes on the outcomes that matter most, against the status quo.

One panel an outcome, one row an option, with an axis of its own. Line, tick and dot, and the colours, are those of the
picture of two policies (`comparison_picture`). The words at the right give the mean and in how many of 100 simulations
the option is best among all.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import OptionSet
from afterfall.report.comparison.comparison_picture import BETTER, WORSE
from afterfall.report.comparison.comparison_tables import country_name, marked, title_of
from afterfall.report.comparison.option_verdicts import ATTEMPTED, MAIN, leader, moved, verdicts
from afterfall.report.kit.chart_frame import Chart, Rows, axis, data, framed, of_field, rows_axis, words
from afterfall.report.kit.number_formats import day, signed
from afterfall.report.kit.stamp import GROUPS_ONLY, stamp_of
from afterfall.report.kit.theme import look

ROW, TOP, WIDTH, LABEL_LEFT = 22.0, 26.0, 430, -230.0
FIGURES = {"mean": WIDTH + 60.0, "best": WIDTH + 125.0}
HEADINGS = {"mean": "mean", "best": "best in 100"}
#: Panels at most.
PANELS = 6


def options_chart(found: OptionSet, command: str) -> Chart:
    """The picture, as a Vega-Lite chart."""
    panels = [_panel(found, o, first=i == 0) for i, o in enumerate(pictured(found))]
    chart = alt.vconcat(*panels, spacing=10).resolve_scale(x="independent", y="independent")
    run, one = found.any.a.run, found.any
    place = "everyone" if one.country is None else country_name(one)
    subtitle = [
        f"{place}, {day(run.date(one.month))}, {one.trajectories:,} simulations of each option with the same random "
        f"draws. People against “{title_of(one.a.policy)}”.",
        "Line: 90% of simulations; tick: median; dot: mean. Blue: clearly better; red: clearly worse; grey: no clear "
        "change.",
        "A fall counts beyond the additional dead. Best: simulations in which no other option is better; ties count "
        "for all.",
    ]
    foot = [
        stamp_of(run, command).source_line(),
        f"Effects of levers are uncertain and mostly assumed. {GROUPS_ONLY}",
    ]
    return framed(chart, leader(found), subtitle, foot)


def option_words(found: OptionSet) -> str:
    """What the picture shows, for those who cannot see it."""
    return " ".join(verdicts(found))


def pictured(found: OptionSet) -> tuple[Endpoint, ...]:
    """Those at risk and undetected, attempts, then what options make clearest better or worse, in turns."""
    main = [o for o in found.judged if o.quantity in (MAIN, ATTEMPTED)]
    ranked: dict[Endpoint, int] = {}
    for option in range(1, len(found.names)):
        for some in moved(found, option):
            for place, outcome in enumerate(some):
                ranked[outcome] = min(place, ranked.get(outcome, place))
    rest = sorted((o for o in ranked if o not in main), key=lambda o: (ranked[o], found.outcomes.index(o)))
    return (*main, *rest)[:PANELS]


def _panel(found: OptionSet, outcome: Endpoint, *, first: bool) -> Chart:
    rows = _rows(found, outcome)
    height = TOP + ROW * len(rows)
    reach = max([0.1, *(max(abs(r["low90"]), abs(r["high90"]), abs(r["mean"])) for r in rows)]) * 1.05
    x = alt.X(
        "low90:Q", title=None, scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis(grid=True, tickCount=7)
    )
    y = rows_axis(height)
    base, colour = alt.Chart(data(rows)), alt.Color("fill:N", scale=None)
    way = {"less": "fewer is better", "more": "more is better", "neither": ""}[outcome.direction]
    layers = [
        alt.Chart(data([{"low90": 0.0, "y": TOP - 10, "y2": height - 8}]))
        .mark_rule(color=look().muted, strokeWidth=1)
        .encode(x, y.copy(), y2="y2:Q"),
        base.mark_rule(strokeWidth=3, opacity=0.6).encode(x, y, alt.X2("high90:Q"), color=colour),
        base.mark_tick(thickness=2.5, size=12, orient="vertical", color=look().ink).encode(of_field(x, "median"), y),
        base.mark_point(filled=True, size=60, opacity=1, stroke=look().paper).encode(
            of_field(x, "mean"), y, color=colour
        ),
        words(rows, y, LABEL_LEFT, "left", "label", look().ink),
        words(
            [{"y": 6.0, "word": f"{marked(found.any, outcome.quantity)} ({way})"}],
            y,
            LABEL_LEFT - 12,
            "left",
            "word",
            look().ink,
            weight="bold",
        ),
        *(words(rows, y, at, "right", f"{name}_word", look().ink) for name, at in FIGURES.items()),
    ]
    if first:
        layers += [
            words([{"y": 6.0, "word": HEADINGS[name]}], y, at, "right", "word", look().muted)
            for name, at in FIGURES.items()
        ]
    return alt.layer(*layers, width=WIDTH, height=height)


def _rows(found: OptionSet, outcome: Endpoint) -> Rows:
    standings = found.standing(outcome)
    rows: list[dict[str, Any]] = []
    for i, name in enumerate(found.names):
        gap = found.between(i, 0, outcome)
        says = found.verdict(i, outcome)
        plain, good = says not in ("better", "worse"), says == "better"
        rows.append(
            {
                "y": TOP + ROW * i,
                "label": name,
                "fill": look().other_fill if plain else look().fill(BETTER if good else WORSE),
                "low90": gap.low90,
                "high90": gap.high90,
                "median": gap.median,
                "mean": gap.mean,
                "mean_word": signed(gap.mean),
                "best_word": f"{100 * standings[i].best:.0f}",
            }
        )
    return rows
