"""A country as a user names it, by code or name: the one place in which every command and every verb looks it up."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from afterfall.case import Case
from afterfall.model.language.case_view import CaseView
from afterfall.run.errors import UnknownCountry


def country_code(
    country: str,
    names: Mapping[str, str],
    remainders: Collection[str] = (),
    groups: Mapping[str, Collection[str]] | None = None,
) -> str:
    """The code of the place that a text means.

    Parameters
    ----------
    country
        A code or a name, in any case of letters.
    names
        Names of the places that can be meant, by code, groups and remainders among them.
    remainders
        Codes of places that stand for all other countries of a region.
    groups
        More words for groups of countries, by code.

    Raises
    ------
    UnknownCountry
        If there is none; the message lists the nearest.
    """
    by_word = {word.casefold(): code for code, name in names.items() for word in (name, code)}
    by_word |= {word.casefold(): code for code, words in (groups or {}).items() for word in words}
    if country.casefold() not in by_word:
        raise UnknownCountry(country, names, list(remainders))
    return by_word[country.casefold()]


def origin_code(case: Case, country: str) -> str:
    """The code of an origin that the models of a case tell apart, by code or name.

    Raises
    ------
    UnknownCountry
        If there is none; the message lists the nearest.
    """
    scene = CaseView(case)
    names = {code: scene.name(code) for code in scene.origins}
    return country_code(country, names, [code for code in scene.origins if code not in scene.named])
