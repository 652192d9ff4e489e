"""Expected attempts by returnees, the sent and the inspired under a policy, as endpoints of a comparison.

Whole people sent to one country are so few that a comparison of counts rarely differs. Expected attempts follow every
operative in the world, wherever they left from, in proportion to how likely the country is their target, so a lever on
the sent moves them in nearly every simulation (`afterfall.attack`). The attempt parameters are conditioned on the time
before the as-of date only, so they are the same on all sides of a comparison, and are taken over from the first
(`attacks`, ``same_start``).

They are sums over the months from the as-of date to the month compared, of attempts in the country, and per
`SIMULATIONS` simulations, since most are far below one. Those who attempt in a country come from anywhere, so they are
judged net of the deaths of everyone, in the same unit: one life outweighs one attempt (`paired_differences`).
"""

from __future__ import annotations

import numpy as np

from afterfall.attack.attack_result import SOURCES, Attacks
from afterfall.policy.endpoints import ATTEMPTS, SIMULATIONS
from afterfall.policy.paired_differences import Floats

#: Expected attempts of one side by endpoint, ``(n,)`` each.
Expected = dict[str, Floats]


def expected_attempts(found: Attacks, month: int) -> dict[str, Expected]:
    """Expected attempts up to a month by country and endpoint; armed hosts are not among the countries."""
    ahead = _ahead(found, month)
    return {
        country: {f"{ATTEMPTS}{source}": ahead[:, i, s] for s, source in enumerate(SOURCES)}
        for i, country in enumerate(found.countries)
    }


def summed(by_country: dict[str, Expected], country: str | None, *, others: bool = False) -> Expected:
    """Attempts in a country, in all (None), or in all others; empty for a country that is left out."""
    some = [one for code, one in by_country.items() if country is None or (code == country) is not others]
    names = some[0] if some else {}
    return {name: np.sum([one[name] for one in some], axis=0) for name in names}


def _ahead(found: Attacks, month: int) -> Floats:
    """Per `SIMULATIONS` simulations, ``(n, country, source)``."""
    months = found.expected[:, found.back + 1 : found.back + 1 + month]
    return np.asarray(SIMULATIONS * months.sum(axis=1, dtype=np.float64))
