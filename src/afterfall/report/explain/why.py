"""Why this number: the chain from published figures to one quantity of one country.

Figures with their sources and grades condition where people are at the as-of date. Parameters, drawn for each
simulation from priors or from a posterior, drive what follows. Mechanisms move people into the quantity and out of it.
All of it is read from the case, the model and the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from afterfall.case import Case, Figure, with_article
from afterfall.case.problems import Problem
from afterfall.model import Model, Quantity
from afterfall.model.language.parameters import Known
from afterfall.model.observation.figure_rules import MODEL_QUANTITY, SHARES
from afterfall.model.observation.nowcast_data import USES, nowcast_figures
from afterfall.report.explain.figure_account import FigureAccounts
from afterfall.report.explain.figure_tables import figure_grids
from afterfall.report.explain.parameter_basis import Basis, basis, draws_option, effects_of, is_fitted
from afterfall.report.explain.rank_correlations import Floats, RankCorrelation, rank_correlations
from afterfall.report.explain.spread_shares import SpreadShares, shares_of, shares_sentence
from afterfall.report.kit.case_warnings import warnings_behind, warnings_note
from afterfall.report.kit.mechanism_words import about
from afterfall.report.kit.number_formats import day, interval, median_range, published_count, two_figures
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.spread import Spread
from afterfall.report.kit.stamp import GROUPS_ONLY, Stamp, stamp_of
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns
from afterfall.run import Run
from afterfall.run.resolve import model_of
from afterfall.shown import Shown

#: Drivers shown.
SHOWN = 8
#: Width at which plain text breaks what a mechanism decides, and its moves.
MECHANISM = 31
NONE_STANDS_OUT = "none stands out from the noise of so few simulations, or the number does not vary"


@dataclass(frozen=True, slots=True)
class UsedFigure:
    """A published figure behind the number: what it is read for, its count, when, by whom, how reliable.

    Figures of one `family` repeat one count and are not independent evidence.
    """

    use: str
    published: str
    refers_to: str
    title: str
    grade: str
    family: str
    value: float


@dataclass(frozen=True, slots=True)
class Driver:
    """A parameter that the number follows, how it is known (`learned`, `a little`, `prior only`), and its source.

    Effects of a region or a country on a parameter count as parameters.
    """

    influence: RankCorrelation
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
class Why(Shown):
    """The chain behind one number.

    `now` and `then` are the quantity at the as-of date and at the month; `rests` says what the parameters of the run
    rest on; `ranking` is the command that ranks the figures behind the number, empty where there is no posterior;
    `warnings` are those of rows of the case that the number rests on; `accounts` lists every figure of the place, read
    or not, where it was asked for (`afterfall.report.explain.figure_account`); `shares` says how much of the spread
    rests on parameters that something published informs (`afterfall.report.explain.spread_shares`);
    `stamp` says where the numbers come from, `run` is the run that they were read from.
    """

    stamp: Stamp
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
    rests: Basis
    ranking: str
    warnings: tuple[Problem, ...] = ()
    accounts: FigureAccounts | None = None
    shares: SpreadShares | None = None
    run: Run | None = field(default=None, repr=False, compare=False)


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
    rests = basis(run, model)
    return Why(
        stamp=stamp_of(run),
        quantity=quantity,
        label=one.label,
        definition=one.definition,
        place="the world" if code is None else str(run.dataset["origin_name"].sel(origin=code).item()),
        month=month,
        date=day(run.date(month)),
        now=Spread.of_summary(now, quantity),
        then=Spread.of_summary(then, quantity),
        figures=used_figures(model, code),
        drivers=drivers(run, model, values, code, rests),
        mechanisms=mechanisms(model, one),
        rests=rests,
        ranking=_ranking(model, quantity, code, month) + draws_option(run, model) if rests.fitted else "",
        warnings=warnings_behind(model, code),
        shares=shares_of(run, model, quantity, code, month),
        run=run,
    )


def drivers(run: Run, model: Model, values: Floats, origin: str | None, rests: Basis) -> tuple[Driver, ...]:
    """Parameters that a number follows over the simulations of a run, the strongest first.

    Parameters
    ----------
    run, model
        A run and the model it was made from.
    values
        The number in each simulation, ``(n,)``.
    origin
        Whose number it is, None for the world: effects of its region and its own are parameters too.
    rests
        What the parameters of the run rest on.
    """
    known, effects = {k.name: k for k in model.parameters}, effects_of(model, origin)
    names = [name for name in run.parameters if name in known or name in effects]
    draws = np.asarray(run.dataset["parameters"].sel(parameter=names).values, dtype=np.float64)
    found = rank_correlations(values, draws, names)[:SHOWN]
    return tuple(_driver(model.case, i, known.get(i.parameter), effects, rests) for i in found)


def _ranking(model: Model, quantity: str, origin: str | None, month: int) -> str:
    whose = "" if origin is None else f" --country {origin}"
    case = model.case
    return f"afterfall influence {case.reference} --as-of {case.as_of}{whose} --quantity {quantity} --at {month}"


def used_figures(model: Model, origin: str | None) -> tuple[UsedFigure, ...]:
    """Figures that condition an origin's start; those of the world's total where no origin is asked for.

    A count that is read otherwise than it was published, such as one that gains those repatriated since, has both.
    """
    view = model.view
    published = {figure.figure: figure for figure in view.case.figures}
    return tuple(
        UsedFigure(
            use=USES[c.use] + (f" ({c.figure.role})" if c.figure.role else ""),
            published=_as_read(published.get(c.figure.figure, c.figure), c.figure),
            refers_to=published.get(c.figure.figure, c.figure).refers_to.text,
            title=view.case.source(c.figure.source).title,
            grade=c.figure.grade,
            family=c.figure.family or c.figure.source,
            value=c.figure.value,
        )
        for c in nowcast_figures(view, "WLD" if origin is None else origin)
    )


def _as_read(published: Figure, read: Figure) -> str:
    first, second = (_published(f.low, f.value, f.high, f.bound) for f in (published, read))
    return first if first == second else f"{first}, read as {second}"


def country_notes(run: Run, country: str | None) -> tuple[str, ...]:
    """What conditions the numbers of one country in a forecast; nothing for the world."""
    return () if country is None else (conditioned_note(model_of(run), run.origin(country), run.request.draws),)


def conditioned_note(model: Model, origin: str, draws: str) -> str:
    """One line on what conditions a country's numbers, and what they share with those of every other.

    `draws` is what the run's request says of where its parameters come from.
    """
    name = with_article(model.view.name(origin))
    common = "follows priors common to all countries, but for distance, policy and the like."
    if is_fitted(draws):
        common = (
            "follows parameters common to its region or to all countries (those of the past fitted to the figures of "
            "all, the rest priors), but for distance, policy and the like."
        )
    figures = used_figures(model, origin)
    if not figures:
        return (
            f"No published figure of {name} is read: its size rests on its region and on the world; all else {common}"
        )
    read = "; ".join(f"{f.use} {f.published} ({f.refers_to}, {f.grade})" for f in figures)
    return f"Read for {name}: {read}. All else, how its people are spread and what they do next, {common}"


def dated_losses(model: Model) -> tuple[UsedFigure, ...]:
    """Dated losses of places that the core held: what the pace of its fall is known from."""
    case = model.case
    return tuple(
        UsedFigure("lost", e.date.text, e.date.text, case.source(e.source).title, e.grade, e.source, 0.0)
        for e in case.holding_events
        if e.event == "lost"
    )


def _published(low: float, value: float, high: float, bound: str) -> str:
    """A published count as its source gave it; under 5 as ``<5``."""
    words = {"at_least": "at least ", "at_most": "at most "}.get(bound, "")
    if low == high:
        return words + (published_count(value) if value < 5 else f"{value:,.0f}")
    return words + (f"{published_count(low)}–{published_count(high)}" if low < 5 else f"{low:,.0f}–{high:,.0f}")


def _driver(
    case: Case, influence: RankCorrelation, known: Known | None, effects: Mapping[str, str], rests: Basis
) -> Driver:
    name = influence.parameter
    if known is None:
        spread = name.partition("[")[0]
        return Driver(influence, effects[name], rests.word(name), f"no source: drawn around zero by {spread}")
    source = "no source: a wide default" if known.uninformed else known.note or "the case's own figures"
    if known.source is not None:
        source = _title(case, known.source) + (f" ({known.grade})" if known.grade else "")
    return Driver(influence, known.label, rests.word(name), source)


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


def why_grids(chain: Why) -> tuple[TextTable, ...]:
    """The chain as tables: figures, drivers, mechanisms."""
    figures = (_figure_grid(chain),) if chain.accounts is None else figure_grids(chain.accounts)
    return (*figures, _driver_grid(chain), _mechanism_grid(chain))


def _figure_grid(chain: Why) -> TextTable:
    title = "1. published figures that condition the start"
    if not chain.figures:
        rest = "none is read of this place: it rests on its region and on the world's total"
        return TextTable(word_columns("published figures"), (((rest,),),), title)
    columns = word_columns("read for", "published", "as of", "grade", "source")
    rows = tuple((f.use, f.published, f.refers_to, f.grade, f.title) for f in chain.figures)
    return TextTable(columns, (rows,), title)


def _driver_grid(chain: Why) -> TextTable:
    title = "2. parameters that drive its spread, the strongest first"
    if not chain.drivers:
        return TextTable(word_columns("parameters"), (((NONE_STANDS_OUT,),),), title)
    columns = (
        *word_columns("parameter"),
        *number_columns("rank correlation", "lowest third: median (90%)", "highest third"),
        *word_columns("informed by the data", "source of the prior", "meaning"),
    )
    rows = tuple(
        (
            d.influence.parameter,
            f"{d.influence.correlation:+.2f}",
            median_range(*d.influence.low),
            median_range(*d.influence.high),
            d.basis,
            d.source,
            d.label,
        )
        for d in chain.drivers
    )
    return TextTable(columns, (rows,), title)


def _mechanism_grid(chain: Why) -> TextTable:
    columns = (
        *word_columns("mechanism"),
        TableColumn("what it decides", wrap=MECHANISM),
        TableColumn("moves that change this number", wrap=MECHANISM),
    )
    rows = tuple((m.name, m.about, ", ".join(m.moves)) for m in chain.mechanisms)
    return TextTable(columns, (rows,), "3. mechanisms")


def why_headline(chain: Why) -> tuple[str, ...]:
    """What the number is, in two lines, and what is given, if any."""
    now, then = chain.now, chain.then
    return (
        f"{chain.label}, {chain.place}: {chain.definition}",
        f"{chain.date} (month {chain.month}): median {two_figures(then.median)}, 90% "
        f"{interval(then.low90, then.high90)}; at the as-of date {two_figures(now.median)} "
        f"({interval(now.low90, now.high90)})",
        *(line for line in (shares_sentence(chain.shares),) if line),
        *_unpublished(chain),
        *(() if chain.stamp.conditioned is None else (chain.stamp.conditioned.note(),)),
    )


def _unpublished(chain: Why) -> tuple[str, ...]:
    """A line that no figure of the quantity is published, where none is; nothing where accounts were not asked for."""
    if chain.accounts is None or any(_measures(one.figure.quantity, chain.quantity) for one in chain.accounts.own):
        return ()
    return (
        f"No figure of this quantity is published for {with_article(chain.place)} by the as-of date: the number "
        "follows from what is published of other quantities, and from the parameters below.",
    )


def _measures(published: str, quantity: str) -> bool:
    """Whether a published quantity counts a quantity of the model, or the part of it before the as-of date."""
    counted = MODEL_QUANTITY.get(published, SHARES.get(published, published))
    return counted == quantity or counted.removesuffix("_so_far") == quantity


def why_notes(chain: Why) -> list[str]:
    """How to read the chain."""
    lines = [
        rests_note(chain.rests),
        HowToRead(
            "Rank correlation over the simulations of the run: one parameter at a time, and only what the draws vary."
        ),
    ]
    if chain.ranking:
        lines.append(f"Which figures move it most, each left out in turn: {chain.ranking}")
    lines += warnings_note(chain.warnings)
    lines += [HowToRead("Figures of one report family are one piece of evidence."), GROUPS_ONLY]
    return lines


def rests_note(rests: Basis) -> str:
    """How far the data inform the parameters and how much is assumed, in two or three sentences."""
    bare = f"{rests.uninformed} of {rests.parameters} have a wide prior with no source"
    if not rests.fitted:
        return f"{rests.sentence} {bare}."
    return (
        f"{rests.sentence} The data inform {rests.learned} of {rests.parameters} well and "
        f"{rests.weakly_informed} weakly. {bare}; the data do not inform {rests.unlearned} of those."
    )
