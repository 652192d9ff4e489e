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
from afterfall.live.refinement import Sharing
from afterfall.live.session import Session, session_on
from afterfall.model import Model, build, under_policy
from afterfall.model.levers import AS_NOW
from afterfall.run import Run, SettingError, month_at
from afterfall.web.engine_room import EngineRoom, Shelf, Ticket
from afterfall.web.refusals import RequestRefusal, Stopped
from afterfall.web.view_state import MOST_SIMULATIONS, PAGE_SIMULATIONS, ViewQuery

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
        RequestRefusal
            If there is no such case.
        """
        if name.startswith(USER):
            found = self.own.get(name.removeprefix(USER))
            if found is None:
                raise RequestRefusal(
                    404, "case", f"There is no case {name!r} on this server: upload its figures again."
                )
            return found
        if name not in bundled_cases():
            near = did_you_mean(name, bundled_cases())
            raise RequestRefusal(
                404, "case", f"unknown case {name!r}{near}: expected one of {', '.join(bundled_cases())}"
            )
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
        plain = self.plain_model(view, ticket)
        fixed = held_values(view, plain)
        return plain if not fixed else under_policy(plain, AS_NOW, fixed=fixed)

    def plain_model(self, view: ViewQuery, ticket: Ticket | None = None) -> Model:
        """The same without its assumptions."""
        months = self._recorded(view)
        key = f"{view.case} {view.as_of} {view.horizon} {months}"
        if ticket is not None:
            ticket.stage = "opening"
            ticket.check()
        return self._models.get(key, lambda: build(self.case(view), horizon=view.horizon, record_months=months))

    def run(self, view: ViewQuery, ticket: Ticket) -> tuple[Run, Model]:
        """The run of a view, and its model.

        Raises
        ------
        ValueError
            If a setting cannot be used.
        Stopped
            If the ticket is superseded or cancelled.
        """
        number = view.simulations or PAGE_SIMULATIONS
        found = self._runs.get(_run_key(view, number), lambda: self._made(view, number, ticket))
        assert found.model is not None
        return found, found.model

    def _made(self, view: ViewQuery, number: int, ticket: Ticket) -> Run:
        """A run: the first simulations of side A of a session, which grow; with conditions, a run of its own."""
        if view.given:
            model = self.model(view, ticket)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return afterfall.forecast(
                    model, trajectories=number, seed=view.seed, given=list(view.given), progress=ticket.report
                )
        session = self.session(view.model_copy(update={"against": None}), ticket)
        ticket.stage, ticket.total = "simulating", number

        def report(done: int) -> bool:
            ticket.done = done
            return ticket.go_on()

        found = session.side_a(number, report)
        if found is None:
            ticket.check()
            raise Stopped("cancelled")
        return found

    def session(self, view: ViewQuery, ticket: Ticket) -> Session:
        """The live session of a view: of its case, date, horizon, month, side A and assumptions."""
        place = None if view.world or view.against is None else view.focus
        key = f"{view.case} {view.as_of} {view.horizon} {view.at} {view.seed} {view.against} {place} "
        key += f"{sorted(view.assume)}"

        def make() -> Session:
            plain = self.plain_model(view, ticket)
            fixed = held_values(view, plain)
            month = view.horizon if view.at is None else month_at(plain.case.as_of, view.at, view.horizon)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _opened(plain, view, month, place, fixed)

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


def sharing(room: EngineRoom, ticket: Ticket) -> Sharing:
    """How the work of a ticket, in whose turn it is, shares the engine with the pages that wait for it."""
    return Sharing(
        lambda: room.others_first(ticket), lambda: room.give_way(ticket), lambda: room.let_go(ticket), ticket.made
    )


def _opened(plain: Model, view: ViewQuery, month: int, country: str | None, fixed: dict[str, float]) -> Session:
    """A session for as many simulations as the memory of this machine has room for."""
    most = MOST_SIMULATIONS
    while True:
        try:
            return session_on(
                plain,
                month=month,
                country=country,
                against=view.against,
                trajectories=most,
                seed=view.seed,
                fixed=fixed,
            )
        except ValueError as problem:
            if "GiB" not in str(problem) or most <= PAGE_SIMULATIONS:
                raise
            most = PAGE_SIMULATIONS


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
