"""Why this number: the chain from published figures to one quantity of one country.

Figures with their sources and grades condition where people are at the as-of date; parameters, drawn anew in each
future, drive what follows; mechanisms move people into the quantity and out of it. All of it is read from the case, the
model and the run; nothing is told from memory.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from afterfall.case import Case
from afterfall.draws import bundled_posterior, taught
from afterfall.model import Model, Quantity
from afterfall.model.conditioning import USES, conditioning
from afterfall.report.grids import Column, Grid
from afterfall.report.influence import Influence, influences
from afterfall.report.numbers import day, interval, published_count, two_figures
from afterfall.report.outlook import Spread
from afterfall.run import Run

#: How a request says that its parameters come from their priors.
PRIOR = "prior"
#: Drivers shown.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class UsedFigure:
    """A published figure behind the number: what it is read for, what it says, when, by whom, how good.

    `families` of one name repeat one count and are no independent evidence.
    """

    use: str
    said: str
    refers_to: str
    title: str
    grade: str
    family: str
    value: float


@dataclass(frozen=True, slots=True)
class Driver:
    """A parameter that the number follows, how it is known (`learned`, `a little`, `prior only`), and its source."""

    influence: Influence
    label: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A mechanism that moves people into a quantity (or out of it), and its moves in words."""

    name: str
    about: str
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The chain behind one number.

    `now` and `then` are the quantity at the as-of date and at the month; `parameters` counts all of the model and
    `noise` is the rank correlation below which none is shown.
    """

    quantity: str
    label: str
    definition: str
    place: str
    month: int
    date: str
    now: Spread
    then: Spread
    figures: tuple[UsedFigure, ...]
    drivers: tuple[Driver, ...]
    mechanisms: tuple[Mechanism, ...]
    parameters: int
    uninformed: int
    basis: str


def why(run: Run, model: Model, *, quantity: str, country: str | None = None, at: int | None = None) -> Why:
    """The chain behind a quantity of a country (or of the world) at a month (the horizon for None).

    Raises
    ------
    ValueError
        If the run has no such quantity, country or month; the message says what it has.
    """
    month = run.month(at)
    code = None if country is None else run.origin(country)
    found = run.quantity(quantity, code)
    axis = "month" if code is None else "origin_month"
    now, then = run.summary(0, code), run.summary(month, code)
    values = np.asarray(found.sel({axis: month}).values, dtype=np.float64)
    one = next(q for q in model.quantities if q.name == quantity)
    known = {k.name: k for k in model.parameters}
    names = [str(n) for n in run.dataset["parameter"].values if str(n) in known]
    draws = np.asarray(run.dataset["parameters"].sel(parameter=names).values, dtype=np.float64)
    words = taught_by(run, model)
    return Why(
        quantity=quantity,
        label=one.label,
        definition=one.definition,
        place="the world" if code is None else str(run.dataset["origin_name"].sel(origin=code).item()),
        month=month,
        date=day(run.date(month)),
        now=_spread(now, quantity),
        then=_spread(then, quantity),
        figures=used_figures(model, code),
        drivers=tuple(_driver(model, i, words) for i in influences(values, draws, names)[:SHOWN]),
        mechanisms=mechanisms(model, one),
        parameters=len(known),
        uninformed=sum(k.uninformed for k in known.values()),
        basis=basis_of(run.request.draws),
    )


def basis_of(draws: str) -> str:
    """What the parameters of a run rest on, in one sentence."""
    if draws == PRIOR:
        return "Parameters are drawn from priors, not fitted."
    return f"Parameters of the past are fitted to the case's figures ({draws}); all others are drawn from priors."


def _spread(table: pd.DataFrame, quantity: str) -> Spread:
    return Spread(*(float(table[name].loc[quantity]) for name in ("mean", "median", "low90", "high90", "mean_share")))


def used_figures(model: Model, origin: str | None) -> tuple[UsedFigure, ...]:
    """Figures that condition an origin's start; those of the world's total where no origin is asked for."""
    scene = model.scene
    return tuple(
        UsedFigure(
            use=USES[c.use] + (f" ({c.figure.role})" if c.figure.role else ""),
            said=_said(c.figure.low, c.figure.value, c.figure.high, c.figure.bound),
            refers_to=c.figure.refers_to.text,
            title=scene.case.source(c.figure.source).title,
            grade=c.figure.grade,
            family=c.figure.family or c.figure.source,
            value=c.figure.value,
        )
        for c in conditioning(scene, "WLD" if origin is None else origin)
    )


def conditioned_note(model: Model, origin: str) -> str:
    """One line on what conditions a country's numbers, and what they share with every other's."""
    name = model.scene.name(origin)
    common = "follows priors common to all countries, but for distance, policy and the like."
    figures = used_figures(model, origin)
    if not figures:
        return (
            f"No published figure of {name} is read: its size leans on its region and on the world; all else {common}"
        )
    read = "; ".join(f"{f.use} {f.said} ({f.refers_to}, {f.grade})" for f in figures)
    return f"Read for {name}: {read}. All else, how its people are spread and what they do next, {common}"


def dated_losses(model: Model) -> tuple[UsedFigure, ...]:
    """Dated losses of places that the core held: what the pace of its fall is known from."""
    case = model.case
    return tuple(
        UsedFigure("lost", e.date.text, e.date.text, case.source(e.source).title, e.grade, e.source, 0.0)
        for e in case.holding_events
        if e.event == "lost"
    )


def _said(low: float, value: float, high: float, bound: str) -> str:
    """A published count as its source gave it; under 5 as ``<5``."""
    words = {"at_least": "at least ", "at_most": "at most "}.get(bound, "")
    if low == high:
        return words + (published_count(value) if value < 5 else f"{value:,.0f}")
    return words + (f"{published_count(low)}–{published_count(high)}" if low < 5 else f"{low:,.0f}–{high:,.0f}")


def taught_by(run: Run, model: Model) -> dict[str, str]:
    """What the data taught of each fitted parameter, where a run draws from the posterior that comes with its case."""
    posterior = bundled_posterior(model)
    if posterior is None or posterior.hash not in run.request.draws:
        return {}
    words = (taught(c, e) for c, e in zip(posterior.learned, posterior.ess, strict=True))
    return dict(zip(posterior.names, words, strict=True))


def _driver(model: Model, influence: Influence, words: Mapping[str, str]) -> Driver:
    known = next(k for k in model.parameters if k.name == influence.parameter)
    source = "no source: a wide default" if known.uninformed else known.note or "the case's own figures"
    if known.source is not None:
        source = _title(model.case, known.source) + (f" ({known.grade})" if known.grade else "")
    return Driver(influence, known.label, words.get(influence.parameter, "prior only"), source)


def _title(case: Case, source: str) -> str:
    return case.source(source).title


def mechanisms(model: Model, quantity: Quantity) -> tuple[Mechanism, ...]:
    """Mechanisms whose moves change a quantity, those with the most moves first; moves in words, each once."""
    found: dict[str, dict[str, None]] = {}
    for move in model.transitions:
        into = move.dest in quantity.states and move.source not in quantity.states
        out = move.source in quantity.states and move.dest not in quantity.states
        if quantity.name in move.counts or into:
            found.setdefault(move.mechanism, {})[move.label] = None
        elif out:
            found.setdefault(move.mechanism, {})[f"out: {move.label}"] = None
    return tuple(Mechanism(name, about(name), tuple(moves)) for name, moves in found.items())


def about(mechanism: str) -> str:
    """What a mechanism is for: the first sentence of its file."""
    module = sys.modules.get(f"afterfall.model.mechanisms.{mechanism}")
    text = (module.__doc__ or "") if module else ""
    return " ".join(text.split("\n\n")[0].split())


def why_grids(chain: Why) -> tuple[Grid, ...]:
    """The chain as tables: figures, drivers, mechanisms."""
    return (_figure_grid(chain), _driver_grid(chain), _mechanism_grid(chain))


def _figure_grid(chain: Why) -> Grid:
    columns = (*(Column(h) for h in ("read for", "said", "as of", "grade", "source")),)
    rows = tuple((f.use, f.said, f.refers_to, f.grade, f.title) for f in chain.figures)
    return Grid(columns, (rows,), "1 published figures that condition the start")


def _driver_grid(chain: Why) -> Grid:
    columns = (
        Column("parameter"),
        Column("rank correlation", "right"),
        Column("lowest third: median (90%)", "right"),
        Column("highest third", "right"),
        Column("known from"),
        Column("prior's source"),
        Column("meaning"),
    )
    rows = tuple(
        (
            d.influence.parameter,
            f"{d.influence.correlation:+.2f}",
            in_figures(d.influence.low),
            in_figures(d.influence.high),
            d.basis,
            d.source,
            d.label,
        )
        for d in chain.drivers
    )
    return Grid(columns, (rows,), "2 parameters that drive its spread, the strongest first")


def _mechanism_grid(chain: Why) -> Grid:
    columns = (Column("mechanism"), Column("what it decides"), Column("moves that change this number"))
    rows = tuple((m.name, m.about, ", ".join(m.moves)) for m in chain.mechanisms)
    return Grid(columns, (rows,), "3 mechanisms")


def in_figures(spread: tuple[float, float, float]) -> str:
    """A median with its 90 % range, ``29 (12–66)``."""
    if spread[1] == spread[2] == spread[0]:
        return two_figures(spread[0])
    return f"{two_figures(spread[0])} ({interval(spread[1], spread[2])})"


def why_headline(chain: Why) -> tuple[str, ...]:
    """What the number is, in two lines."""
    now, then = chain.now, chain.then
    return (
        f"{chain.label}, {chain.place}: {chain.definition}",
        f"{chain.date} (month {chain.month}): median {two_figures(then.median)}, 90% "
        f"{interval(then.low90, then.high90)}; at the as-of date {two_figures(now.median)} "
        f"({interval(now.low90, now.high90)})",
    )


def why_notes(chain: Why) -> list[str]:
    """What a reader must know to read the chain."""
    lines = []
    if not chain.figures:
        lines.append("No published figure of this place is read: it leans on its region and on the world's total.")
    if not chain.drivers:
        lines.append("No single parameter stands out of the noise of so few futures, or the number does not vary.")
    lines.append(
        f"{chain.basis} {chain.uninformed} of {chain.parameters} have a wide prior with no source. Rank correlation "
        "over the run's own futures; it sees one parameter at a time and only what the draws vary."
    )
    lines.append("Figures of one report family are one piece of evidence. About groups, never about persons.")
    return lines
