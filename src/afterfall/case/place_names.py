"""Finds a place by what people call it: code, name, usual spelling, or its name in a language of the place.

Every command and every verb looks places up here. The places of a case have codes and names of their own, which come
first. Everything else comes from the Unicode CLDR by way of Babel: ISO 3166-1 codes of two and three letters, English
names, and the names that countries have in their official languages. A short table adds usual English names that the
CLDR lacks. Case, accents, punctuation and "the" make no difference.

A name that may mean two places is an error that lists both. So is the name of a group, and of a country that is not
among those asked for. Babel is imported on the first name that is neither a code nor a name of the case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache

#: How codes of ISO 3166-1 look, and those made up like them.
ISO_CODE = re.compile("[A-Z]{3}")
#: Codes of cases for places without an ISO 3166-1 code of three letters, with the code of two letters of the CLDR.
OWN_CODES = {"XKX": "XK"}
#: Codes of three letters of countries that are no more, and of a part of one.
FORMER_CODES = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
#: Codes of three letters that ISO 3166-1 leaves to its users: they are no country's.
USERS_CODES = re.compile("AAA|Q[M-Z][A-Z]|X[A-Z]{2}|ZZZ")
#: Usual English names, folded, that the CLDR lacks, and names that may mean several places.
USUAL: Mapping[str, tuple[str, ...]] = {
    "america": ("US",),
    "united states of america": ("US",),
    "britain": ("GB",),
    "great britain": ("GB",),
    "holland": ("NL",),
    "czech republic": ("CZ",),
    "turkey": ("TR",),
    "ivory coast": ("CI",),
    "cape verde": ("CV",),
    "swaziland": ("SZ",),
    "east timor": ("TL",),
    "vatican": ("VA",),
    "macedonia": ("MK",),
    "bosnia": ("BA",),
    "bosnia herzegovina": ("BA",),
    "palestine": ("PS",),
    "state of palestine": ("PS",),
    "uae": ("AE",),
    "emirates": ("AE",),
    "ksa": ("SA",),
    "prc": ("CN",),
    "trinidad": ("TT",),
    "russian federation": ("RU",),
    "syrian arab republic": ("SY",),
    "viet nam": ("VN",),
    "hong kong": ("HK",),
    "macau": ("MO",),
    "drc": ("CD",),
    "dr congo": ("CD",),
    "democratic republic of congo": ("CD",),
    "republic of congo": ("CG",),
    "congo": ("CD", "CG"),
    "rok": ("KR",),
    "republic of korea": ("KR",),
    "dprk": ("KP",),
    "korea": ("KP", "KR"),
    "virgin islands": ("VG", "VI"),
    "oesterreich": ("AT",),
}
#: Codes, folded, that people use for a country though ISO 3166-1 has another: of sports, vehicles, institutions.
#: They are not taken for the country, since some are near to another code; an error names the country meant.
UNOFFICIAL = {
    **dict.fromkeys(("kos", "ksv", "rks", "unk", "xko", "xkv"), "XK"),
    "alg": "DZ",
    "bul": "BG",
    "cro": "HR",
    "den": "DK",
    "eng": "GB",
    "ger": "DE",
    "gre": "GR",
    "ned": "NL",
    "por": "PT",
    "sui": "CH",
}
#: Codes of the CLDR that name groups (so do all that are numbers), and groups, folded, that it does not name.
GROUP_CODES = frozenset({"EU", "EZ", "UN"})
GROUP_WORDS = frozenset({"balkans", "western balkans", "maghreb", "middle east", "sahel", "west", "gulf"})
WORLD = frozenset({"001", "WLD"})
#: Letters that are a letter with an accent to readers, but not to Unicode.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
#: Names before which a sentence needs "the", beyond those that `with_article` tells by their words.
THE = frozenset({"Bahamas", "Comoros", "Gambia", "Maldives", "Netherlands", "Philippines", "Seychelles", "World"})
#: Names listed in an error; likeness (of 100) from which a name is near; how much less than the nearest is as near.
LISTED, LIKE, AS_NEAR = 20, 70.0, 5.0


class UnknownPlace(ValueError):
    """A place that was not found, or not one alone.

    Attributes
    ----------
    found
        The name as given.
    nearest
        Codes of the places it may mean, the nearest first; empty where none is near.
    """

    def __init__(self, message: str, found: str, nearest: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.found, self.nearest = found, tuple(nearest)


def find_place(
    text: str,
    candidates: Mapping[str, str],
    *,
    groups: Mapping[str, Collection[str]] | None = None,
    remainders: Collection[str] = (),
) -> str:
    """The code of the one place that a text means.

    Parameters
    ----------
    text
        A code, or a name as people write it.
    candidates
        Names by code of all places that can be meant, groups and remainders among them.
    groups
        More words for candidates that are groups of countries, by code; None where no group can be meant.
    remainders
        Codes of candidates that stand for all other countries of a region; an error says so.

    Raises
    ------
    UnknownPlace
        If the text means no candidate, or may mean several; the message lists the nearest.

    Examples
    --------
    >>> find_place("Deutschland", {"DEU": "Germany", "FRA": "France"})
    'DEU'
    """
    if text in candidates:  # a code as it stands is never in doubt, whatever other places are called
        return text
    wanted = _folded(text)
    own = {code for code, name in candidates.items() if wanted in (_folded(code), _folded(name))}
    own |= {code for code, words in (groups or {}).items() if wanted in map(_folded, words)}
    if own and len(USUAL.get(wanted, ())) > 1:
        own |= {code for code in candidates if territory_of(code) in USUAL[wanted]}
    if own:
        return _only(text, sorted(own), candidates)
    territories = _territories(wanted)
    if territories:
        return _candidate(text, territories, candidates, remainders)
    if wanted in GROUP_WORDS or _groups_in_english().get(wanted):
        raise UnknownPlace(_group_message(text, wanted, candidates, groups, remainders), text)
    named = [code for code in candidates if wanted in endonyms(territory_of(code), _is_latin(wanted))]
    if named:
        return _only(text, named, candidates)
    near = _nearest(wanted, candidates)
    hint = f"did you mean {_either(near, candidates)}?" if near else _covered(candidates, remainders)
    raise UnknownPlace(f"unknown country {text!r}: {hint}", text, near)


def with_article(name: str) -> str:
    """The name of a place as a sentence has it after "to" or "in".

    Examples
    --------
    >>> with_article("United States"), with_article("Canada")
    ('the United States', 'Canada')
    """
    first, last = name.split(" ")[0], name.split(" ")[-1]
    the = name in THE or first == "United" or last in ("Islands", "Republic", "Territories")
    the = the or name.startswith(("Republic of", "Democratic Republic", "Other countries", "Rest of"))
    if not the:
        return name
    return f"the {name[0].lower()}{name[1:]}" if first in ("Other", "Rest", "World") else f"the {name}"


def _only(text: str, found: list[str], candidates: Mapping[str, str]) -> str:
    """The one code found; several are an error."""
    if len(found) == 1:
        return found[0]
    raise UnknownPlace(f"{text!r} may mean {_either(found, candidates)}: name one of them by its code", text, found)


def _candidate(
    text: str, territories: tuple[str, ...], candidates: Mapping[str, str], remainders: Collection[str]
) -> str:
    """The candidate that is a territory of the CLDR; several territories, or one that is none of them, are an error."""
    codes = {territory_of(code): code for code in candidates}
    here = [codes[t] for t in territories if t in codes]
    if len(territories) > 1:
        means = " or ".join(f"{candidates[codes[t]]} ({codes[t]})" if t in codes else _english(t) for t in territories)
        covered = "" if len(here) == len(territories) else f". {_covered(candidates, remainders)}"
        raise UnknownPlace(f"{text!r} may mean {means}: name one of them{covered}", text, here)
    if here:
        return here[0]
    name = _english(territories[0])
    shown = text if _folded(text) == _folded(name) else f"{text} ({name})"
    raise UnknownPlace(f"unknown country {shown!r}: {_covered(candidates, remainders)}", text)


def _group_message(
    text: str,
    wanted: str,
    candidates: Mapping[str, str],
    groups: Mapping[str, Collection[str]] | None,
    remainders: Collection[str],
) -> str:
    """What to say to one who names a group where a country is expected."""
    if _groups_in_english().get(wanted, ()) and WORLD & set(_groups_in_english()[wanted]):
        return f"unknown country {text!r}: for the whole world, name no country"
    if groups is not None:
        known = _either(list(groups), candidates) if groups else "a group of the case, which has none"
        return f"unknown group {text!r}: expected a country, or {known}"
    rest = _listed([code for code in candidates if code in remainders], candidates)
    others = f", or one of: {rest}" if rest else ""
    return (
        f"{text!r} is a group of countries: expected one country{others}. "
        "Only the command attacks takes groups, such as 'Europe'"
    )


def is_country_code(code: str) -> bool:
    """Whether a code of three letters is that of a country: ISO 3166-1, or one of `OWN_CODES`."""
    if code in OWN_CODES:
        return True
    ours = USERS_CODES.fullmatch(code) or code in FORMER_CODES
    return len(code) == 3 and not ours and bool(territory_of(code))


@cache
def country_codes() -> Mapping[str, str]:
    """English names of all countries by their codes of three letters."""
    from babel.core import get_global

    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    return {code: _english(territory_of(code)) for code in sorted({*aliases, *OWN_CODES}) if is_country_code(code)}


def nearest_country(code: str, name: str, candidates: Mapping[str, str]) -> str | None:
    """The candidate that a place is most likely meant to be, by its name or else by an unknown code; None without one.

    Codes are near that have two letters of three in the same place, first of all those that begin alike.

    >>> nearest_country("KOS", "Kosovo", {"SRB": "Serbia", "XKX": "Kosovo"})
    'XKX'
    """
    try:
        return find_place(name, candidates)
    except UnknownPlace as unknown:
        if is_country_code(code):
            return None
        alike = [one for one in sorted(candidates) if sum(map(str.__eq__, one, code)) == len(code) - 1]
        alike.sort(key=lambda one: one[0] != code[0])
        return next(iter((*unknown.nearest, *alike)), None)


def _covered(candidates: Mapping[str, str], remainders: Collection[str]) -> str:
    """Which places there are, and where the people of all others are counted."""
    own = sorted((code for code in candidates if code not in remainders), key=lambda code: candidates[code])
    rest = _listed([code for code in candidates if code in remainders], candidates)
    others = f". People of any other country are counted in: {rest}" if rest else ""
    return f"expected a country with figures of its own: {_listed(own, candidates)}{others}"


def _listed(codes: list[str], candidates: Mapping[str, str]) -> str:
    more = f", and {len(codes) - LISTED} more" if len(codes) > LISTED else ""
    return ", ".join(f"{candidates[code]} ({code})" for code in codes[:LISTED]) + more


def _either(codes: list[str], candidates: Mapping[str, str]) -> str:
    return " or ".join(f"{candidates[code]} ({code})" for code in codes)


def _nearest(wanted: str, candidates: Mapping[str, str], most: int = 3) -> list[str]:
    """Codes whose code, name or usual name is nearest to a folded text."""
    from rapidfuzz import fuzz, process

    words: dict[str, str] = {}
    meant = [code for code in candidates if wanted in UNOFFICIAL and territory_of(code) == UNOFFICIAL[wanted]]
    if meant:
        return meant
    for code, name in candidates.items():
        words |= dict.fromkeys((_folded(code), _folded(name)), code)
    codes = {territory_of(code): code for code in candidates}
    for word, territories in (*_in_english().items(), *USUAL.items()):
        if len(territories) == 1:  # a country that is no candidate stands in the way of less similar ones
            words.setdefault(word, codes.get(territories[0], ""))
    for territory, code in codes.items():
        words |= {word: code for word in endonyms(territory, _is_latin(wanted)) if word not in words}
    close = process.extract(wanted, list(words), scorer=fuzz.ratio, limit=2 * most, score_cutoff=LIKE)
    nearest = [words[word] for word, likeness, _ in close if likeness >= close[0][1] - AS_NEAR]
    return list(dict.fromkeys(filter(None, nearest)))[:most]


@cache
def _folded(text: str) -> str:
    """A text without case, accents, punctuation and "the"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['\u2019\u02bb\u02bc`.]", "", plain).replace("&", " and ")
    words = re.sub(r"[^\w]+", " ", plain, flags=re.UNICODE).split()
    words = ["st" if word == "saint" else word for word in words]
    return " ".join(word for word in words if word != "the") or " ".join(words)


def _territories(wanted: str) -> tuple[str, ...]:
    """Codes of two letters of the countries that a code or an English name means."""
    if wanted in USUAL:
        return USUAL[wanted]
    if wanted in _in_english():
        return _in_english()[wanted]
    code = territory_of(wanted.upper())
    return (code,) if code in _english_names() and not _is_group(code) else ()


@cache
def territory_of(code: str) -> str:
    """The code of two letters that the CLDR has for a code of two or three; empty where it has none."""
    if code in OWN_CODES:
        return OWN_CODES[code]
    if not (code.isascii() and code.isalpha() and code.isupper() and len(code) in (2, 3)):
        return ""
    from babel.core import get_global

    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    found = aliases.get(code, [])
    if len(found) == 1:
        return found[0]
    return code if len(code) == 2 and code in _english_names() else ""


@cache
def _names_in(language: str) -> Mapping[str, str]:
    """Names of territories in a language by code; empty for a language that the CLDR does not cover."""
    from babel import localedata

    if not localedata.exists(language):
        return {}
    names: Mapping[str, str] = localedata.load(language, merge_inherited=False).get("territories", {})
    return names


def _english_names() -> Mapping[str, str]:
    return _names_in("en")


def _english(territory: str) -> str:
    return _english_names()[territory]


def _is_latin(text: str) -> bool:
    """Whether a text has no letters but those of the Latin alphabet."""
    return all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())


