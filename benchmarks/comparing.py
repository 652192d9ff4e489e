"""What a comparison of policies costs, and what common random numbers save.

    python benchmarks/comparing.py [trajectories]

Four packages against "as on the as-of date", for Canada. Seconds are processor time, without compiling. For each
endpoint that differs: the correlation achieved, and how many times as many simulations two runs with independent random
numbers would need for the same error: (variance of A + variance of B) / variance of the difference.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from afterfall.case import open_case
from afterfall.model.levers import AS_NOW, open_levers
from afterfall.policy import Comparison, compare
from afterfall.policy.people_counts import People

PACKAGES = ("repatriate-and-prosecute", "leave-in-camps", "revoke-citizenship", "programmes-first")
ENDPOINTS = (
    "returned_at_risk",
    "detained",
    "imprisoned",
    "third_country",
    "wrongly_flagged_so_far",
    "sources.operations",
)
COUNTRY = "CAN"


def main() -> None:
    """Print a line for each package and endpoint."""
    trajectories = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    case, catalogue = open_case("isis-2017"), open_levers()
    compare(case, AS_NOW, country=COUNTRY, trajectories=1)
    for name in PACKAGES:
        begin = time.process_time()
        found = compare(
            case, catalogue.policy(case, name, (), COUNTRY), country=COUNTRY, trajectories=trajectories, threads=1
        )
        runs = 2 * (1 + len(found.at_rho))
        seconds = time.process_time() - begin
        each = 1000 * seconds / runs / trajectories
        print(f"{name}: {seconds:.0f} s, {runs} runs of {trajectories} simulations, {each:.0f} ms each")
        for endpoint in ENDPOINTS:
            print(f"  {endpoint:24s} {saved(found, endpoint)}")


def saved(found: Comparison, endpoint: str) -> str:
    """Correlation, and how many times the simulations that independent random numbers would need."""
    a, b = (People(one.run, found.country, found.month).at(endpoint) for one in (found.a, found.b))
    gap = float(np.var(b - a))
    if gap == 0:
        return "never differs"
    return f"correlation {np.corrcoef(a, b)[0, 1]:.3f}, {(np.var(a) + np.var(b)) / gap:.0f} times the simulations"


if __name__ == "__main__":
    main()
