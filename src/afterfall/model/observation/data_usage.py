"""Which records of a case the model uses, and which it does not.

A case may hold more than this version of the model uses. `data_usage` lists every kind of figure and policy that is
public at the as-of date and how many there are: what a forecast reads them for, what a fit reads them for, and what
those published later score. This is declared in `figure_rules`, which the nowcast, the fit and the scores follow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from afterfall.case import Case
from afterfall.model.mechanisms.exit_choice import BORDER, PUNITIVE
from afterfall.model.mechanisms.ranks import MILITARY
from afterfall.model.observation.figure_rules import FIT_USES, FORECAST_USES, MODEL_QUANTITY, SHARES

POLICIES = {MILITARY: "killing: the campaign", BORDER: "ways out and interception"} | dict.fromkeys(
    PUNITIVE, "going home: punishment (in force at the as-of date, by origin); where levers stand"
)
POLICIES |= dict.fromkeys(("management", "programme", "repatriation"), "where levers stand at the as-of date")
#: What a forecast reads figures and policies for besides, in a case whose custody events are recorded.
EVENT_USES = {
    "repatriated": "the start: people taken home since a count, the repatriated so far; how fast an origin takes back",
    "detained_foreign": "the start: foreigners held, of the whole world",
    "transferred": "the start: men moved to Iraq, of the whole world",
    "prosecuted": "the start: foreigners sentenced in Iraq, of the whole world",
    "unrecorded": "the start: foreigners of unknown whereabouts, of the whole world",
}
EVENT_POLICIES = dict.fromkeys(("repatriation", "repatriation_refused"), "whom an origin takes back")

#: What a fit takes as given from figures that are not in its likelihood.
FIT_GIVEN = {
    "travelled": "totals, over which it integrates; the arrival curve, which it takes as given",
    "arrivals": "the arrival curve, which it takes as given",
}
#: What figures that are published later score, where it is not the quantity of the model that they measure.
SCORED_BY = {
    "strength": "strengths of organisations (`afterfall spread`)",
    "attacks": "yearly counts (`afterfall attacks`), places reached (`afterfall spread`)",
    "attack_deaths": "statements of experts (`afterfall track-record`)",
}
OTHER_DEFINITION = "of another definition"


@dataclass(frozen=True, slots=True)
class DataUse:
    """One kind of record: how many are public, and what they are used for; each text is empty where there is no use.

    `forecast` is what the start and the rates of a forecast read them for, `fit` what a fit reads them for, `scored`
    what later figures of the kind score, where their definition and basis fit.
    """

    record: str
    kind: str
    number: int
    forecast: str
    fit: str = ""
    scored: str = ""

    @property
    def used_for(self) -> str:
        """What a forecast and a fit read them for, in one text; empty where neither does."""
        return "; ".join(text for text in (self.forecast, self.fit and f"fit: {self.fit}") if text)


def data_usage(case: Case) -> tuple[DataUse, ...]:
    """Kinds of figures, policies and campaigns of a cut case: those that are read first, then those that only score."""
    figures = Counter(f.quantity for f in case.figures)
    policies = Counter(p.kind for p in case.policies)
    events = bool(case.custody_events)
    rows = [figure_use(kind, n, events) for kind, n in sorted(figures.items())]
    rows += [DataUse("policy", kind, n, _policy_use(kind, events)) for kind, n in sorted(policies.items())]
    if case.campaigns:
        use = "territory: a place under an operation falls sooner; who takes it"
        rows.append(DataUse("campaign", "announced operation", len(case.campaigns), use))
    read = {row.kind for row in rows if row.used_for}
    other = sum(f.quantity in read and f.quantity != "strength" and not f.counts_people for f in case.figures)
    if other:
        rows.append(DataUse("figure", OTHER_DEFINITION, other, ""))
    return tuple(sorted(rows, key=lambda r: (not r.used_for, not r.scored, r.record, r.kind)))


def _policy_use(kind: str, events: bool) -> str:
    parts = (POLICIES.get(kind, ""), EVENT_POLICIES.get(kind, "") if events else "")
    return "; ".join(part for part in parts if part)


def figure_use(quantity: str, number: int = 0, events: bool = False) -> DataUse:
    """What figures of a quantity are read for and what they score; `number` of them are public.

    `events` says whether the case records custody events.
    """
    fit = FIT_USES.get(quantity) or FIT_GIVEN.get(quantity, "")
    forecast = FORECAST_USES.get(quantity, "") or (EVENT_USES.get(quantity, "") if events else "")
    return DataUse("figure", quantity, number, forecast, fit, scored_as(quantity))


def scored_as(quantity: str) -> str:
    """What later figures of a quantity score; empty where they score nothing."""
    if quantity in SHARES:
        return f"`{SHARES[quantity]}`, as a share of its source's total"
    return f"`{MODEL_QUANTITY[quantity]}`" if quantity in MODEL_QUANTITY else SCORED_BY.get(quantity, "")
