"""Which organisation of the reference class a name means.

The class lists names of one organisation with ``/`` between them. Other names, under which cases know the same
organisation, are in ``names.csv``. Names are compared without signs and in lower case. An organisation of a case that
stands for several of the class (groups that pledged in one country, two that ruled together) has none.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from afterfall.reference.reference_class import ReferenceClass


def simplified(name: str) -> str:
    """A name in lower case without signs.

    >>> simplified("Jaish al-Muhajireen")
    'jaishalmuhajireen'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def own_names(organisation: str) -> tuple[str, ...]:
    """Simplified names of an organisation of the class: those that it is listed with, then those of ``names.csv``.

    >>> own_names("ISGS")
    ('isgs', 'isisinthegreatersahara', 'islamicstateinthegreatersahara')
    """
    listed = (*organisation.split(" / "), organisation.split("(")[0])
    return tuple(dict.fromkeys(simplified(name) for name in (*listed, *_others().get(organisation, ()))))


def class_twin(names: Iterable[str], known: ReferenceClass) -> str | None:
    """The organisation of the class that has one of some names, the first name first; None without one.

    Parameters
    ----------
    names
        Names of one organisation, in any spelling of letters and signs.
    known
        The class as of a day: an organisation that began later is not in it.
    """
    by_name = {name: o.organisation for o in reversed(known.organisations) for name in own_names(o.organisation)}
    return next((by_name[key] for key in map(simplified, names) if key in by_name), None)


@cache
def _others() -> Mapping[str, tuple[str, ...]]:
    text = resources.files("afterfall.reference").joinpath("data", "names.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        found[row["organisation"]] = (*found.get(row["organisation"], ()), row["name"])
    return found
