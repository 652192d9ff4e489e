"""``afterfall why``: the chain behind one number."""

from __future__ import annotations

from typing import Any

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

EXAMPLES = (
    "afterfall why isis-2017 CAN --quantity returned",
    "afterfall why RUN --at 24",
    "afterfall why isis-2017 Sudan --quantity founding",
    "afterfall why isis-2017 Mosul --quantity recapture",
)
#: The quantity that asks for the chance of a first presence.
FOUNDING = "founding"
#: Quantities that ask for the chance of an event of an organisation, of a place that it lost, or of custody.
EVENTS = ("recapture", "split", "merger", "absorption", "allegiance", "ending", "break", "collapse")


def why(
    source: options.CaseOrRun,
    place: options.CountryArgument = None,
    country: options.Country = None,
    quantity: options.Quantity = "returned",
    at: options.At = None,
    case: options.CaseOfRun = None,
    as_of: options.AsOf = None,
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Explain a number: every published figure of the place, the parameters that drive it, and the mechanisms.

    With ``--quantity founding`` it explains the chance of a first presence in any country of the world. With
    ``recapture`` it explains that of a place, and with ``split``, ``merger``, ``absorption``, ``allegiance`` or
    ``ending`` that of an organisation, which is named in place of the country. ``break`` and ``collapse`` explain that
    of a place of custody and of a custodian.
    """
    country = options.one_country(place, country)
    check_day("--as-of", as_of)
    check_day("--at", at)
    settings: dict[str, Any] = {
        "at": at,
        "as_of": as_of,
        "horizon": horizon,
        "trajectories": trajectories,
        "seed": seed,
        "case": case,
        "draws": options.draws_from(draws, prior_only),
        "threads": threads,
        "command": command(),
        "run_dir": options.run_folder(run_dir, source),
    }
    answer = _founding if quantity == FOUNDING else _event if quantity in EVENTS else _number
    answer(source, country, quantity, settings, all_notes=all_notes, as_json=as_json)


def _number(
    source: str, country: str | None, quantity: str, settings: dict[str, Any], *, all_notes: bool, as_json: bool
) -> None:
    """Explain a number of people; the names of events are among those that are near to an unknown one."""
    from afterfall.cli.output import note_few, note_run, show, show_json
    from afterfall.cli.progress import working
    from afterfall.run import UnknownName

    with working() as progress:
        try:
            chain = afterfall.explain(source, quantity=quantity, country=country, progress=progress, **settings)
        except UnknownName as unknown:
            if unknown.kind != "quantity":
                raise
            raise UnknownName("quantity", quantity, [*unknown.known, FOUNDING, *EVENTS]) from None
    note_run(chain.run)
    note_few(chain.run)
    if as_json:
        from afterfall.report.explain.why_json import why_json

        show_json(why_json(chain, command()))
    else:
        from afterfall.report.explain.why import why_grids, why_headline, why_notes

        show(why_headline(chain), why_grids(chain), why_notes(chain), all_notes=all_notes)


def _founding(
    source: str, country: str | None, _: str, settings: dict[str, Any], *, all_notes: bool, as_json: bool
) -> None:
    """Explain the chance of a first presence."""
    from afterfall.cli.output import show, show_json
    from afterfall.cli.progress import working
    from afterfall.report.explain.founding_why import (
        founding_grids,
        founding_headline,
        founding_notes,
        founding_why_json,
    )

    with working() as progress:
        found = afterfall.explain_founding(source, country=options.needed(country), progress=progress, **settings)
    if as_json:
        show_json(founding_why_json(found))
    else:
        show(founding_headline(found), founding_grids(found), founding_notes(found), all_notes=all_notes)


def _event(
    source: str, country: str | None, quantity: str, settings: dict[str, Any], *, all_notes: bool, as_json: bool
) -> None:
    """Explain the chance of an event of an organisation, or of a place that it lost."""
    from afterfall.cli.output import show, show_json
    from afterfall.cli.progress import working
    from afterfall.report.explain.event_why import event_why_json
    from afterfall.report.explain.event_words import event_grids, event_headline, event_notes

    of = options.needed(country, "place or organisation", "Mosul or hts")
    with working() as progress:
        event = afterfall.explain_event(source, quantity=quantity, of=of, progress=progress, **settings)
    if as_json:
        show_json(event_why_json(event))
    else:
        show(event_headline(event), event_grids(event), event_notes(event), all_notes=all_notes)
