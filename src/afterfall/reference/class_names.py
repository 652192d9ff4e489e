"""Which organisation of the reference class a name means.

The class lists names of one organisation with ``/`` between them. Other names, under which cases know the same
organisation, are in ``names.csv``, with the days between which they meant it: a branch that split is the part that kept
its place in the core's family. Names are compared without signs and in lower case. An organisation of a case that
stands for several of the class (groups that pledged in one country, two that ruled together) has none.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from afterfall.reference.reference_class import ReferenceClass


def simplified(name: str) -> str:
    """A name in lower case without signs.

    >>> simplified("Jaish al-Muhajireen")
    'jaishalmuhajireen'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def own_names(organisation: str, day: dt.date = dt.date.max) -> tuple[str, ...]:
    """Simplified names of an organisation of the class: those that it is listed with, then those of ``names.csv``.

    Of the latter only those by which it was known on a day.

    >>> own_names("ISGS")
    ('isgs', 'isisinthegreatersahara', 'islamicstateinthegreatersahara')
    """
    listed = (*organisation.split(" / "), organisation.split("(")[0])
    others = (name.name for name in _others().get(organisation, ()) if name.since <= day <= name.until)
    return tuple(dict.fromkeys(simplified(name) for name in (*listed, *others)))


def class_twin(names: Iterable[str], known: ReferenceClass, day: dt.date | None = None) -> str | None:
    """The organisation of the class that has one of some names, the first name first; None without one.

    Parameters
    ----------
    names
        Names of one organisation, in any spelling of letters and signs.
    known
        The class as of a day: an organisation that began later is not in it.
    day
        Day on which the names are used, by default that of the class.
    """
    when = day or known.as_of
    by_name = {name: o.organisation for o in reversed(known.organisations) for name in own_names(o.organisation, when)}
    return next((by_name[key] for key in map(simplified, names) if key in by_name), None)


@dataclass(frozen=True, slots=True)
class _OtherName:
    name: str
    since: dt.date
    until: dt.date


@cache
def _others() -> Mapping[str, tuple[_OtherName, ...]]:
    text = resources.files("afterfall.reference").joinpath("data", "names.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[_OtherName, ...]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        one = _OtherName(row["name"], _day(row["from"], dt.date.min), _day(row["to"], dt.date.max))
        found[row["organisation"]] = (*found.get(row["organisation"], ()), one)
    return found


def _day(text: str, otherwise: dt.date) -> dt.date:
    return dt.date.fromisoformat(text) if text else otherwise
