"""Tables of the influence of figures on a forecast (case deletion): the forecast without each, largest shift first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from afterfall.report.kit.number_formats import day, interval, published_count, share, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run import add_months

if TYPE_CHECKING:
    from afterfall.infer.case_deletion import CaseDeletion, DeletionEffect
    from afterfall.model import Model

#: A shift within this many of its Monte Carlo errors is not distinguished from zero.
CERTAIN = 2.0


def influence_headline(found: CaseDeletion, model: Model) -> tuple[str, str]:
    """The forecast, and what was left out of it in turn."""
    number, case = found.number, model.case
    label = next(q.label for q in model.quantities if q.name == number.quantity)
    place = "the world" if number.country is None else model.view.name(number.country)
    when = day(add_months(case.as_of, number.month))
    return (
        f"{case.title}: {label}, {place}, {when}: mean {two_figures(found.mean)} "
        f"(90% interval {interval(found.low90, found.high90)})",
        f"Each figure public by {day(case.as_of)} is left out in turn: {found.trajectories:,} simulations with the "
        f"same random draws, {_drawn_from(found)}, seed {found.seed}.",
    )


def _drawn_from(found: CaseDeletion) -> str:
    if found.posterior is None:
        return "parameters from priors, which no figure moves"
    return f"posterior {found.posterior.hash}"


def influence_grids(found: CaseDeletion, model: Model, *, most: int) -> tuple[TextTable, ...]:
    """Figures that move the forecast most, then those for which reweighting fails, and those not left out."""
    sure = [m for m in found.moved if m.trusted]
    clear = [m for m in sure if abs(m.shift) > CERTAIN * m.error]
    listed = tuple(_row(m, model) for m in clear[:most])
    columns = (
        *word_columns("without the figure"),
        *number_columns("published", "mean", "shift", "Pareto k"),
        *word_columns("method", "source"),
    )
    grids = [TextTable(columns, (listed,), "Figures that move this forecast most")] if listed else []
    unsure = tuple(_row(m, model) for m in found.moved if not m.trusted)
    if unsure:
        grids.append(
            TextTable(columns, (unsure,), "Reweighting is not reliable for these: fit again without them (--refit)")
        )
    rest = (
        ("move it less than these", len(clear) - len(listed)),
        ("move it by no more than two Monte Carlo errors", len(sure) - len(clear)),
        *Counter(f"not left out: {reason}" for _, reason in found.not_deleted).most_common(),
    )
    rows = tuple((what, str(n)) for what, n in rest if n)
    if rows:
        grids.append(TextTable((*word_columns("other figures"), *number_columns("number")), (rows,)))
    return tuple(grids)


def _row(m: DeletionEffect, model: Model) -> tuple[str, ...]:
    f = m.figure
    where = "the world" if f.place == "WLD" else model.view.name(f.place)
    shift = f"{'+' if m.shift > 0 else ''}{two_figures(m.shift)} ± {two_figures(m.error)}"
    return (
        f"{f.quantity.replace('_', ' ')}, {where}, {f.refers_to.text}",
        share(f.value) if f.basis == "share" else published_count(f.value),
        two_figures(m.mean),
        shift,
        f"{m.khat:.2f}",
        m.way,
        model.case.source(f.source).title,
    )
