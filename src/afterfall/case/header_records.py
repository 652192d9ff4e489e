"""The records of case.toml: what a case says of itself, its theatre, views, groups, evaluation and hindsight."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from afterfall.case.dates import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """A part of the model's structure that only later knowledge suggests, and the date from which that was known."""

    id: str
    structure: str
    why: str
    known_from: PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """Where the core organisation held territory: a name and country codes."""

    name: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How forecasts of a case are scored: settings of the evaluation, not facts, and no part of the hash of a case.

    Attributes
    ----------
    record
        As-of dates of the track record.
    chosen_by
        The last as-of date on which the structure of the model may be chosen; None where no such rule is kept.
    calibration
        As-of dates from which the errors of baseline forecasts are learned.
    calibrated_by
        The day by which the figures that they are learned from were published; None for the as-of date of a run.
    spread_beside
        Bundled case whose spread is scored with this one's; empty for none.
    spread_months
        Horizon of this case in that comparison, in months.
    pictured
        Places that pictures of attacks show where none is asked for.
    """

    record: tuple[dt.date, ...] = ()
    chosen_by: dt.date | None = None
    calibration: tuple[dt.date, ...] = ()
    calibrated_by: dt.date | None = None
    spread_beside: str = ""
    spread_months: int | None = None
    pictured: tuple[str, ...] = ()

    def learned_by(self, as_of: dt.date) -> dt.date:
        """The day by which figures must be published to calibrate baselines of a forecast from an as-of date."""
        return as_of if self.calibrated_by is None else min(self.calibrated_by, as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedView:
    """A case under a name of its own: the same tables with another title, as-of date and settings of the evaluation.

    Empty text and `evaluation` None stand for what the case itself has.
    """

    id: str
    title: str
    as_of: dt.date
    description: str = ""
    evaluation: Evaluation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryGroup:
    """The countries that a group of places.csv covers: where its counts of attacks are of.

    `members` are codes, those that are no origin of the case among them; `remainders` are remainders of regions all of
    whose countries are members, as nearly as a case tells; `words` are what people call the group.
    """

    place: str
    name: str
    words: tuple[str, ...] = ()
    members: tuple[str, ...]
    remainders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of a case, in case.toml. `mobilisation` is the day on which its history starts.

    `views` are other names under which the same tables open, and `declared_id` is the name in case.toml, whichever view
    was opened. `kept_up_to` is the day by which the case claims to hold what was public; None where it does not say.
    """

    id: str
    title: str
    as_of: dt.date
    mobilisation: dt.date
    core: str
    theatre: Theatre
    description: str = ""
    licence: str = ""
    hindsight: tuple[Hindsight, ...] = ()
    definitions: tuple[str, ...] = ()
    evaluation: Evaluation = Evaluation()
    groups: tuple[CountryGroup, ...] = ()
    kept_up_to: dt.date | None = None
    views: tuple[NamedView, ...] = ()
    declared_id: str = ""
