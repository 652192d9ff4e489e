"""How right earlier forecasts have been: scores of the same case from earlier days, if there are any at hand.

Read from scores that ``afterfall score --json`` and ``afterfall hindcast --json`` print (`score_json`), one object or a
list, by default from ``track-record.json`` beside this file where the package carries one. Without any, a brief says
that its track record is not known.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

PACKAGED = "track-record.json"


class NoTrackRecord(ValueError):
    """A file holds no scores as ``afterfall score --json`` prints them."""


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One quantity of one earlier forecast.

    `skill` is ``1 - score / naive score`` in CRPS, with its 90 % interval; `coverage90` the share of later figures
    inside the 90 % range; `verdict` win, loss, or either with "open" where the interval holds zero.
    """

    as_of: str
    quantity: str
    figures: int
    skill: float
    low: float
    high: float
    coverage90: float
    hindsight: bool

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if math.isnan(self.skill):
            return "nothing to compare"
        word = "win" if self.skill > 0 else "loss"
        return word if self.low > 0 or self.high < 0 else f"{word}, open"


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Scores of a case, the latest as-of date last; rows of structure known only from hindsight are marked."""

    case: str
    rows: tuple[TrackRow, ...]

    def of(self, quantity: str) -> TrackRow | None:
        """The latest row of a quantity."""
        fit = [r for r in self.rows if r.quantity == quantity]
        return fit[-1] if fit else None

    @property
    def latest(self) -> tuple[TrackRow, ...]:
        """Rows of the latest as-of date, the worst first."""
        last = max((r.as_of for r in self.rows), default="")
        return tuple(sorted((r for r in self.rows if r.as_of == last), key=lambda r: r.skill))


def track_record(case: str, path: Path | None = None) -> TrackRecord | None:
    """Scores of a case from a file, or from the package; None where there are none.

    Raises
    ------
    NoTrackRecord
        If the file at `path` holds no scores.
    """
    if path is not None:
        return _read(case, path.read_text(encoding="utf-8"), str(path))
    packaged = resources.files("afterfall.report").joinpath(PACKAGED)
    return _read(case, packaged.read_text(encoding="utf-8"), PACKAGED) if packaged.is_file() else None


def _read(case: str, text: str, where: str) -> TrackRecord | None:
    try:
        found: Any = json.loads(text)
        scores = (
            found if isinstance(found, list) else found.get("scores", [found]) if "summaries" not in found else [found]
        )
        rows = [row for one in scores if one["case"] == case for row in _rows(one)]
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise NoTrackRecord(f"{where}: no scores as `afterfall score --json` prints them ({problem})") from problem
    return TrackRecord(case, tuple(sorted(rows, key=lambda r: (r.as_of, r.quantity)))) if rows else None


def _rows(one: dict[str, Any]) -> list[TrackRow]:
    """Summaries over all lead times, of each quantity and of all."""
    return [
        TrackRow(
            as_of=one["as_of"],
            quantity=summary["quantity"] or "all",
            figures=int(summary["crps"]["figures"]),
            skill=_number(summary["crps"]["skill"]),
            low=_number(summary["crps"]["low90"]),
            high=_number(summary["crps"]["high90"]),
            coverage90=_number(summary["coverage90"]["model"]),
            hindsight=bool(summary["hindsight"]),
        )
        for summary in one["summaries"]
        if summary["months"] is None and summary["crps"]["figures"]
    ]


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
