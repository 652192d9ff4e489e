"""The objects that commands print with ``--json``, for a view: the same keys, schemas and digits."""

from __future__ import annotations

import json
from typing import Any

import afterfall
from afterfall.model.levers import open_levers
from afterfall.report.attacks.attack_answer import attack_content
from afterfall.report.brief.brief_json import brief_json
from afterfall.report.comparison.lever_json import levers_json
from afterfall.report.explain.why_json import why_json
from afterfall.report.forecast.outlook_json import outlook_json
from afterfall.report.forecast.outlook_of_run import outlook_of_forecast
from afterfall.report.model.case_json import case_json
from afterfall.report.violence.violence_json import violence_json
from afterfall.web.engine_room import Ticket
from afterfall.web.export_answers import brief_of
from afterfall.web.refusals import RequestRefusal
from afterfall.web.track_answer import packaged_record
from afterfall.web.view_runs import ViewRuns
from afterfall.web.view_state import ViewQuery, code_of


def command_object(name: str, runs: ViewRuns, view: ViewQuery, ticket: Ticket) -> bytes:
    """The object of a command.

    Raises
    ------
    RequestRefusal, ValueError
        If the view has none: no such place, no track record.
    """
    return json.dumps(_content(name, runs, view, ticket), ensure_ascii=False, allow_nan=False).encode()


def _content(name: str, runs: ViewRuns, view: ViewQuery, ticket: Ticket) -> dict[str, Any]:
    if name == "track-record":
        found = packaged_record(view.case)
        if not found:
            raise RequestRefusal(404, "record", f"No track record of {view.case} comes with this package.")
        return found
    country = None if view.world else view.focus
    if name in ("levers", "check"):
        return _of_case(name, runs, view, ticket, country)
    run, model = runs.run(view, ticket)
    command = code_of(name, view, model.case.reference, run.request.trajectories).command
    if name == "violence":
        violence = afterfall.violence(run)
        return violence_json(violence, None if country is None else violence.place(country), command)
    if name == "attacks":
        attacks = afterfall.attacks(run)
        return attack_content(attacks, None if country is None else attacks.place(country), None, command)
    if name == "why":
        return why_json(afterfall.explain(run, quantity=view.quantity, country=country, at=view.at), command)
    if name == "brief":
        return brief_json(brief_of(run, view))
    return outlook_json(outlook_of_forecast(run, command=command, at=view.at, country=country))


def _of_case(name: str, runs: ViewRuns, view: ViewQuery, ticket: Ticket, country: str | None) -> dict[str, Any]:
    model = runs.model(view, ticket)
    command = code_of(name, ViewQuery(case=view.case, as_of=view.as_of), model.case.reference, 0).command
    if name == "check":
        return case_json(model.case, model, command)
    return levers_json(open_levers(()), model.case, None if country is None else model.view.origin(country), command)
