"""Families of organisations that the reference class covers, and which of them the core of a case belongs to."""

from __future__ import annotations

#: Families of cores, by the beginning of the core's name in a case.
CORES = {"isis": "ISIS", "islamic-state": "ISIS", "ansar-dine": "AQ", "aqim": "AQ", "al-qaida": "AQ"}
#: The family whose rates serve a core of no family of the reference class.
ANY = "any"


def family_of(core: str) -> str:
    """The family of a core by its name in a case.

    >>> family_of("isis"), family_of("dusk-league")
    ('ISIS', 'any')
    """
    return next((family for start, family in CORES.items() if core.startswith(start)), ANY)
