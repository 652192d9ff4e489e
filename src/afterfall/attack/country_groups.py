"""Members of the country groups for which yearly counts of attacks are published.

A case does not list the members of its aggregates. Europol's yearly counts cover the member states of the European
Union in that year; until January 2020 these were the 28 below. Counts from 2020 on exclude the United Kingdom, which
the comparison with later figures states.
"""

from __future__ import annotations

EUROPEAN_UNION = frozenset(
    {"AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL", "ITA", "LVA"}
    | {"LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE", "GBR"}
)
#: Members and name of each group with published counts, by the case's code of the aggregate.
GROUPS = {"XEU": (EUROPEAN_UNION, "Europe (the 28 of the EU)")}
#: Regions whose remainders (unnamed countries) are taken to lie wholly in the group.
REMAINDERS = {"XEU": frozenset({"rest-western-europe"})}


def members(group: str, countries: tuple[str, ...]) -> list[int]:
    """Positions of the countries that a group covers; a single country covers itself."""
    if group not in GROUPS:
        return [i for i, code in enumerate(countries) if code == group]
    inside = GROUPS[group][0] | REMAINDERS[group]
    return [i for i, code in enumerate(countries) if code in inside]
