"""Indicators of the case, and events of the simulations that can be ticked; a forecast among those that have them.

A tick is a filter: of the simulations that are there, those in which the event happens within so many months (or does
not) are kept, and the forecast is counted over them. This needs no new run, and is exact for what was simulated; how
many are left is said, and an event that fewer than `FEWEST` simulations have cannot be ticked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.case import WORLD, Case
from afterfall.case.records import Indicator
from afterfall.model import Model
from afterfall.report.explain.competing_hypotheses import support, tells_apart
from afterfall.report.explain.parameter_basis import basis
from afterfall.report.explain.why import drivers
from afterfall.report.forecast.outlook import DOTS
from afterfall.report.kit.likelihood_words import SCALES, Scale, judgement
from afterfall.report.kit.number_formats import day, median_range
from afterfall.report.kit.spread import Range
from afterfall.report.kit.theme import look
from afterfall.run import Run, UnknownName
from afterfall.web.entries import driver_entry, in_words, range_entry, sent, sent_list, stamp_entry
from afterfall.web.schemas import (
    ConditionAnswer,
    ConditionLine,
    EventRow,
    IndicatorsAnswer,
    MoveEntry,
    SupportEntry,
    WatchRow,
)
from afterfall.web.view_state import ViewQuery, code_of

#: Fewest simulations of a conditional forecast, and fewest for which no warning is shown; events that are listed.
FEWEST, FEW, LISTED = 10, 100, 60
#: The pathway that an indicator's word stands for; other words, such as ``detained``, stand for none of the five.
BEARS_ON = {
    "home": "disengage",
    "in_theatre": "remain",
    "rivals": "defect",
    "offshoots": "relocate",
    "attacks": "dispatch",
}
#: Besides the pathways and fates.
COUNTED = ("returned",)
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SimulatedEvent:
    """Something that happens in some simulations: `month` of it, the horizon + 1 where it does not, ``(n,)``."""

    id: str
    kind: str
    label: str
    month: npt.NDArray[np.int64]


def simulated_events(run: Run, model: Model) -> list[SimulatedEvent]:
    """Falls of what is still held, and the dated events of organisations."""
    rest, lost = model.view.remainder_spells, np.asarray(run.dataset["lost"].values, dtype=np.int64)
    names = [str(v) for v in run.dataset["holding"].values]
    labels = [str(v) for v in run.dataset["holding_label"].values]
    standing = [k for k in range(len(names)) if lost[:, k].min(initial=1) > 0]
    found = [
        SimulatedEvent(f"fall:{names[k]}", "fall", f"{labels[k]} falls", lost[:, k])
        for k in standing
        if names[k] not in rest
    ]
    if standing:
        found.append(SimulatedEvent("fall:all", "fall", "all that is held falls", lost[:, standing].max(axis=1)))
    record = run.organisation_record
    for k, name in enumerate(record.label("event")):
        kind, label = record.label("event_kind")[k], record.label("event_label")[k]
        found.append(SimulatedEvent(f"event:{name}", kind, label, np.asarray(record.fired[:, k], dtype=np.int64)))
    return found


def indicators_answer(run: Run, model: Model, view: ViewQuery) -> IndicatorsAnswer:
    """Indicators to watch, and events with what the forecast becomes where they are seen.

    Raises
    ------
    ValueError
        If the run has no such month or country.
    """
    country, month = _place_and_month(run, view)
    scale, events = SCALES[view.words], simulated_events(run, model)
    pathways = {name: _values(run, name, country, month) for name in look().pathways}
    rows = [_event_row(one, run, view, pathways, scale) for one in events]
    rows.sort(key=lambda row: -min(row.probability, 1 - row.probability))
    rests = basis(run, model)
    wanted = [name for name in (*look().pathways, *COUNTED) if name in run.quantity_names]
    return IndicatorsAnswer(
        stamp=stamp_entry(run, view),
        code=code_of("forecast", view, model.case.reference, run.request.trajectories),
        focus=country or WORLD,
        by=view.within,
        by_date=run.date(min(view.within, run.request.horizon)).isoformat(),
        watch=[_watch_row(one, model.case) for one in model.case.indicators],
        events=rows[:LISTED],
        drivers={
            name: [driver_entry(d) for d in drivers(run, model, _values(run, name, country, month), country, rests)]
            for name in wanted
        },
        notes=[
            "Indicators to watch are judgements of their sources. Events can be ticked: the forecast is then counted "
            "over the simulations that have them. What moves with an event is not necessarily caused by it.",
        ],
    )


def condition_answer(run: Run, model: Model, view: ViewQuery) -> ConditionAnswer:
    """The forecast among the simulations that have the ticked events, against all.

    Raises
    ------
    UnknownName
        If there is no such event.
    ValueError
        If too few simulations are left, or the run has no such month or country.
    """
    country, month = _place_and_month(run, view)
    events = {one.id: one for one in simulated_events(run, model)}
    for name in (*view.seen, *view.unseen):
        if name not in events:
            raise UnknownName("event", name, list(events))
    kept = np.ones(run.request.trajectories, dtype=bool)
    for name in view.seen:
        kept &= events[name].month <= view.within
    for name in view.unseen:
        kept &= events[name].month > view.within
    left = int(kept.sum())
    if left < FEWEST:
        raise ValueError(
            f"{left} of {len(kept):,} simulations have what was ticked, fewer than {FEWEST}: untick an event, or ask "
            "for more simulations"
        )
    return ConditionAnswer(
        stamp=stamp_entry(run, view),
        code=code_of("forecast", view, model.case.reference, run.request.trajectories),
        focus=country or WORLD,
        at=month,
        at_date=run.date(month).isoformat(),
        seen=list(view.seen),
        not_seen=list(view.unseen),
        effective=left,
        simulations=len(kept),
        warn=left < FEW,
        sentence=_sentence(view, events, run, left, len(kept)),
        lines=_lines(run, country, month, kept),
    )


def _place_and_month(run: Run, view: ViewQuery) -> tuple[str | None, int]:
    return None if view.world else run.origin(view.focus), run.month(view.at)


def _values(run: Run, quantity: str, country: str | None, month: int) -> npt.NDArray[np.float64]:
    months, values = run.series(quantity, country)
    if month not in months:
        raise ValueError(f"month {month} is not recorded: expected one of {', '.join(f'{m:.0f}' for m in months)}")
    return values[:, list(months).index(month)]


def _event_row(
    one: SimulatedEvent,
    run: Run,
    view: ViewQuery,
    pathways: Mapping[str, npt.NDArray[np.float64]],
    scale: Scale,
) -> EventRow:
    seen = one.month <= view.within
    number = int(seen.sum())
    by = day(run.date(min(view.within, run.request.horizon)))
    can = number >= FEWEST and len(seen) - number >= FEWEST
    marks = look().pathways
    speaks = {name: support(seen, values) for name, values in pathways.items()} if can else {}
    return EventRow(
        id=one.id,
        kind=one.kind,
        label=one.label,
        probability=float(seen.mean()),
        text=judgement(f"this happens by {by}: {one.label}", float(seen.mean()), len(seen), scale),
        simulations=number,
        can_tick=can,
        moves=[
            MoveEntry(
                code=name,
                label=f"{marks[name].letter} {marks[name].short}",
                without=_words(values[~seen]),
                seen=_words(values[seen]),
            )
            for name, values in pathways.items()
            if can
        ],
        support=[
            SupportEntry(code=name, ratio=None if one.ratio is None else sent(one.ratio), mark=one.mark)
            for name, one in speaks.items()
        ],
        tells_apart=sent(tells_apart(speaks)),
    )


def _words(values: npt.NDArray[np.float64]) -> str:
    of = Range.of_values(values)
    return median_range(of.median, of.low90, of.high90)


def _lines(run: Run, country: str | None, month: int, kept: Flags) -> list[ConditionLine]:
    table = run.summary(month, country)
    wanted = table.index[table["group"].isin(("pathway", "fate")) | table.index.isin(COUNTED)]
    found = []
    for name in map(str, wanted):
        values = _values(run, name, country, month)
        some = values[kept]
        found.append(
            ConditionLine(
                code=name,
                label=str(table["label"].loc[name]),
                group=str(table["group"].loc[name]),
                before=range_entry(Range.of_values(values), mean=float(values.mean())),
                after=range_entry(Range.of_values(some), mean=float(some.mean())),
                dots=sent_list(np.quantile(some, (np.arange(DOTS) + 0.5) / DOTS, method="inverted_cdf")),
            )
        )
    return found


def _sentence(view: ViewQuery, events: Mapping[str, SimulatedEvent], run: Run, left: int, of: int) -> str:
    by = day(run.date(min(view.within, run.request.horizon)))
    parts = [*(events[name].label for name in view.seen), *(f"not: {events[name].label}" for name in view.unseen)]
    warning = f" Fewer than {FEW} are left: ranges are rough." if left < FEW else ""
    return f"Conditional forecast, given by {by}: {'; '.join(parts)}. {left:,} of {of:,} simulations have it.{warning}"


def _watch_row(one: Indicator, case: Case) -> WatchRow:
    return WatchRow(
        id=one.indicator,
        name=one.name,
        watch=one.watch,
        pathways=[BEARS_ON.get(part, part) for part in _parts(one.pathway)],
        direction=one.direction,
        places=_parts(one.places),
        judgement=one.judgement,
        published=in_words(one.published),
        source=case.source(one.source).title,
        grade=one.grade,
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
