"""What to watch as one JSON object: every indicator with every headline number, and the indicators of the case."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from afterfall.report.headlines.headline import Headline, HeadlineReading
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.watch.case_indicators import Mapped
from afterfall.report.watch.watching import Shift, Watched, WatchList


def watch_json(found: WatchList, command: str) -> dict[str, Any]:
    """The object that ``afterfall watch --json`` prints (schema ``watch``)."""
    body = {
        "country": found.country,
        "by": found.run.date(found.month),
        "by_month": found.month,
        "measure": "mutual information in bits, corrected for the number of simulations (Miller and Madow)",
        "headlines": [_headline(found, one) for one in found.headlines],
        "indicators": [_watched(one) for one in found.watched],
        "listed": [_listed(one) for one in found.mapped],
    }
    return json_object("watch", stamp_of(found.run, command), body)


def _headline(found: WatchList, one: Headline) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": one.label,
        "event": one.event,
        "quantity": one.quantity,
        "date": one.on,
        **_side(found.now[one.key]),
        "entropy_bits": found.entropy[one.key],
    }


def _side(side: HeadlineReading) -> dict[str, Any]:
    return {"range": asdict(side.number), "probability": side.chance}


def _watched(one: Watched) -> dict[str, Any]:
    signal = one.signal
    return {
        "given": signal.key,
        "kind": signal.kind,
        "label": signal.label,
        "place": signal.place or None,
        "seen_means": signal.seen,
        "not_seen_means": signal.unseen,
        "probability": signal.chance,
        "effective_seen": one.seen,
        "effective_not_seen": one.unseen,
        "refused": one.refused,
        "information_bits": None if one.refused else one.bits,
        "above_noise": one.informs,
        "stands_for": one.indicators,
        "moves": [_shift(shift, ranged=one.ranged) for shift in one.shifts],
    }


def _shift(shift: Shift, *, ranged: bool) -> dict[str, Any]:
    return {
        "headline": shift.headline,
        "information_bits": shift.bits,
        "noise_bits": shift.noise,
        "part": shift.part,
        "seen": _given(shift.seen, ranged=ranged),
        "not_seen": _given(shift.unseen, ranged=ranged),
    }


def _given(side: HeadlineReading, *, ranged: bool) -> dict[str, Any]:
    """A side without the ends of its range where it has too few simulations for them."""
    ends = ("low90", "high90")
    number = {key: value if ranged or key not in ends else None for key, value in asdict(side.number).items()}
    return {"range": number, "probability": side.chance}


def _listed(one: Mapped) -> dict[str, Any]:
    row = one.indicator
    return {
        "indicator": row.indicator,
        "name": row.name,
        "watch": row.watch,
        "pathway": row.pathway,
        "direction": row.direction,
        "places": row.places,
        "judgement": row.judgement,
        "published": row.published.text,
        "source": row.source,
        "grade": row.grade,
        "given": one.keys,
    }
