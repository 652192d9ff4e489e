"""What can be seen and when: each indicator as what every simulation of a run would show by a date.

Four kinds, all read from the simulations themselves:

- ``fall``: a holding is lost, or all of them;
- ``event``: an event of an organisation (a merger, a split, a town recaptured);
- ``moves``: at least so many people move, such as a number repatriated, taken as the model counts them, without the
  error of a source;
- ``count``: what a source will publish. Here the error of sources is in: half of the forecast of a count is a
  regression on past counts (`evaluate.figures.published_count`), which knows nothing of a simulation. A count therefore
  has two rows a simulation, one from each half, and says less of where people are than the people themselves would.

Nothing here looks at what happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from afterfall.case import WORLD, Case
from afterfall.engine.program import Floats
from afterfall.evaluate.figures.published_count import CountForecast, later_count
from afterfall.report.headlines.counted import COUNTED, SOURCE
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.headlines.headline import round_numbers
from afterfall.report.kit.number_formats import two_figures
from afterfall.run import Run
from afterfall.run.conditions import ALL

Kind = Literal["fall", "event", "moves", "count"]
Longs = npt.NDArray[np.int64]
#: Kinds of event of an organisation that can be seen; the others are the same event under another definition.
SEEN = ("merger", "absorption", "founding", "split", "allegiance", "ending", "retaking_month")
#: Moves of people that become public, with the words for them after one person and after several.
MOVES = {
    "repatriated": ("is repatriated", "are repatriated"),
    "escaped": ("escapes from custody", "escape from custody"),
}
#: Classes of a count: low, middle, high.
THIRDS = 3


@dataclass(frozen=True, slots=True)
class Observable:
    """An indicator and what the simulations show of it.

    Attributes
    ----------
    key
        What names it: the condition that ``--given`` takes.
    kind
        Fall, event, moves or count.
    label
        What would be seen, in words.
    by
        The day by which it is seen; of a count, the day that it is for.
    place
        Code of the place whose people it counts; empty for an event.
    trajectory
        Trajectory of each row ``(m,)``.
    level
        Class of each row, from 0: not seen and seen, or thirds of a count ``(m,)``.
    top
        The class that counts as seen.
    seen, unseen
        Words for the highest and the lowest class.
    """

    key: str
    kind: Kind
    label: str
    by: dt.date
    place: str
    trajectory: Longs = field(repr=False)
    level: Longs = field(repr=False)
    top: int = 1
    seen: str = "seen"
    unseen: str = "not seen"

    @property
    def chance(self) -> float:
        """Share of the rows in which it is seen (for a count: in the highest third)."""
        return float((self.level == self.top).mean())


def signals_of(
    run: Run, case: Case, country: str | None, month: int, rest: frozenset[str] = frozenset()
) -> Iterator[Observable]:
    """Every indicator of a run for one country, or for the world.

    Parameters
    ----------
    run, case
        A finished run, and its case.
    country
        Place code of an origin, or None for the world.
    month
        Month of the run by which indicators are seen; one that countries are recorded at.
    rest
        Parts of the territory that are no strongholds: the fall of the last of them is one indicator.
    """
    yield from _falls(run, month, rest)
    yield from _events(run, month)
    places = [country, None] if country else [None]
    for place in places:
        for quantity in MOVES:
            if quantity in run.quantity_names:
                yield moves(run, quantity, place, month)
    forecast = CountForecast.of(run, case)
    for place in places:
        for quantity in COUNTED:
            if quantity in run.quantity_names:
                yield _count(run, forecast, quantity, place, month)


def _binary(
    run: Run, key: str, kind: Kind, label: str, month: int, seen: npt.NDArray[np.bool_], at: str = ""
) -> Observable:
    level = np.asarray(seen, dtype=np.int64)
    return Observable(key, kind, label, run.date(month), at, np.arange(len(level)), level)


def _by(run: Run, month: int) -> str:
    return f"by {run.date(month).isoformat()}"


def _falls(run: Run, month: int, rest: frozenset[str]) -> Iterator[Observable]:
    lost = np.asarray(run.dataset["lost"].values)
    standing = lost.max(axis=0, initial=0) > 0
    names, labels = ([str(v) for v in run.dataset[of].values] for of in ("holding", "holding_label"))
    parts = np.array([name in rest for name in names], dtype=bool) & standing
    for k in np.flatnonzero(standing & ~parts):
        label = f"{labels[k]} falls"
        yield _binary(run, f"{names[k]} falls {_by(run, month)}", "fall", label, month, lost[:, k] <= month)
    if parts.any():
        name = names[int(np.flatnonzero(parts)[0])].partition("/")[0]
        last, label = lost[:, parts].max(axis=1) <= month, "the last of the territory outside strongholds falls"
        yield _binary(run, f"{name} falls {_by(run, month)}", "fall", label, month, last)
    if standing.sum() > 1:
        every = lost[:, standing].max(axis=1) <= month
        yield _binary(run, f"{ALL} fall {_by(run, month)}", "fall", "all ground is lost", month, every)


def _events(run: Run, month: int) -> Iterator[Observable]:
    fired = run.organisation_record.fired
    labels = [run.organisation_record.label(of) for of in ("event", "event_label", "event_kind")]
    for x, (name, label, kind) in enumerate(zip(*labels, strict=True)):
        if kind in SEEN:
            yield _binary(run, f"event {name} {_by(run, month)}", "event", label, month, fired[:, x] <= month)


def moves(run: Run, quantity: str, country: str | None, month: int) -> Observable:
    """At least so many people of a place move: the round number whose chance is nearest to one half."""
    simulations = CountrySimulations(run, country)
    added = simulations.added(quantity, simulations.nearest(month))
    number = _even_number(added)
    who = f" of {simulations.the_name}" if country else ""
    one, several = MOVES[quantity]
    label = f"at least {number:,} more people{who} {several}" if number > 1 else f"at least one more person{who} {one}"
    key = f"{quantity} {country or WORLD} at least {number} more {_by(run, month)}"
    return _binary(run, key, "moves", label, month, added >= number, country or WORLD)


def _even_number(added: Floats) -> int:
    """The round number that is reached with a chance nearest to one half, the smaller of two."""
    return min(round_numbers(float(added.max(initial=0.0))), key=lambda n: (abs((added >= n).mean() - 0.5), n))


def _count(run: Run, forecast: CountForecast, quantity: str, country: str | None, month: int) -> Observable:
    """A count for a month: low, middle or high third of its forecast."""
    outcome = later_count(forecast, quantity, country or WORLD, month, SOURCE)
    samples = np.rint(forecast.counts(outcome))
    low, high = np.quantile(samples, (1 / THIRDS, 1 - 1 / THIRDS), method="inverted_cdf")
    if high == low:  # many counts of one value: seen is what lies above it
        high = samples[samples > low].min() if (samples > low).any() else low + 1
    level = np.where(samples <= low, 0, np.where(samples >= high, THIRDS - 1, 1))
    where = CountrySimulations(run, country).name
    return Observable(
        key=f"count {quantity} {country or WORLD} at least {high:.0f} on {run.date(month).isoformat()}",
        kind="count",
        label=f"count of those {COUNTED[quantity]}, {where}",
        by=run.date(month),
        place=country or WORLD,
        trajectory=np.tile(np.arange(len(samples) // 2), 2),
        level=np.asarray(level, dtype=np.int64),
        top=THIRDS - 1,
        seen=f"{two_figures(float(high))} or more",
        unseen=f"{two_figures(float(low))} or fewer",
    )