def _is_group(territory: str) -> bool:
    return territory.isdigit() or territory in GROUP_CODES


@cache
def _in_english() -> Mapping[str, tuple[str, ...]]:
    """Codes of countries by their folded English names."""
    return _by_name(groups=False)


@cache
def _groups_in_english() -> Mapping[str, tuple[str, ...]]:
    """Codes of groups of countries by their folded English names and codes."""
    found = _by_name(groups=True)
    return {**found, **{_folded(code): (code,) for codes in found.values() for code in codes}}


def _by_name(*, groups: bool) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for territory, name in _english_names().items():
        if _is_group(territory) == groups:
            # "Myanmar (Burma)" is Myanmar, Burma, and both.
            for word in {_folded(part) for part in (name, *re.split(r"[()]", name))} - {""}:
                found[word] = (*found.get(word, ()), territory)
    return found


@cache
def endonyms(territory: str, latin: bool) -> frozenset[str]:
    """Folded names of a country in its official languages, of those written in Latin letters or of the others."""
    if not territory:
        return frozenset()
    from babel.core import get_global
    from babel.languages import get_official_languages

    likely: Mapping[str, str] = get_global("likely_subtags")
    found: set[str] = set()
    for language in get_official_languages(territory, de_facto=True):
        script = likely.get(language, language).split("_")[1:2]
        if (script == ["Latn"]) == latin:
            found |= {_folded(name) for name in [_names_in(language).get(territory, "")] if name}
    return frozenset(found)
