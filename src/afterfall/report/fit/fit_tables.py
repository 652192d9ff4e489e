"""Tables of a fit: posterior contraction of each parameter, posterior predictive checks, and how the chains did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from afterfall.posterior.contraction import LEARNED, PRIOR_ONLY, WEAKLY_INFORMED
from afterfall.posterior.convergence import GOOD_RHAT, THIN
from afterfall.report.kit.number_formats import day, interval, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

if TYPE_CHECKING:
    from afterfall.infer import Checked, Fit, PriorPosterior
    from afterfall.posterior.posterior_file import Origin

#: Unknowns that are named where many have a high R-hat.
MOST_NAMED = 5
WORDS = (LEARNED, WEAKLY_INFORMED, PRIOR_ONLY)


def fit_headline(fit: Fit, rows: Sequence[PriorPosterior]) -> tuple[str, str]:
    """What was fitted to which figures, and how far they inform the parameters."""
    origin, count = fit.posterior.origin, Counter(r.word for r in rows)
    informed = ", ".join(f"{count[word]} {word}" for word in WORDS)
    figures = len(fit.density.fit_figures.observed)
    return (
        f"{fit.density.model.case.title}: parameters fitted to {figures} figures public by {day(origin.as_of)}",
        f"Of {len(rows)} parameters of the past: {informed}. Posterior {fit.posterior.hash}, seed {origin.seed}.",
    )


def fit_grids(fit: Fit, rows: Sequence[PriorPosterior], checks: Sequence[Checked]) -> tuple[TextTable, ...]:
    """Parameters, predictive checks, what was left out of the figures, and the chains."""
    grids = (_parameters(rows), _checks(checks), _left_out(fit), _chains(fit))
    return tuple(g for g in grids if any(g.sections))


def _parameters(rows: Sequence[PriorPosterior]) -> TextTable:
    columns = (
        *word_columns("parameter", "unit"),
        *number_columns("prior", "prior 90%", "posterior", "posterior 90%", "contraction"),
        *word_columns("informed by the data", "prior from"),
    )
    sections = tuple(tuple(_parameter(r) for r in rows if r.word == word) for word in WORDS)
    return TextTable(columns, tuple(s for s in sections if s), "Posterior contraction (prior to posterior)")


def _parameter(r: PriorPosterior) -> tuple[str, ...]:
    before, after = (interval(x[0], x[2]) for x in (r.prior, r.posterior))
    middle = two_figures(r.prior[1]), two_figures(r.posterior[1])
    return (r.name, r.unit, middle[0], before, middle[1], after, f"{max(r.contraction, 0.0):.2f}", r.word, r.source)


def _checks(checks: Sequence[Checked]) -> TextTable:
    columns = (
        *word_columns("figures of"),
        *number_columns("number", "inside 90%", "mean probability of no more"),
        *word_columns("furthest out"),
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
    return TextTable(
        columns, (rows,), "Posterior predictive checks: how well the posterior reproduces the published figures"
    )


def _left_out(fit: Fit) -> TextTable:
    why = Counter(reason for _, reason in fit.density.fit_figures.left_out)
    rows = tuple((reason, str(n)) for reason, n in why.most_common())
    return TextTable((*word_columns("figures not read"), *number_columns("number")), (rows,) if rows else ())


def _chains(fit: Fit) -> TextTable:
    d, origin = fit.diagnosis, fit.posterior.origin
    rows = (
        ("chains, warm-up and draws of each", f"{origin.chains}, {origin.warmup} and {origin.kept // origin.chains}"),
        ("largest R-hat", f"{d.rhat.max():.3f} ({d.names[int(d.rhat.argmax())]})"),
        (f"R-hat above {GOOD_RHAT}", _listed(d.above)),
        ("smallest effective sample", f"{d.ess.min():.0f} ({d.names[int(d.ess.argmin())]})"),
        ("divergences", f"{d.divergences} of {d.kept}"),
        ("steps an iteration, acceptance", f"{d.steps:.0f}, {d.acceptance:.2f}"),
        ("weight of the fit against the priors", _weight(origin.weight)),
        *([("groups that the weight rests on", _scored(origin))] if origin.stacking else []),
        ("minutes", f"{fit.seconds / 60.0:.1f}"),
    )
    return TextTable(word_columns("chains", ""), (rows,))


def _listed(names: tuple[str, ...]) -> str:
    """Some names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more or "none"


def _weight(weight: float) -> str:
    if weight >= THIN:
        return f"{weight:.2f}"
    return f"{weight:.2f}: too few figures to learn much from; the other draws are the priors'"


def _scored(origin: Origin) -> str:
    """On how many groups the weight rests, and how reliable the two densities are where they are least so."""
    worst = f"largest Pareto k {origin.largest_k:.2f}, smallest effective number of the priors"
    return f"{origin.groups_scored} of {origin.groups} ({worst} {origin.smallest_effective:.0f})"
