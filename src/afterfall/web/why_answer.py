"""Why this number: the chain behind it in the words of ``afterfall why``, for people, events and first presences."""

from __future__ import annotations

from afterfall.report.explain.why import Why, why_grids, why_headline, why_notes
from afterfall.report.explain.why_json import why_json
from afterfall.run import Run
from afterfall.web.entries import driver_entry, stamp_entry, table_entry
from afterfall.web.schemas import WhyAnswer
from afterfall.web.view_state import ViewQuery, code_of


def why_answer(chain: Why, run: Run, view: ViewQuery) -> WhyAnswer:
    """The chain behind a number of people."""
    code = code_of("why", view, run.request.case, run.request.trajectories, quantity=chain.quantity)
    return WhyAnswer(
        stamp=stamp_entry(run, view),
        code=code,
        headline=list(why_headline(chain)),
        tables=[table_entry(one) for one in why_grids(chain)],
        notes=list(why_notes(chain)),
        drivers=[driver_entry(one) for one in chain.drivers],
        why=why_json(chain, code.command),
    )
