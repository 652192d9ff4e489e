"""Other words for a country, for somebody who types a name: those by which `place_names.find_place` finds it."""

from __future__ import annotations

from afterfall.case.place_names import USUAL, endonyms, territory_of


def spellings(code: str) -> tuple[str, ...]:
    """Other words for a country by its code of three letters: usual names, and those in its own languages, folded.

    >>> spellings("DEU")[:2]
    ('deutschland', 'de')
    """
    territory = territory_of(code)
    if not territory:
        return ()
    usual = [word for word, codes in USUAL.items() if codes == (territory,)]
    own = [word for latin in (True, False) for word in sorted(endonyms(territory, latin))]
    return tuple(dict.fromkeys((*usual, *own, territory.lower())))
