"""Which records of a case the model uses, and which it does not.

A case may hold more than this version of the model uses. `data_usage` lists every kind of figure and policy that is
public at the as-of date, how many there are, and what each is used for. What figures are used for is declared in
`figure_rules`, which the nowcast and the fit follow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from afterfall.case import Case
from afterfall.model.mechanisms.exit_choice import BORDER, PUNITIVE
from afterfall.model.mechanisms.ranks import MILITARY
from afterfall.model.observation.figure_rules import FIT_USES, FORECAST_USES

POLICIES = {MILITARY: "killing: the campaign", BORDER: "ways out and interception"} | dict.fromkeys(
    PUNITIVE, "going home: punishment (in force at the as-of date, by origin); where levers stand"
)
POLICIES |= dict.fromkeys(("management", "programme", "repatriation"), "where levers stand at the as-of date")


@dataclass(frozen=True, slots=True)
class DataUse:
    """One kind of record: how many are public, and what they are used for (empty: not used)."""

    record: str
    kind: str
    number: int
    used_for: str


def data_usage(case: Case) -> tuple[DataUse, ...]:
    """Kinds of figures, policies and campaigns of a cut case, those that are used first."""
    figures = Counter(f.quantity for f in case.figures)
    policies = Counter(p.kind for p in case.policies)
    rows = [DataUse("figure", kind, n, _figure_uses(kind)) for kind, n in sorted(figures.items())]
    rows += [DataUse("policy", kind, n, POLICIES.get(kind, "")) for kind, n in sorted(policies.items())]
    if case.campaigns:
        use = "territory: a place under an operation falls sooner; who takes it"
        rows.append(DataUse("campaign", "announced operation", len(case.campaigns), use))
    other = sum(
        bool(_figure_uses(f.quantity)) and f.quantity != "strength" and not f.counts_people for f in case.figures
    )
    if other:
        rows.append(DataUse("figure", "of another definition", other, ""))
    return tuple(sorted(rows, key=lambda r: (not r.used_for, r.record, r.kind)))


def _figure_uses(quantity: str) -> str:
    """What figures of a quantity are read for, by the forecast and by a fit; empty when neither reads them."""
    fit = FIT_USES.get(quantity)
    return "; ".join(text for text in (FORECAST_USES.get(quantity), fit and f"fit: {fit}") if text)
