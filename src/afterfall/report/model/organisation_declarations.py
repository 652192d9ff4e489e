"""The organisations of a model, as `afterfall model` lists them: which exist, what may happen, what acts on people."""

from __future__ import annotations

from typing import Any

from afterfall.model import Model
from afterfall.model.language.organisation_vocabulary import Band, Event
from afterfall.report.kit.number_formats import NOTHING, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def organisation_declaration_grids(model: Model) -> tuple[TextTable, ...]:
    """Organisations, events and what feeds back; nothing for a model without organisations."""
    if not model.organisations:
        return ()
    return _bands(model), _events(model), _acts(model)


def _bands(model: Model) -> TextTable:
    columns = (
        *word_columns("organisation", "kind", "place", "of the core", "from"),
        *number_columns("published strength"),
        *word_columns("name"),
    )
    rows = tuple(
        (b.name, b.kind, b.place, "yes" if b.descended else "", b.parent or "", _published(b), b.label)
        for b in model.organisations
    )
    return TextTable(columns, (rows,), f"{len(rows)} organisations, those that may yet be founded included")


def _published(band: Band) -> str:
    return two_figures(band.reference) if band.published else NOTHING


def _events(model: Model) -> TextTable:
    columns = word_columns("event", "kind", "what happens", "needs", "gives locals to")
    rows = tuple((e.name, e.kind, e.label, _needs(e), e.takes or "") for e in model.events)
    return TextTable(columns, (rows,), f"{len(rows)} dated events of organisations")


def _needs(event: Event) -> str:
    return event.band or (f"the loss of {event.after}" if event.after else "")


def _acts(model: Model) -> TextTable:
    columns = word_columns("rate of people", "follows", "of", "by the parameter")
    rows = tuple(
        (o.rate, o.signal.kind, o.signal.source, o.signal.parameter or "") for o in model.organisation_set.outside
    )
    return TextTable(columns, (rows,), f"{len(rows)} ways in which organisations act on people")


def organisation_declarations_json(model: Model) -> dict[str, Any]:
    """The keys ``organisations``, ``events`` and ``slow_stocks`` of a model."""
    return {
        "organisations": [
            {
                "name": b.name,
                "label": b.label,
                "kind": b.kind,
                "place": b.place,
                "descended": b.descended,
                "parent": b.parent,
                "published_strength": b.reference if b.published else None,
            }
            for b in model.organisations
        ],
        "events": [
            {"name": e.name, "label": e.label, "kind": e.kind, "random_key": e.key_name or e.name} for e in model.events
        ],
        "slow_stocks": [{"name": s.name, "label": s.label} for s in model.organisation_set.slow],
    }
