"""Countries in which attacks are those of an armed organisation at war, for which attempts are not forecast.

There, an organisation fights with hundreds of attacks a year; what returnees, the sent and the inspired attempt is a
small and unknown part of them, and the forecast of it would read as nearly none. Such countries are left out and named.

A country is an armed host on the as-of date if

- it is a country of the theatre;
- an active offshoot of the case is there: one whose strength somebody has published by then, or where the reference
  class has an organisation of the core's family, not a cell or a label. One that is only listed may be a claimed
  province, and refuses nothing; or
- for a core that the reference class covers, its government fought the Islamic State or al-Qaida at home with 25 or
  more deaths in the last published year (UCDP, `wars.csv` of `afterfall.reference`; a year is public from 31 July of
  the next). The list of wars ends in 2022: later, the state of that year stands.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from afterfall.case.place_names import find_place
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import standing
from afterfall.reference.class_records import WarYear
from afterfall.reference.families import family_of
from afterfall.reference.reference_class import open_reference_class

#: Families that the record of wars covers.
FAMILIES = {"ISIS": "the Islamic State", "AQ": "al-Qaida"}
#: Quantities that say how many people an organisation has.
STRENGTHS = ("strength", "foreign_strength")
#: First year for which wars are listed: up to its end none was public.
FIRST_YEAR = 2010


class ArmedHostError(ValueError):
    """A country whose attempts are not forecast; the message says why and what forecasts its violence."""


@dataclass(frozen=True, slots=True)
class ArmedHost:
    """A country left out: its code and name, and why."""

    place: str
    name: str
    why: str


def armed_hosts(view: CaseView) -> tuple[ArmedHost, ...]:
    """Armed hosts among the places of a case, by code."""
    names = {p.place: p.name for p in view.case.places if p.kind in ("origin", "host", "theatre")}
    why = {code: f"part of the theatre, where {_core(view)} fights" for code in view.case.theatre.countries}
    for code, wars in _wars(view).items():
        if code in names and code not in why:
            fought = " and ".join(f"{FAMILIES[w.family]} ({w.deaths:,} deaths)" for w in wars)
            why[code] = f"its government fought {fought} there in {wars[0].year}, the last published year"
    counted = {f.organisation for f in view.case.figures if f.quantity in STRENGTHS and f.value > 0}
    bodies = _bodies(view)
    for one in standing(view):
        active = one.organisation in counted or one.place in bodies
        if one.kind == "offshoot" and one.place in names and active:
            why.setdefault(one.place, f"{one.name} is active there")
    return tuple(ArmedHost(code, names.get(code, code), why[code]) for code in sorted(why))


def refuse_hosts(word: str, view: CaseView, other: Collection[str]) -> None:
    """Refuse a name that means an armed host.

    Parameters
    ----------
    word
        Code or name, as given.
    view
        The case.
    other
        Codes of the places that can be asked for: a name that means one of them is not refused.

    Raises
    ------
    ArmedHostError
        If it means an armed host.
    """
    hosts = {host.place: host for host in armed_hosts(view)}
    names = {code: view.name(code) for code in other if code not in hosts} | {h.place: h.name for h in hosts.values()}
    try:
        found = find_place(word, names)
    except ValueError:
        return
    if found in hosts:
        host = hosts[found]
        raise ArmedHostError(
            f"attempts in {host.name} ({host.place}) are not forecast: {host.why}, so attacks there are those of an "
            "armed organisation at war, and no count of attempts covers them. Deaths in fighting there: "
            f"afterfall violence CASE --country {host.place}"
        )


def _wars(view: CaseView) -> dict[str, list[WarYear]]:
    """Wars of the last published year, by country; none for a core that the record does not cover."""
    if family_of(view.case.core) not in FAMILIES or view.case.as_of.year <= FIRST_YEAR:
        return {}
    known = open_reference_class(view.case.as_of).wars
    last = max((w.year for w in known), default=0)
    found: dict[str, list[WarYear]] = {}
    for war in known:
        if war.year == last:
            found.setdefault(war.country, []).append(war)
    return found


def _bodies(view: CaseView) -> set[str]:
    """Countries in which the reference class has an organisation of the core's family, not a cell or a label."""
    family = family_of(view.case.core)
    if family not in FAMILIES or view.case.as_of.year <= FIRST_YEAR:
        return set()
    found = [a for a in open_reference_class(view.case.as_of).affiliates if a.family == family and a.scale == "org"]
    return {a.country for a in found if a.active_to is None or a.active_to >= view.case.as_of.year}


def _core(view: CaseView) -> str:
    return view.case.organisation(view.case.core).name
