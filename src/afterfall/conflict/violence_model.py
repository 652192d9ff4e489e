"""Violence by place: monthly deaths and events of each country in each trajectory of a run.

The fitted model (`estimation`) forecasts from a country's own past and its neighbours'. The run shifts this forecast by
the strength of organisations there and by veterans at home (`afterfall.model.mechanisms.violence`). Months are calendar
months, starting with the one after the as-of date, or with that of the as-of date where it is the first of the month;
each uses the run's month of the same number. Every draw is keyed by seed, trajectory, country code and month, so adding
a country to a case leaves the others unchanged. Nothing feeds back into the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case
from afterfall.case.place_names import ISO_CODE, find_place, nearest_country
from afterfall.case.records import COUNTRY_KINDS
from afterfall.conflict.conflict_record import ConflictRecord, open_record
from afterfall.conflict.conflict_samplers import draw_months
from afterfall.conflict.estimation import Estimate, estimate
from afterfall.conflict.event_counts import EventCountModel, fit_event_counts
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.engine.program import Floats, Ints
from afterfall.model.mechanisms.violence import SCALE, STRENGTH, VETERANS
from afterfall.run import Run, WrongRun
from afterfall.run.months import calendar_month
from afterfall.run.presence import strength, veterans
from afterfall.shown import Shown


@dataclass(frozen=True, slots=True)
class UncoveredPlace:
    """A country of a case that the record of violence does not have, and so no output of violence shows.

    Attributes
    ----------
    place, name
        Its code and name in the case.
    nearest
        Code in the record that is most likely meant; None where none is near.
    """

    place: str
    name: str
    nearest: str | None

    def __str__(self) -> str:
        hint = "" if self.nearest is None else f"; did you mean {self.nearest!r}?"
        return f"{self.name} ({self.place}{hint})"


@dataclass(frozen=True, eq=False)
class Violence(Shown):
    """Deaths and events by trajectory, calendar month and country.

    Attributes
    ----------
    run
        The run it follows.
    estimate
        The fitted model it was drawn from.
    counting
        Relation of events to deaths; None if it could not be fitted, and then events are not forecast.
    countries, names
        Codes and names of the countries.
    months
        VIEWS numbers of the months.
    deaths, events
        Counts, int32 ``(trajectory, month, country)``.
    left_out
        Countries of the case that the record does not have.
    """

    run: Run
    estimate: Estimate
    counting: EventCountModel | None
    countries: tuple[str, ...]
    names: tuple[str, ...]
    months: tuple[int, ...]
    deaths: Ints
    events: Ints
    left_out: tuple[UncoveredPlace, ...] = ()

    @property
    def record(self) -> ConflictRecord:
        """The record the model was fitted to."""
        return self.estimate.record

    def place(self, country: str) -> str:
        """Code of a country given by code or name.

        Raises
        ------
        UnknownPlace
            If there is none, or if there may be several; the error names the nearest ones.
        """
        return find_place(country, dict(zip(self.countries, self.names, strict=True)))

    def years(self) -> tuple[int, ...]:
        """Calendar years with at least one forecast month."""
        return tuple(dict.fromkeys(1980 + (m - 1) // 12 for m in self.months))

    def in_year(self, year: int) -> Ints:
        """Deaths in the forecast months of a calendar year, ``(trajectory, country)``."""
        where = [i for i, m in enumerate(self.months) if 1980 + (m - 1) // 12 == year]
        return np.asarray(self.deaths[:, where].sum(axis=1, dtype=np.int64))

    def before(self, country: str, months: int = 12) -> float:
        """Deaths of a country in the last months of the record."""
        return float(np.nansum(self.record.deaths[self.record.position[country], -months:]))


def check_covered(case: Case, country: str | None) -> None:
    """See, before anything is run, that violence can be forecast of a case, and of a country where one is named.

    Raises
    ------
    ValueError
        If no country of the case is in the record of violence, or not the one named.
    """
    record = open_record(case.as_of)
    rows = covered(record, case)
    if country is not None:
        find_place(country, {record.countries[i]: record.names[i] for i in rows})


def violence(run: Run, case: Case, *, fitted: Estimate | None = None) -> Violence:
    """Draw violence by place for every trajectory of a run.

    Parameters
    ----------
    run
        A finished run.
    case
        The case it was made from, cut at the run's as-of date.
    fitted
        Fitted model for the months of the run (see `months_of`). By default it is fitted to the record that was public
        at the as-of date. Runs of one case and as-of date may share it.

    Raises
    ------
    WrongRun
        If the run was made before the model had violence.
    ValueError
        If the record is too short to fit, or contains none of the case's countries, or `fitted` is for other months.
    """
    months = months_of(run)
    known = open_record(run.as_of) if fitted is None else fitted.record
    rows = covered(known, case)
    estimated = estimate_for(run, known) if fitted is None else fitted
    if estimated.leads != tuple(m - known.last for m in months):
        raise ValueError(
            f"the fitted model is for leads {estimated.leads[0]} to {estimated.leads[-1]}; expected "
            f"{months[0] - known.last} to {months[-1] - known.last}, the months of run {run.request.name}"
        )
    countries = tuple(known.countries[i] for i in rows)
    counting = fit_event_counts(known)
    deaths, events = _draw(run, estimated, counting, rows, countries, months, shifts(run, case, countries))
    names = tuple(known.names[i] for i in rows)
    left_out = uncovered(known, case)
    return Violence(run, estimated, counting, countries, names, months, deaths, events, left_out)


def months_of(run: Run) -> tuple[int, ...]:
    """VIEWS numbers of the calendar months of a run, from the first that lies ahead of its as-of date on."""
    start = calendar_month(run.as_of)
    return tuple(range(start + 1, start + 1 + run.request.horizon))


def estimate_for(run: Run, record: ConflictRecord) -> Estimate:
    """Fit a record and forecast the months of a run."""
    return estimate(record, [m - record.last for m in months_of(run)])


def shifts(run: Run, case: Case, countries: Sequence[str]) -> Floats:
    """What organisations and veterans add on the log scale, ``(trajectory, month, country)`` from month 1 on."""
    total = np.zeros((run.request.trajectories, run.request.horizon, len(countries)))
    for name, people in ((STRENGTH, strength(run, case, countries)), (VETERANS, veterans(run, countries))):
        if name not in run.parameters:
            raise WrongRun(
                f"run {run.request.name} has no parameter {name!r}: it was made by an earlier version; run it again"
            )
        logs = np.log1p(people / SCALE)
        total += run.parameter(name)[:, None, None] * (logs[:, 1:] - logs[:, :1])
    return np.round(total, 9)


def covered(record: ConflictRecord, case: Case) -> list[int]:
    """Positions in a record of the countries of a case.

    Raises
    ------
    ValueError
        If the record contains none of them.
    """
    parts = {p.place for p in case.places if p.kind in COUNTRY_KINDS}
    found = [i for i, code in enumerate(record.countries) if code in parts]
    if not found:
        raise ValueError(f"the record of violence contains no country of case {case.id!r}: found {sorted(parts)}")
    return found


def uncovered(record: ConflictRecord, case: Case) -> tuple[UncoveredPlace, ...]:
    """Countries of a case that a record does not have, by code.

    A place of kind third without a code of ISO 3166-1 stands for several countries, and is none.
    """
    names = dict(zip(record.countries, record.names, strict=True))
    lacking = {
        p.place: p.name
        for p in case.places
        if p.kind in COUNTRY_KINDS and p.place not in names and (p.kind != "third" or ISO_CODE.fullmatch(p.place))
    }
    return tuple(
        UncoveredPlace(code, name, nearest_country(code, name, names)) for code, name in sorted(lacking.items())
    )


def _draw(
    run: Run,
    estimated: Estimate,
    counting: EventCountModel | None,
    rows: Sequence[int],
    countries: Sequence[str],
    months: Sequence[int],
    shift: Floats,
) -> tuple[Ints, Ints]:
    """Deaths and events, int32 ``(trajectory, month, country)``."""
    predicted, hurdle, ensemble = estimated.predicted, estimated.hurdle, estimated.ensemble
    weight = np.array([ensemble.weight(lead) for lead in estimated.leads])
    number = np.array(months, dtype=np.int32)
    relation = np.array([counting.constant, counting.slope, counting.sd] if counting else [0.0, 0.0, 0.0])
    keys = [name_key(f"violence/{code}") for code in countries]
    deaths = np.zeros((len(countries), run.request.trajectories, len(months)), dtype=np.int32)
    events = np.zeros_like(deaths)
    for trajectory in range(run.request.trajectories):
        start = subkey(run.request.seed, trajectory, EVENT, 0)
        for k, c in enumerate(rows):
            draw_months(
                keys[k],
                start,
                number,
                weight,
                estimated.recent[c],
                (predicted.chance[c], predicted.level[c], predicted.spread[c], predicted.group[c]),
                hurdle.shape,
                hurdle.ceiling,
                shift[trajectory, :, k].copy(),
                (ensemble.share, ensemble.memory),
                relation,
                deaths[k, trajectory],
                events[k, trajectory],
            )
    return deaths.transpose(1, 2, 0), events.transpose(1, 2, 0) * (counting is not None)
