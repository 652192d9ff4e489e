"""Table of which figures move a forecast: the forecast without each of them, those that move it most first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from afterfall.report.kit.number_formats import day, interval, json_number, published_count, share, two_figures
from afterfall.report.kit.table import TableColumn, TextTable
from afterfall.run import add_months

if TYPE_CHECKING:
    from afterfall.infer.case_deletion import CaseDeletion, DeletionEffect
    from afterfall.model import Model

SCHEMA_VERSION = 1
#: A shift within this many of its Monte Carlo errors is not told from none.
CERTAIN = 2.0


def influence_headline(found: CaseDeletion, model: Model) -> tuple[str, str]:
    """The forecast asked about, and what was done to it."""
    number, case = found.number, model.case
    label = next(q.label for q in model.quantities if q.name == number.quantity)
    place = "the world" if number.country is None else model.view.name(number.country)
    when = day(add_months(case.as_of, number.month))
    return (
        f"{case.title}: {label}, {place}, {when}: mean {two_figures(found.mean)} "
        f"({interval(found.low90, found.high90)} in 9 of 10 futures)",
        f"Each figure public by {day(case.as_of)} is left out in turn: {found.trajectories:,} futures on the same "
        f"luck, posterior {found.posterior.hash}, seed {found.seed}.",
    )


def influence_grids(found: CaseDeletion, model: Model, *, most: int) -> tuple[TextTable, ...]:
    """Those that move the forecast most, then those that weights cannot tell of, and what was not tried."""
    sure = [m for m in found.moved if m.trusted]
    clear = [m for m in sure if abs(m.shift) > CERTAIN * m.error]
    told = tuple(_row(m, model) for m in clear[:most])
    columns = (
        TableColumn("without the figure"),
        *(TableColumn(name, "right") for name in ("said", "mean", "shift", "Pareto k")),
        TableColumn("how"),
        TableColumn("source"),
    )
    grids = [TextTable(columns, (told,), "Figures that move this forecast most")] if told else []
    unsure = tuple(_row(m, model) for m in found.moved if not m.trusted)
    if unsure:
        grids.append(
            TextTable(columns, (unsure,), "Reweighting does not tell of these: fit again without them (--refit)")
        )
    rest = (
        ("move it less than these", len(clear) - len(told)),
        ("move it by no more than two errors of the simulation", len(sure) - len(clear)),
        *Counter(f"not left out: {reason}" for _, reason in found.not_deleted).most_common(),
    )
    rows = tuple((what, str(n)) for what, n in rest if n)
    if rows:
        grids.append(TextTable((TableColumn("other figures"), TableColumn("number", "right")), (rows,)))
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


def influence_json(found: CaseDeletion, model: Model, command: str) -> dict[str, Any]:
    """The object that ``afterfall influence --json`` prints."""
    number = found.number
    return {
        "schema_version": SCHEMA_VERSION,
        "case": model.case.id,
        "as_of": model.case.as_of.isoformat(),
        "case_hash": found.posterior.origin.case_hash,
        "model_version": found.posterior.origin.model_version,
        "posterior": found.posterior.hash,
        "seed": found.seed,
        "trajectories": found.trajectories,
        "command": command,
        "quantity": number.quantity,
        "country": number.country,
        "month": number.month,
        "mean": json_number(found.mean),
        "low90": json_number(found.low90),
        "high90": json_number(found.high90),
        "figures": [
            {
                "figure": m.figure.figure,
                "quantity": m.figure.quantity,
                "place": m.figure.place,
                "source": m.figure.source,
                "mean": json_number(m.mean),
                "shift": json_number(m.shift),
                "error": json_number(m.error),
                "pareto_k": json_number(m.khat),
                "way": m.way,
                "trusted": m.trusted,
            }
            for m in found.moved
        ],
        "not_told": [{"figure": f.figure, "why": why} for f, why in found.not_deleted],
    }
