"""Scores of earlier forecasts of the same case, where there are any.

Read from what ``afterfall score --json`` and ``afterfall hindcast --json`` print, one object or a list, or from the
record that ``afterfall track-record`` writes (``track-record.json``), by default from the ``track-record.json`` of the
package. Without any, a brief says that its track record is not known.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from afterfall.evaluate.core.verdict import interval_verdict
from afterfall.report.headlines.headline import PLACES

PACKAGED = "track-record.json"


class NoTrackRecord(ValueError):
    """A file holds no scores as ``afterfall score --json`` prints them."""


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One quantity of one earlier forecast.

    `skill` is ``1 - score / score of the baseline`` in CRPS, with its 90 % interval; `coverage90` the share of later
    figures inside the 90 % range; `independent` the number of independent units, by which there is a verdict.
    """

    as_of: str
    quantity: str
    figures: int
    independent: int
    skill: float
    low: float
    high: float
    coverage90: float
    hindsight: bool

    @property
    def verdict(self) -> str:
        """Better, worse, no clear difference, or too few to judge."""
        return interval_verdict(self.low, self.high, self.independent)


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


def track_record(case: str, as_of: dt.date, path: Path | None = None) -> TrackRecord | None:
    """Scores of forecasts of a case from days up to `as_of`, from a file or the package; None where there are none.

    Forecasts from later days are left out: they did not exist yet.

    Raises
    ------
    NoTrackRecord
        If the file at `path` cannot be read, or holds no scores.
    """
    if path is not None:
        try:
            return _read(case, as_of, path.read_text(encoding="utf-8"), str(path))
        except OSError as problem:
            raise NoTrackRecord(f"{path}: cannot be read ({problem.strerror or problem})") from problem
        except UnicodeDecodeError as problem:
            raise NoTrackRecord(
                f"{path}: no scores as `afterfall score --json` prints them (it is no text)"
            ) from problem
    packaged = resources.files("afterfall.report.track_record").joinpath(PACKAGED)
    return _read(case, as_of, packaged.read_text(encoding="utf-8"), PACKAGED) if packaged.is_file() else None


def _read(case: str, as_of: dt.date, text: str, where: str) -> TrackRecord | None:
    try:
        found: Any = json.loads(text)
        rows = [row for one in _dates(found) if one["case"] == case for row in _rows(one)]
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise NoTrackRecord(f"{where}: no scores as `afterfall score --json` prints them ({problem!r})") from problem
    rows = sorted((r for r in rows if r.as_of <= as_of.isoformat()), key=lambda r: (r.as_of, r.quantity))
    return TrackRecord(case, tuple(rows)) if rows else None


def _dates(found: Any) -> list[dict[str, Any]]:
    """The scores of each as-of date: of a track record, a list, or one object."""
    if isinstance(found, list):
        return found
    return [{**one, "case": found["case"]} for one in found["dates"]] if "dates" in found else [found]


def _rows(one: dict[str, Any]) -> list[TrackRow]:
    """Skill over all lead times, all figures together and by quantity, with its own coverage where there is one."""
    skills = {"all": one["skill"]["all"], **one["skill"]["by_quantity"]}
    if "falls" in one["skill"]:
        skills[PLACES] = one["skill"]["falls"]
    summaries = [s for s in one.get("summaries", []) if s["months"] is None]
    own = {s["quantity"]: s["coverage90"]["model"] for s in summaries if s["quantity"]}
    own |= {quantity: held["90"] for quantity, held in one.get("coverage_by_quantity", {}).items()}
    own["all"] = one["coverage"]["90"]
    late = {s["quantity"] for s in summaries if s["hindsight"]}
    return [
        TrackRow(
            as_of=one["as_of"],
            quantity=quantity,
            figures=int(skill["figures"]),
            independent=int(skill.get("independent", skill["clusters"])),
            skill=_number(skill["skill"]),
            low=_number(skill["low90"]),
            high=_number(skill["high90"]),
            coverage90=_number(own.get(quantity)),
            hindsight=quantity in late,
        )
        for quantity, skill in skills.items()
        if skill["figures"]
    ]


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
