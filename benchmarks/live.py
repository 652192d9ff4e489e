"""How soon a picture comes after a moved lever, in a live session on isis-2017.

    python benchmarks/live.py [ROUNDS]

One session for Canada, side A made beforehand. Each round moves a lever to a value that it has not had and waits for
the differences on 8, 16 and 48 paired simulations. Printed: median wall milliseconds to each; processor milliseconds;
both as a ratio to one trajectory on one thread, taken in the same round; and what the rest costs, part by part. On a
busy machine read the ratios of processor time: they say how many trajectories' worth of work a picture is.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from afterfall.attack import attacks
from afterfall.live import Session, open_session
from afterfall.model import under_policy
from afterfall.model.levers import open_levers
from afterfall.run import simulate
from afterfall.run.starting_states import StartingStates

SHOWN = (8, 16, 48)
ROUNDS = 7


@dataclass(frozen=True)
class Took:
    """Milliseconds: wall time, and processor time of all threads."""

    wall: float
    work: float


def timed(what: Callable[[], object]) -> Took:
    """Milliseconds that something takes."""
    wall, work = time.perf_counter(), time.process_time()
    what()
    return Took(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - work))


def one_trajectory(session: Session) -> Took:
    """A trajectory of side A on this thread, its start at hand: what the engine alone takes."""
    plain, starts = session.sides.plain, StartingStates(session.sides.plain.case)
    simulate(plain, seed=1, trajectories=range(SHOWN[0]), starts=starts)
    took = timed(lambda: simulate(plain, seed=1, trajectories=range(SHOWN[0]), starts=starts))
    return Took(took.wall / SHOWN[0], took.work / SHOWN[0])


def pictures(session: Session, intensity: float) -> dict[int, Took]:
    """What it takes from a moved lever to each step."""
    wall, work = time.perf_counter(), time.process_time()
    found = {}
    for step in session.compare([f"border={intensity:g}", f"programmes={intensity:g}"]):
        found[step.simulations] = Took(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - work))
        if step.simulations == SHOWN[-1]:
            break
    return found


def main() -> None:
    """Print a line for each step, and the parts of the first."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with open_session("isis-2017", country="CAN", draws="prior") as session:
        warmed = timed(session.warm)
        print(f"session ready after {warmed.wall / 1000:.1f} s wall, {warmed.work / 1000:.1f} s of processor time")
        for _ in range(2):
            pictures(session, 0.61)
        alone, found = [], []
        for number in range(rounds):
            alone.append(one_trajectory(session))
            found.append(pictures(session, 0.62 + 0.03 * number))
        for n in SHOWN:
            wall = statistics.median(one[n].wall for one in found)
            work = statistics.median(one[n].work for one in found)
            ratio = statistics.median(one[n].work / alone[i].work for i, one in enumerate(found))
            print(f"{n:>3} simulations: {wall:>6.0f} ms wall, {work:>6.0f} ms of work, {ratio:>5.1f} trajectories")
        print(f"one trajectory: {statistics.median(one.work for one in alone):.1f} ms of work")
        parts(session)


def parts(session: Session) -> None:
    """Print what the parts of a first picture take, besides its trajectories."""
    plain = session.sides.plain
    policy = open_levers().policy(plain.case, None, ["border=0.33", "programmes=0.33"], session.country)
    side = session.sides.model(policy)
    run = next(session.compare(policy=policy)).comparison.b.run
    print(f"model under a policy: {timed(lambda: under_policy(plain, policy)).work:.1f} ms")
    print(f"the same with its request: {timed(lambda: session.sides.model(policy)).work:.1f} ms")
    first = attacks(run, side.model)
    attempts = timed(lambda: attacks(run, side.model, same_start=first)).work
    print(f"expected attempts of one side of 8: {attempts:.1f} ms")


if __name__ == "__main__":
    main()
