"""Why this chance of one event: reference class, own record, posterior, and what moves the hazard.

One mechanism for recaptures, splits, mergers, absorptions, changes of allegiance and endings, and for breaks and
collapses of custody. An event has a line, the
log of its hazard, and everything shown is read from the line: each parameter with its prior, its values in the run and
the factor that it puts on the hazard as things are on the as-of date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from afterfall.engine.program import Floats
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model
from afterfall.model.language.organisation_vocabulary import Event, RecruitmentLine
from afterfall.report.explain.custody_why import SHARE_WORDS, custody_codes, custody_event
from afterfall.report.explain.event_record import EVENTS, OF_CUSTODY, EventRecord, event_record
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.number_formats import day
from afterfall.report.kit.stamp import Stamp, stamp_of
from afterfall.run import Run, UnknownName
from afterfall.shown import Shown

MONTHS = 12
#: What an event is of, where it is not of an organisation.
WHERE = {"recapture": "place", "break": "place of custody", "collapse": "custodian"}
LEVELS = (0.05, 0.5, 0.95)
#: Kinds shown with the one that is asked for: the same event held longer, without the loss of ground.
WITH = {"retaking": ("retaking_month", "retaking_year"), "merger": ("merger_without_collapse",)}
#: What a number in a line is that is no parameter, and what it is known from.
CONSTANTS = {
    "merger": ("shared among friends", "number of friends in the case"),
    "custody_break": SHARE_WORDS,
}
Spread3 = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class EventChance:
    """An event in the run: its chance by the asked month and within the horizon, and its median month (NaN: later)."""

    event: str
    label: str
    by: float
    within: float
    median_month: float


@dataclass(frozen=True, slots=True)
class HazardTerm:
    """What multiplies the hazard: a parameter, or a number that was learned beforehand (no `parameter`).

    `prior` is its 5th and 95th percentile and `posterior` its 5th, median and 95th in the run, on its own scale.
    `value` is what it is multiplied by on the as-of date, `factor` what it then puts on the hazard: 5th percentile,
    median and 95th.
    """

    parameter: str
    label: str
    source: str
    prior: tuple[float, float] | None
    posterior: Spread3 | None
    value: float
    factor: Spread3


@dataclass(frozen=True, slots=True)
class EventWhy(Shown):
    """The chain behind the chance of one event.

    `expected` is the number of such events expected in the first twelve months at risk, as things are on the as-of
    date, were they to recur: 5th percentile, median and 95th over trajectories. `moves` names what changes it later.
    """

    stamp: Stamp
    quantity: str
    of: str
    month: int
    date: str
    chances: tuple[EventChance, ...]
    record: EventRecord
    expected: Spread3
    terms: tuple[HazardTerm, ...]
    moves: tuple[str, ...]


def find_event(model: Model, quantity: str, of: str) -> Event:
    """The event of a kind that a code or a name means.

    Raises
    ------
    UnknownName
        If there is no such kind of event, or no such place or organisation; the message lists the nearest.
    """
    if quantity not in EVENTS:
        raise UnknownName("event", quantity, list(EVENTS))
    kind = EVENTS[quantity]
    events = {e.name.partition(".")[2]: e for e in model.events if e.kind == kind}
    custody = custody_codes(model, kind) if kind in OF_CUSTODY else {}
    names = custody or {code: _name(model, code) for code in events}
    for code, name in names.items():
        if of.casefold() in (code.casefold(), name.casefold()):
            return custody_event(model, kind, code)[0] if custody else events[code]
    what = WHERE.get(quantity, "organisation")
    raise UnknownName(f"{what} with a chance of {quantity}", of, [*names, *dict.fromkeys(names.values())])


def _name(model: Model, code: str) -> str:
    spells = {s.holding: s.label for s in model.view.spells}
    rows = {o.organisation: o.name for o in model.case.organisations}
    bands = {b.name: b.label for b in model.organisations}
    return spells.get(code) or rows.get(code) or bands.get(code, code)


def why_event(run: Run, model: Model, *, quantity: str, of: str, month: int) -> EventWhy:
    """The chain behind one event by a month.

    Raises
    ------
    UnknownName
        If there is no such event.
    """
    event = find_event(model, quantity, of)
    line = _line_of(model, event)
    parameters = {name: run.parameter(name) for name in _parameters(line)}
    now = _paths_now(run, model)
    terms = tuple(_term(model, line, name, parameters.get(name), now) for name in (*parameters, ""))
    log_hazard = sum((values * _value(line, name, now) for name, values in parameters.items()), np.zeros(1))
    exposed = sum(event.shape[:MONTHS]) if event.shape else float(MONTHS)
    return EventWhy(
        stamp=stamp_of(run),
        quantity=quantity,
        of=_of(model, event),
        month=month,
        date=day(run.date(month)),
        chances=_chances(run, event, month),
        record=event_record(model, event),
        expected=_spread(np.exp(log_hazard + _value(line, "", now)) * exposed),
        terms=tuple(t for t in terms if t.parameter or t.value),
        moves=_moves(event, line),
    )


def _line_of(model: Model, event: Event) -> RecruitmentLine:
    if event.kind in OF_CUSTODY:
        return custody_event(model, event.kind, event.name.split(".")[1])[1]
    return next(x for x in model.organisation_set.lines if x.name == event.line)


def _of(model: Model, event: Event) -> str:
    code = event.name.partition(".")[2]
    return (
        custody_codes(model, event.kind).get(code.split(".")[0], code)
        if event.kind in OF_CUSTODY
        else _name(model, code)
    )


def _parameters(line: RecruitmentLine) -> tuple[str, ...]:
    names = [p for p, _ in line.constants] + [p for p, _, _ in line.paths]
    return tuple(dict.fromkeys(p for p in names if p))


def _paths_now(run: Run, model: Model) -> dict[str, float]:
    """Value of each shared path on the as-of date, which is known and so the same in every trajectory."""
    theta = np.zeros(len(model.parameter_names))
    for k, name in enumerate(model.parameter_names):
        if name in run.parameters:
            theta[k] = float(np.median(run.parameter(name)))
    path, _ = draw_shared_series(model.program, theta, run.request.seed, 0)
    return {p.name: float(path[k, 0]) for k, p in enumerate(model.structure.paths)}


def _value(line: RecruitmentLine, parameter: str, now: dict[str, float]) -> float:
    """What a parameter is multiplied by on the as-of date (with no name: the sum of numbers learned beforehand)."""
    own = parameter or None
    constant = sum(weight for p, weight in line.constants if p == own)
    return constant + sum(weight * now[path] for p, path, weight in line.paths if p == own)


def _term(model: Model, line: RecruitmentLine, name: str, values: Floats | None, now: dict[str, float]) -> HazardTerm:
    value = _value(line, name, now)
    if values is None:
        factor = float(np.exp(value))
        label, source = CONSTANTS.get(line.name.partition(".")[0], ("a number learned beforehand", "reference class"))
        return HazardTerm("", label, source, None, None, value, (factor,) * 3)
    known = next((k for k in model.parameters if k.name == name), None)
    if known is None:
        label = "the time ahead, for all organisations" if name.endswith(".period") else "its own multiple"
        drawn = _spread(np.exp(values))
        return HazardTerm(name, label, "reference class and its own record", None, drawn, value, drawn)
    parameter = known.parameter
    scale = np.exp if parameter.scale == "log" else np.asarray
    return HazardTerm(
        parameter=name,
        label=parameter.label,
        source=parameter.derived or known.note or "prior alone",
        prior=(known.low, known.high),
        posterior=_spread(scale(values)),
        value=value,
        factor=_spread(np.exp(values * value)),
    )


def _chances(run: Run, event: Event, month: int) -> tuple[EventChance, ...]:
    table = run.events(month)
    kinds, suffix = (event.kind, *WITH.get(event.kind, ())), event.name.partition(".")[2]
    rows = [(str(code), r) for code, r in table.iterrows() if r["kind"] in kinds and _about(str(code), suffix)]
    rows.sort(key=lambda one: one[0] != event.name)  # the event itself, then what is shown with it
    return tuple(
        EventChance(code, str(r["label"]), float(r["p_by"]), float(r["p_within"]), float(r["median_month"]))
        for code, r in rows
    )


def _about(code: str, suffix: str) -> bool:
    return code.partition(".")[2].removesuffix(".without_collapse") == suffix


def _moves(event: Event, line: RecruitmentLine) -> tuple[str, ...]:
    """What changes the hazard after the as-of date."""
    words = {"adrift": "whether the core still holds ground", "held": "the share of the territory still held"}
    moved = [words.get(path, path) for _, path, _ in line.paths]
    moved += [f"the strength of {s.source}" for s in line.echoes]
    if event.after:
        moved.append("when the place is lost")
    if event.shape:
        moved.append("months since it came at risk")
    return tuple(moved)


def _spread(values: Floats) -> Spread3:
    low, median, high = np.quantile(values, LEVELS)
    return float(low), float(median), float(high)


def event_why_json(chain: EventWhy) -> dict[str, Any]:
    """The object that ``afterfall why --quantity split --json`` (or another event) prints (schema ``why-event``)."""
    own, names = chain.record.own, ("low90", "median", "high90")

    def spread(values: Spread3) -> dict[str, float]:
        return dict(zip(names, values, strict=True))

    body = {
        "quantity": chain.quantity,
        "of": chain.of,
        "at": chain.month,
        "events": [
            {
                "event": c.event,
                "label": c.label,
                "probability": c.by,
                "probability_within_horizon": c.within,
                "median_month": c.median_month,
            }
            for c in chain.chances
        ],
        "rates": [
            {
                "rate": f"{r.event}: {r.stratum}",
                "events": r.events,
                "exposure": r.exposure,
                "unit": r.unit,
                "mean": r.mean,
                "low90": r.low,
                "high90": r.high,
            }
            for r in chain.record.rates
        ],
        "own": None if own is None else {"events": own.events, "years": own.years, "of": own.words},
        "expected_in_first_year": spread(chain.expected),
        "terms": [
            {
                "parameter": t.parameter,
                "label": t.label,
                "source": t.source,
                "prior": None if t.prior is None else list(t.prior),
                "posterior": None if t.posterior is None else spread(t.posterior),
                "times": t.value,
                "factor": spread(t.factor),
            }
            for t in chain.terms
        ],
        "moves_with": list(chain.moves),
    }
    return json_object("why-event", chain.stamp, body)
