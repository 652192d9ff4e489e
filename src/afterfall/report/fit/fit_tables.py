"""Tables of a fit: how the chains did, what the data taught of each parameter, and whether the figures look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from afterfall.posterior.contraction import LEARNED, PRIOR_ONLY, WEAKLY_INFORMED
from afterfall.report.kit.number_formats import day, interval, json_number, two_figures
from afterfall.report.kit.table import TableColumn, TextTable

if TYPE_CHECKING:
    from afterfall.infer import Checked, Fit, PriorPosterior

SCHEMA_VERSION = 1
WORDS = (LEARNED, WEAKLY_INFORMED, PRIOR_ONLY)


def fit_headline(fit: Fit, rows: Sequence[PriorPosterior]) -> tuple[str, str]:
    """What was fitted to what, and how much the figures taught."""
    origin, count = fit.posterior.origin, Counter(r.word for r in rows)
    told = ", ".join(f"{count[word]} {word}" for word in WORDS)
    figures = len(fit.density.fit_figures.observed)
    return (
        f"{fit.density.model.case.title}: parameters fitted to {figures} figures public by {day(origin.as_of)}",
        f"Of {len(rows)} parameters of the past: {told}. Posterior {fit.posterior.hash}, seed {origin.seed}.",
    )


def fit_grids(fit: Fit, rows: Sequence[PriorPosterior], checks: Sequence[Checked]) -> tuple[TextTable, ...]:
    """Parameters, predictive checks, what was left out of the figures, and the chains."""
    grids = (_parameters(rows), _checks(checks), _left_out(fit), _chains(fit))
    return tuple(g for g in grids if any(g.sections))


def _parameters(rows: Sequence[PriorPosterior]) -> TextTable:
    columns = (
        TableColumn("parameter"),
        TableColumn("unit"),
        *(TableColumn(n, "right") for n in ("prior", "prior 90%", "posterior", "posterior 90%", "contraction")),
        TableColumn("what the data taught"),
        TableColumn("prior from"),
    )
    sections = tuple(tuple(_parameter(r) for r in rows if r.word == word) for word in WORDS)
    return TextTable(columns, tuple(s for s in sections if s), "What the data taught")


def _parameter(r: PriorPosterior) -> tuple[str, ...]:
    before, after = (interval(x[0], x[2]) for x in (r.prior, r.posterior))
    middle = two_figures(r.prior[1]), two_figures(r.posterior[1])
    return (r.name, r.unit, middle[0], before, middle[1], after, f"{max(r.contraction, 0.0):.2f}", r.word, r.source)


def _checks(checks: Sequence[Checked]) -> TextTable:
    columns = (
        TableColumn("figures of"),
        *(TableColumn(n, "right") for n in ("number", "inside 90%", "mean chance of no more")),
        TableColumn("furthest out"),
    )
    rows = tuple(
        (
            c.quantity,
            str(c.figures),
            f"{c.inside90} of {c.figures}",
            f"{c.mean:.2f}",
            f"{c.furthest[0]} ({c.furthest[1]:.2f})",
        )
        for c in checks
    )
    return TextTable(columns, (rows,), "Would the posterior have published these figures?")


def _left_out(fit: Fit) -> TextTable:
    why = Counter(reason for _, reason in fit.density.fit_figures.left_out)
    rows = tuple((reason, str(n)) for reason, n in why.most_common())
    return TextTable((TableColumn("figures not read"), TableColumn("number", "right")), (rows,) if rows else ())


def _chains(fit: Fit) -> TextTable:
    d, origin = fit.diagnosis, fit.posterior.origin
    rows = (
        ("chains, warm-up and draws of each", f"{origin.chains}, {origin.warmup} and {origin.kept // origin.chains}"),
        ("largest R-hat", f"{d.rhat.max():.3f} ({d.names[int(d.rhat.argmax())]})"),
        ("smallest effective sample", f"{d.ess.min():.0f} ({d.names[int(d.ess.argmin())]})"),
        ("divergences", f"{d.divergences} of {d.kept}"),
        ("steps an iteration, acceptance", f"{d.steps:.0f}, {d.acceptance:.2f}"),
        ("minutes", f"{fit.seconds / 60.0:.1f}"),
    )
    return TextTable((TableColumn("chains"), TableColumn("")), (rows,))


def fit_json(fit: Fit, rows: Sequence[PriorPosterior], checks: Sequence[Checked]) -> dict[str, Any]:
    """The object that ``afterfall fit --json`` prints."""
    origin, d = fit.posterior.origin, fit.diagnosis
    return {
        "schema_version": SCHEMA_VERSION,
        "case": origin.case,
        "as_of": origin.as_of.isoformat(),
        "case_hash": origin.case_hash,
        "key": origin.key,
        "posterior": fit.posterior.hash,
        "seed": origin.seed,
        "command": origin.command,
        "figures": len(fit.density.fit_figures.observed),
        "chains": {
            "chains": origin.chains,
            "warmup": origin.warmup,
            "kept": d.kept,
            "largest_rhat": json_number(d.rhat.max()),
            "smallest_ess": json_number(d.ess.min()),
            "divergences": d.divergences,
            "faults": list(d.faults),
        },
        "parameters": [
            {
                "name": r.name,
                "unit": r.unit,
                "prior": [json_number(x) for x in r.prior],
                "posterior": [json_number(x) for x in r.posterior],
                "contraction": json_number(r.contraction),
                "word": r.word,
                "rhat": json_number(r.rhat),
                "ess": json_number(r.ess),
                "source": r.source,
            }
            for r in rows
        ],
        "checks": [
            {"quantity": c.quantity, "figures": c.figures, "inside90": c.inside90, "mean": json_number(c.mean)}
            for c in checks
        ],
    }
