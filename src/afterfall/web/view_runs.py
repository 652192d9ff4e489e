"""The runs behind views: made on demand, a few kept in memory; and which cases a page may name.

A page names a bundled case or one of the user's own that this server made from accepted figures (``user:NAME``), never
a path. Assumptions hold a parameter at one value, as `afterfall.live.open_session` does for comparisons.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path

import afterfall
from afterfall.case import Case, bundled_cases
from afterfall.case.problems import did_you_mean
from afterfall.live.session import Session, open_session
from afterfall.model import Model, build, under_policy
from afterfall.model.levers import AS_NOW
from afterfall.run import Run, SettingError, month_at
from afterfall.web.engine_room import Shelf, Ticket
from afterfall.web.refusals import Refusal
from afterfall.web.view_state import PAGE_SIMULATIONS, ViewQuery

#: Runs and sessions in memory.
RUNS, SESSIONS, MODELS = 3, 2, 4
USER = "user:"
#: A country is recorded every third month, so that such a month needs no run of its own.
QUARTER = 3


@dataclass
class ViewRuns:
    """Models, runs and sessions by what determines them.

    Attributes
    ----------
    own
        Folders of cases of the user's own by their names after ``user:``.
    """

    own: dict[str, Path]
    _models: Shelf[Model] = field(default_factory=lambda: Shelf(MODELS), repr=False)
    _runs: Shelf[Run] = field(default_factory=lambda: Shelf(RUNS), repr=False)
    _sessions: Shelf[Session] = field(default_factory=lambda: Shelf(SESSIONS, Session.close), repr=False)

    def source(self, name: str) -> str | Path:
        """What a case is opened by.

        Raises
        ------
        Refusal
            If there is no such case.
        """
        if name.startswith(USER):
            found = self.own.get(name.removeprefix(USER))
            if found is None:
                raise Refusal(404, "case", f"There is no case {name!r} on this server: upload its figures again.")
            return found
        if name not in bundled_cases():
            near = did_you_mean(name, bundled_cases())
            raise Refusal(404, "case", f"unknown case {name!r}{near}: expected one of {', '.join(bundled_cases())}")
        return name

    def case(self, view: ViewQuery) -> Case:
        """The case of a view, cut at its date.

        Raises
        ------
        ValueError
            If the date cannot be used.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return afterfall.open_case(self.source(view.case), as_of=view.as_of)

    def model(self, view: ViewQuery, ticket: Ticket | None = None) -> Model:
        """The model of a view without its levers, its assumptions held."""
        months = self._recorded(view)
        key = f"{view.case} {view.as_of} {view.horizon} {months}"
        if ticket is not None:
            ticket.stage = "opening"
            ticket.check()
        plain = self._models.get(key, lambda: build(self.case(view), horizon=view.horizon, record_months=months))
        fixed = held_values(view, plain)
        return plain if not fixed else under_policy(plain, AS_NOW, fixed=fixed)

    def run(self, view: ViewQuery, ticket: Ticket) -> tuple[Run, Model]:
        """The run of a view, and its model.

        Raises
        ------
        ValueError
            If a setting cannot be used.
        Stopped
            If the ticket is superseded or cancelled.
        """
        model = self.model(view, ticket)
        number = view.simulations or PAGE_SIMULATIONS

        def make() -> Run:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return afterfall.forecast(
                    model, trajectories=number, seed=view.seed, given=list(view.given), progress=ticket.report
                )

        return self._runs.get(_run_key(view, number), make), model

    def session(self, view: ViewQuery, ticket: Ticket) -> Session:
        """The live session of a view: of its case, date, horizon, month, side A and assumptions."""
        number = view.simulations or PAGE_SIMULATIONS
        place = None if view.world or view.against is None else view.focus
        key = f"{view.case} {view.as_of} {view.horizon} {view.at} {number} {view.seed} {view.against} {place}"
        key += f" {sorted(view.assume)}"
        fixed = held_values(view, self.model(view, ticket)) if view.assume else {}
        ticket.stage = "opening"

        def make() -> Session:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return open_session(
                    self.case(view),
                    country=place,
                    against=view.against,
                    at=view.at,
                    horizon=view.horizon,
                    trajectories=number,
                    seed=view.seed,
                    fixed=fixed,
                )

        return self._sessions.get(key, make)

    def _recorded(self, view: ViewQuery) -> list[int]:
        """The month of a view, where countries are not recorded then anyway."""
        if view.at is None:
            return []
        month = month_at(self.case(view).as_of, view.at, view.horizon)
        return [] if month % QUARTER == 0 or month == view.horizon else [month]

    def close(self) -> None:
        """Let go of everything."""
        for shelf in (self._sessions, self._runs, self._models):
            shelf.clear()


def _run_key(view: ViewQuery, number: int) -> str:
    """What determines a run: not the focus, the words or what is filtered afterwards."""
    month = "" if view.at is None else view.at
    return f"{view.case} {view.as_of} {view.horizon} {month} {number} {view.seed} {view.given} {sorted(view.assume)}"


def held_values(view: ViewQuery, model: Model) -> dict[str, float]:
    """Assumptions of a view: parameters and the values at which they are held.

    Raises
    ------
    SettingError
        If one is not NAME=VALUE, names no parameter, or lies far outside its prior; all are named.
    """
    known, found, wrong = {p.name: p for p in model.parameters}, {}, []
    for text in view.assume:
        name, _, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            wrong.append(f"{text!r}: expected NAME=VALUE, such as leaving.retained=0.5")
            continue
        one = known.get(name.strip())
        if one is None:
            wrong.append(f"{text!r}: unknown parameter{did_you_mean(name, known)}")
            continue
        low, high = one.low, one.high
        if not low <= value <= high:
            wrong.append(f"{text!r}: expected a value from {low:g} to {high:g}, the 90% range of its prior")
        found[one.name] = value
    if wrong:
        raise SettingError("\n".join(["{0} cannot be used:", *wrong]), "assume")
    return found
