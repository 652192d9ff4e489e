"""Groups of countries that published counts of attacks cover.

A case does not list the members of its aggregates. Europol's yearly counts cover the member states of the European
Union of the year; until January 2020 these were the 28 below. Counts from 2020 on leave the United Kingdom out, which
the comparison with later figures says.
"""

from __future__ import annotations

EUROPEAN_UNION = frozenset(
    {"AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL", "ITA", "LVA"}
    | {"LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE", "GBR"}
)
#: Members and name of each group that counts of attacks are published for, by the case's code of the aggregate.
GROUPS = {"XEU": (EUROPEAN_UNION, "Europe (the 28 of the EU)")}
#: What people call each group, beyond its code and name.
GROUP_NAMES = {"XEU": ("Europe", "EU", "European Union")}
#: Regions of remainders all of whose countries lie in a group, as nearly as a case tells.
REMAINDERS = {"XEU": frozenset({"rest-western-europe"})}


def members(group: str, countries: tuple[str, ...]) -> list[int]:
    """Positions of the countries that a group covers; a single country covers itself."""
    if group not in GROUPS:
        return [i for i, code in enumerate(countries) if code == group]
    inside = GROUPS[group][0] | REMAINDERS[group]
    return [i for i, code in enumerate(countries) if code in inside]
