"""Countries as public data sets name them, by the code that cases use (ISO 3166-1 alpha-3; XKX for Kosovo)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from afterfall.case.place_names import UnknownPlace, country_codes, find_place, is_country_code

#: Names of UCDP, VIEWS, UNHCR and Frontex that neither the CLDR nor a name without its brackets leads to.
NAMES: Mapping[str, str] = {
    "Congo": "COG",
    "Congo, DRC": "COD",
    "Congo (Brazzaville)": "COG",
    "Congo (Kinshasa)": "COD",
    "DR Congo (Zaire)": "COD",
    "Dem. Rep. of the Congo": "COD",
    "Kingdom of eSwatini (Swaziland)": "SWZ",
    "Macedonia, FYR": "MKD",
    "Iran (Islamic Rep. of)": "IRN",
    "Iran (Islamic Republic of)": "IRN",
    "Syrian Arab Rep.": "SYR",
    "The Gambia": "GMB",
    "United Kingdom of Great Britain and Northern Ireland": "GBR",
    "Occupied Palestinian Territory": "PSE",
}
#: Codes of two letters of Eurostat that are not those of ISO 3166-1.
EUROSTAT = {"EL": "GRC", "UK": "GBR", "XK": "XKX"}


@cache
def country_code(name: str) -> str:
    """The code of the country that a name or a code means; empty where it means none, or more than one.

    >>> country_code("Yemen (North Yemen)"), country_code("EGY"), country_code("Atlantis")
    ('YEM', 'EGY', '')
    """
    if name in NAMES:
        return NAMES[name]
    if is_country_code(name):
        return name
    for text in (name, re.sub(r"\s*\([^)]*\)", "", name)):
        try:
            return find_place(text, country_codes())
        except UnknownPlace:
            continue
    return ""


@cache
def eurostat_country(code: str) -> str:
    """The code of three letters for one of Eurostat's codes of two; empty for a group, a total or an unknown code.

    >>> eurostat_country("EL"), eurostat_country("SY"), eurostat_country("EU27_2020")
    ('GRC', 'SYR', '')
    """
    if code in EUROSTAT:
        return EUROSTAT[code]
    return country_code(code) if len(code) == 2 and code.isupper() else ""
