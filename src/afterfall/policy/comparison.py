"""The verb: run a case under two policies with the same luck, and say what differs.

Both sides are runs like any other, in run folders of their own: they are resumed after an interruption and reused when
asked for again. Where a lever narrows or widens a way out, both are run again at rho = 0, 1/2 and 1: nothing in the
data of one collapse says whether a closed way keeps people where they are (1) or turns them elsewhere (0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from afterfall.case import Case
from afterfall.model import Model, build
from afterfall.model.language.vocabulary import OnRamp
from afterfall.model.levers import AS_NOW, Policy
from afterfall.policy.costs import Costing, capacity_short, capacity_used, lever_costs, unknown_quantities
from afterfall.policy.endpoints import AT_RHO, DEAD, RESOURCES, Endpoint, outcomes
from afterfall.policy.paired_differences import Difference, difference
from afterfall.policy.people_counts import People
from afterfall.run import DEFAULT_SEED, Progress, Run, forecast

RHO = "leaving.retained"
RHOS = (0.0, 0.5, 1.0)
DEFAULT_TRAJECTORIES = 200
DEFAULT_HORIZON = 60


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its policy, the model under it, and the run."""

    policy: Policy
    model: Model = field(repr=False)
    run: Run = field(repr=False)


@dataclass(frozen=True)
class Comparison:
    """Two policies on one case: B (`b`) against A (`a`), for one country or (None) everyone, at one month.

    Attributes
    ----------
    differences
        By quantity, of the country's people.
    others
        The same of everyone else; empty without a country.
    at_rho
        By rho, the differences of what a border moves; empty where no lever acts on a way out.
    costs
        What B takes more than A.
    """

    a: Side
    b: Side
    country: str | None
    month: int
    outcomes: tuple[Endpoint, ...]
    differences: Mapping[str, Difference]
    others: Mapping[str, Difference]
    at_rho: Mapping[float, Mapping[str, Difference]]
    costs: Mapping[str, Costing]

    @property
    def trajectories(self) -> int:
        """Futures on each side."""
        return self.a.run.request.trajectories

    @property
    def counterfactual(self) -> bool:
        """Whether a side uses what was not public at the as-of date."""
        return self.a.policy.counterfactual or self.b.policy.counterfactual

    def label(self, quantity: str) -> str:
        """What a quantity is, in words."""
        return People(self.a.run, self.country, self.month).label(quantity)

    def is_counter(self, quantity: str) -> bool:
        """Whether a quantity counts moves since the as-of date, rather than people at the month."""
        return People(self.a.run, self.country, self.month).is_counter(quantity)

    def is_hindsight(self, quantity: str) -> bool:
        """Whether a quantity rests on structure that only later knowledge suggests."""
        return People(self.a.run, self.country, self.month).is_hindsight(quantity)


def compare(
    case: Case,
    policy: Policy,
    *,
    against: Policy = AS_NOW,
    country: str | None = None,
    at: int | None = None,
    horizon: int = DEFAULT_HORIZON,
    trajectories: int = DEFAULT_TRAJECTORIES,
    seed: int = DEFAULT_SEED,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    command: str | None = None,
) -> Comparison:
    """Compare a policy with another (by default: as on the as-of date), future by future.

    Parameters
    ----------
    case
        A cut case.
    policy, against
        Side B and side A.
    country
        Code of an origin, or None for everyone.
    at
        Month at which outcomes are compared: the horizon for None.
    horizon, trajectories, seed, run_dir, threads, progress, command
        As for `forecast`, for every run.

    Raises
    ------
    ValueError
        If a policy does not fit the model, or the country or month is unknown.
    """
    month = horizon if at is None else at
    run = _Running(case, horizon, month, trajectories, seed, run_dir, threads, progress, command)
    a, b = run.side(against, {}), run.side(policy, {})
    code = None if country is None else a.run.origin(country)
    wrong = unknown_quantities(case, (*against.levers, *policy.levers), [q.name for q in a.model.quantities])
    if wrong:
        raise ValueError("\n  ".join(["levers do not fit the model:", *wrong]))
    looked_at = outcomes([q.name for q in a.model.quantities], (*against.levers, *policy.levers))
    own = People(a.run, code, month), People(b.run, code, month)
    costs = capacity_used(*own, RESOURCES) | capacity_short(*own)
    costs |= lever_costs(*own, (against, policy), a.model.view)
    rhos = RHOS if acts_on_a_way(a.model) or acts_on_a_way(b.model) else ()
    at_rho = {rho: run.at_rho(rho, (against, policy), code, _only(looked_at, AT_RHO)) for rho in rhos}
    return Comparison(
        a=a,
        b=b,
        country=code,
        month=month,
        outcomes=looked_at,
        differences=_differences(a, b, code, month, looked_at),
        others={} if code is None else _differences(a, b, code, month, looked_at, others=True),
        at_rho=at_rho,
        costs=costs,
    )


def acts_on_a_way(model: Model) -> bool:
    """Whether a lever acts on a weight of a choice that rho governs."""
    ways = {t.rate.name for t in model.structure.transitions if t.choice and t.choice.retain == RHO}
    return any(isinstance(term, OnRamp) for r in model.structure.rates if r.name in ways for term in r.terms)


def _only(found: Sequence[Endpoint], names: Sequence[str]) -> tuple[Endpoint, ...]:
    return tuple(o for o in found if o.quantity in names)


def _differences(
    a: Side, b: Side, country: str | None, month: int, looked_at: Sequence[Endpoint], *, others: bool = False
) -> dict[str, Difference]:
    left, right = (People(side.run, country, month, others) for side in (a, b))
    dead = right.at(DEAD) - left.at(DEAD)
    return {
        o.quantity: difference(left.at(o.quantity), right.at(o.quantity), o.direction, dead)
        for o in looked_at
        if not (others and o.group == "sources")
    }


@dataclass(frozen=True)
class _Running:
    """What every run of a comparison has in common."""

    case: Case
    horizon: int
    month: int
    trajectories: int
    seed: int
    run_dir: Path | str | None
    threads: int | None
    progress: Callable[[Progress], None] | None
    command: str | None

    def at_rho(
        self, rho: float, policies: tuple[Policy, Policy], country: str | None, looked_at: Sequence[Endpoint]
    ) -> dict[str, Difference]:
        """The differences of A and B where a closed way retains so much."""
        a, b = (self.side(policy, {RHO: rho}) for policy in policies)
        return _differences(a, b, country, self.month, looked_at)

    def side(self, policy: Policy, fixed: Mapping[str, float]) -> Side:
        """Run one side."""
        model = build(self.case, horizon=self.horizon, record_months=[self.month], policy=policy, fixed=fixed)
        run = forecast(
            model,
            trajectories=self.trajectories,
            seed=self.seed,
            run_dir=self.run_dir,
            threads=self.threads,
            progress=self.progress,
            command=self.command,
        )
        return Side(policy, model, run)
