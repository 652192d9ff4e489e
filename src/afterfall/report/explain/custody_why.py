"""Breaks and collapses of custody as events that `event_why` can explain: their lines, names and records.

A line has the captor's rate, and for a site the log of its share in it. The record is that of the captor in the
reference class, with what one further break does.
"""

from __future__ import annotations

import numpy as np

from afterfall.model import Model
from afterfall.model.language.organisation_vocabulary import Event, RecruitmentLine
from afterfall.model.mechanisms.future_breaks import BREAK, COLLAPSE, break_event, collapse_event
from afterfall.model.mechanisms.learned_breaks import CaptorRisk, captor_risks, held_sites, outcomes
from afterfall.reference.custody_breaks import SDF, custody_rates
from afterfall.reference.event_rate import EventRate
from afterfall.reference.reference_class import open_reference_class
from afterfall.report.kit.number_formats import interval, two_figures

#: Words for the share of the breaks of a captor that a site has, as a number in a line.
SHARE_WORDS = ("the site's share in its captor's breaks", "breaks of the case by custodian; even among sites")


def custody_event(model: Model, kind: str, code: str) -> tuple[Event, RecruitmentLine]:
    """The first break at a site, or the collapse of a captor's custody, as an event with a line."""
    name = break_event(code) if kind == BREAK else collapse_event(code)
    found = next(event for event in model.custody_breaks if event.name == name)
    return Event(name, found.label, kind, name), RecruitmentLine(name, found.constants)  # type: ignore[arg-type]


def custody_codes(model: Model, kind: str) -> dict[str, str]:
    """Codes and names of the sites that can break, or of the captors whose custody can collapse."""
    if not model.custody_breaks:
        return {}
    if kind == BREAK:
        return {site.code: site.label for site in held_sites(model.view)}
    return {risk.captor.custodians[0]: _names(model, risk) for risk in captor_risks(model.view)}


def custody_record(model: Model, event: Event) -> tuple[tuple[EventRate, ...], tuple[float, float, str], str]:
    """Rates of the class behind an event, the captor's own record (events, years, whose), and a note."""
    code = event.name.removeprefix(f"{BREAK}.").removeprefix(f"{COLLAPSE}.").split(".")[0]
    captors_of = {site.code: site.captor for site in held_sites(model.view)}
    first = captors_of.get(code, code) if event.name.startswith(BREAK) else code
    risk = next(r for r in captor_risks(model.view) if r.captor.custodians[0] == first)
    stratum = SDF if risk.record == SDF else "state"
    rates = tuple(r for r in custody_rates(open_reference_class(model.case.as_of)) if r.stratum == stratum)[:1]
    known = outcomes(model.view)
    low, middle, high = np.quantile(known.out, (0.05, 0.5, 0.95))
    mean, least, most = (float(x) for x in (risk.rate.mean(), *np.quantile(risk.rate, (0.05, 0.95))))
    note = (
        f"Its captor's custody breaks {two_figures(mean)} ({interval(least, most)}) times a year, partially pooled; "
        f"{known.counts[2]} of {known.counts[3]} breaks of the class were collapses. Of a site's people "
        f"{two_figures(float(middle))} ({interval(float(low), float(high))}) get out in a further break, and of these "
        f"{two_figures(float(np.median(known.retaken)))} are retaken within a year."
    )
    return rates, (float(risk.events), risk.years, f"{risk.record}, breaks and collapses of 20 or more"), note


def _names(model: Model, risk: CaptorRisk) -> str:
    return "; ".join(model.view.name(k) for k in risk.captor.custodians)
