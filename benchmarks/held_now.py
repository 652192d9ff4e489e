"""People held at the as-of date next to the counts that condition the start, by origin and of the world.

    python benchmarks/held_now.py [CASE] --as-of DATE [--trajectories N] [--list]

For every origin with counts of people held, read as the start reads them (across custody events): how many values lie
inside the 90 % interval of what such a count would say of the start, and how many origins have all of theirs, or at
least three in four, inside. The same for totals, and for the counts of foreigners held in the world. `--list` prints
each count. Parameters are drawn from priors; nothing is run forward.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from afterfall.case import open_case
from afterfall.engine.keys import START, subkey
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.vocabulary import EVERY_ROLE
from afterfall.model.observation.held_figures import held_groups, held_reading
from afterfall.model.observation.measurement_error import Reading

SEED, ENDS = 1, (0.05, 0.5, 0.95)
BORN = EVERY_ROLE.index("born")


class Line(NamedTuple):
    """One count: of what, people at the start, what a count would say (three quantiles), and what was published."""

    place: str
    what: str
    people: tuple[float, ...]
    counted: tuple[float, ...]
    published: float
    bound: int

    @property
    def inside(self) -> bool:
        """Whether the count lies in the 90 % interval; a bound needs one end only."""
        low, _, high = self.counted
        if self.bound:
            return high >= self.published if self.bound > 0 else low <= self.published
        return low - 0.5 <= self.published <= high + 0.5


def quantiles(people: np.ndarray) -> tuple[float, ...]:
    """Both ends of the 90 % interval and the median."""
    return tuple(float(q) for q in np.quantile(people, ENDS))


def line(place: str, what: str, people: np.ndarray, one: Reading, seed: int) -> Line:
    """A count beside people by trajectory ``[n]``, with an error of the count's own size."""
    error = np.random.default_rng([SEED, seed]).normal(size=len(people))
    variance = np.log1p(one.sd**2)
    would = np.maximum(people, 0.5) * np.exp(np.sqrt(variance) * error - variance / 2.0)
    return Line(place, what, quantiles(people), quantiles(would), float(np.exp(one.log)), one.bound)


def origin_lines(model: Model, start: np.ndarray) -> list[Line]:
    """Counts of people held by origin; `start` is people by trajectory, origin, role and state."""
    plan, lines = model.nowcaster.plan, []
    for o, origin in enumerate(model.origins):
        for j, group in enumerate(held_groups(model.view, origin), start=int(plan.first_held[o])):
            cells = plan.held_cells[j][:, plan.held_class[o]].astype(bool)
            people = (start[:, o] * cells).sum(axis=(1, 2))
            for i, figure in enumerate(group.figures):
                what = f"{'+'.join(group.custodians)} {figure.role or 'everyone'} {figure.refers_to}"
                lines.append(line(origin, what, people, held_reading(model.view, figure), 1000 * j + i))
    return lines


def world_lines(model: Model, start: np.ndarray, n: int) -> list[Line]:
    """Counts of the world: the number drawn for each group beside people at the start."""
    lines = []
    for group in model.nowcaster.world:
        roles = [*group.roles, *((BORN,) if 2 in group.roles else ())]
        people = start[:, :, roles][..., group.states].sum(axis=(1, 2, 3))
        drawn = np.array([group.number(subkey(SEED, t, START, 0)) for t in range(n)])
        names = "+".join(group.custodians) + " " + ",".join(EVERY_ROLE[r] for r in group.roles)
        lines.append(Line("WLD", names, quantiles(people), quantiles(people), float(np.median(drawn)), group.bound))
    return lines


def show(lines: list[Line]) -> None:
    """Print each count."""
    for one in lines:
        people, counted = (f"{q[1]:,.0f} ({q[0]:,.0f}-{q[2]:,.0f})" for q in (one.people, one.counted))
        bound = {1: ">", -1: "<", 0: ""}[one.bound]
        print(
            f"{one.place:<5}{one.what[:70]:<71}{people:>22}{counted:>22}{bound + f'{one.published:,.0f}':>8}  "
            f"{'yes' if one.inside else 'NO'}"
        )


def summary(lines: list[Line]) -> None:
    """Print how many counts, and how many origins, are inside."""
    by_origin: dict[str, list[bool]] = defaultdict(list)
    for one in lines:
        by_origin[one.place].append(one.inside)
    inside, shares = sum(one.inside for one in lines), [np.mean(found) for found in by_origin.values()]
    print(f"counts of people held inside the 90 % interval: {inside} of {len(lines)}")
    print(
        f"origins with all of theirs inside: {sum(s == 1.0 for s in shares)} of {len(shares)}; "
        f"with three in four: {sum(s >= 0.75 for s in shares)}"
    )


def main() -> None:
    """Draw starts once, and print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="?", default="isis")
    parser.add_argument("--as-of", default=None)
    parser.add_argument("--trajectories", type=int, default=100)
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    model = build(open_case(args.case, as_of=args.as_of), horizon=1)
    which = list(range(args.trajectories))
    counts, _ = nowcast(model, sample(model, trajectories=which, seed=SEED), seed=SEED, trajectories=which)
    start = counts.reshape(len(which), len(model.origins), len(EVERY_ROLE), len(model.states))
    print(f"{args.case} as of {model.case.as_of}, {args.trajectories} simulations, parameters from priors")
    lines = origin_lines(model, start)
    if args.list:
        show(lines)
    summary(lines)
    print("the world (published: the median of the number drawn)")
    show(world_lines(model, start, len(which)))


if __name__ == "__main__":
    main()
