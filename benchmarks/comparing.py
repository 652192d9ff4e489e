"""What a comparison of policies costs, and what common random numbers save.

    python benchmarks/comparing.py [trajectories]

Four packages against "as on the as-of date", for Canada, together. Seconds are processor time, without compiling, in
all and as the number of trajectories on one thread that would take as long. For each endpoint that differs: the
correlation achieved, and how many times as many simulations two runs with independent random numbers would need for
the same error: (variance of A + variance of B) / variance of the difference.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from afterfall.case import open_case
from afterfall.model import build
from afterfall.model.levers import open_levers
from afterfall.policy import Comparison, compare_each
from afterfall.policy.people_counts import People
from afterfall.run import simulate

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
#: Trajectories that are timed alone.
ALONE = 10


def main() -> None:
    """Print the cost, and a line for each package and endpoint."""
    trajectories = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    case, catalogue = open_case("isis-2017"), open_levers()
    plain = build(case)
    simulate(plain, seed=1, trajectories=[0])
    begin = time.process_time()
    simulate(plain, seed=1, trajectories=range(ALONE))
    one = (time.process_time() - begin) / ALONE
    policies = [catalogue.policy(case, name, (), COUNTRY) for name in PACKAGES]
    begin = time.process_time()
    compared = compare_each(case, policies, country=COUNTRY, trajectories=trajectories, threads=1, draws="prior")
    seconds = time.process_time() - begin
    runs = sum(1 + len(found.at_rho) for found in compared) + 1 + len(compared[0].at_rho)
    print(f"{seconds:.1f} s, {runs} runs of {trajectories} simulations")
    print(f"{seconds / one:,.0f} trajectories' worth, {seconds / one / trajectories / runs:.2f} for each simulation")
    for name, found in zip(PACKAGES, compared, strict=True):
        print(name)
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
