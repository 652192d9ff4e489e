"""The verb `compare`: runs a case under two policies with common random numbers and reports the differences.

All runs are ordinary runs in run folders of their own: they resume after an interruption and are reused when requested
again. If a lever narrows or widens an exit, both sides are run again at rho = 0, 1/2 and 1, because the data of one
collapse cannot show whether a closed exit keeps people where they are (1) or turns them elsewhere (0). Several policies
against the same one share its runs (`compare_each`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from afterfall.attack import attacks
from afterfall.case import Case
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, FEW_TRAJECTORIES
from afterfall.model import Model, build
from afterfall.model.language.vocabulary import OnRamp
from afterfall.model.levers import AS_NOW, Lever, Policy
from afterfall.policy.attempts_expected import Expected, expected_attempts, summed
from afterfall.policy.costs import CostDifference, cost_differences, spending, unknown_quantities
from afterfall.policy.endpoints import AT_RHO, ATTACKS, BORN, DEAD, SIMULATIONS, Endpoint, endpoints
from afterfall.policy.paired_differences import Difference, difference
from afterfall.policy.people_counts import People
from afterfall.policy.sides import OverallProgress, PolicyRun, Sides, distinct
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom, posterior_from
from afterfall.run import Progress
from afterfall.run.workers import Scheduler, connected
from afterfall.shown import Shown

RHO = "leaving.retained"
RHOS = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Comparison(Shown):
    """Two policies on one case: B (`b`) against A (`a`), for one country or everyone (None), at one month.

    Attributes
    ----------
    a, b
        The policies with their models and runs.
    country, month
        Code of the country, or None; month at which endpoints are compared.
    endpoints
        The quantities compared.
    differences
        Paired differences by quantity, of the country's people.
    others
        The same for everyone else; empty without a country.
    at_rho
        By rho, the differences of what a closed border displaces; empty if no lever acts on an exit.
    costs
        What B costs more than A.
    """

    a: PolicyRun
    b: PolicyRun
    country: str | None
    month: int
    endpoints: tuple[Endpoint, ...]
    differences: Mapping[str, Difference]
    others: Mapping[str, Difference]
    at_rho: Mapping[float, Mapping[str, Difference]]
    costs: Mapping[str, CostDifference]

    @property
    def trajectories(self) -> int:
        """Simulations of each policy."""
        return self.a.run.request.trajectories

    @property
    def counterfactual(self) -> bool:
        """Whether a policy uses what was not public at the as-of date."""
        return self.a.policy.counterfactual or self.b.policy.counterfactual

    @cached_property
    def _people(self) -> People:
        """People under A, who have what is said of every quantity: read once, since each row asks for it."""
        return People(self.a.run, self.country, self.month)

    def label(self, quantity: str) -> str:
        """Label of a quantity."""
        return self._people.label(quantity)

    def is_counter(self, quantity: str) -> bool:
        """Whether a quantity counts moves since the as-of date, not people at the month."""
        return self._people.is_counter(quantity)

    def is_hindsight(self, quantity: str) -> bool:
        """Whether a quantity rests on structure that became known only after the as-of date."""
        return self._people.is_hindsight(quantity)


def compare(
    case: Case,
    policy: Policy,
    *,
    against: Policy = AS_NOW,
    country: str | None = None,
    at: int | None = None,
    horizon: int = DEFAULT_HORIZON,
    trajectories: int = FEW_TRAJECTORIES,
    seed: int = DEFAULT_SEED,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    command: str | None = None,
    draws: DrawsFrom = DEFAULT,
    scheduler: Scheduler = None,
) -> Comparison:
    """Compare two policies with common random numbers, simulation by simulation.

    Parameters
    ----------
    case
        A cut case.
    policy, against
        Policies B and A; A defaults to the policies in force on the as-of date.
    country
        Code of an origin, or None for everyone.
    at
        Month at which endpoints are compared; None for the horizon.
    horizon, trajectories, seed, run_dir, threads, progress, command, scheduler
        As for `forecast`, for every run.
    draws
        Where parameters of both sides come from (see `posterior_from`): the same draws on both.

    Raises
    ------
    ValueError
        If a policy does not fit the model, or the country or month is unknown.
    """
    (found,) = compare_each(
        case,
        [policy],
        against=against,
        country=country,
        at=at,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
        draws=draws,
        scheduler=scheduler,
    )
    return found


def compare_each(
    case: Case,
    policies: Sequence[Policy],
    *,
    against: Policy = AS_NOW,
    country: str | None = None,
    at: int | None = None,
    horizon: int = DEFAULT_HORIZON,
    trajectories: int = FEW_TRAJECTORIES,
    seed: int = DEFAULT_SEED,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    command: str | None = None,
    draws: DrawsFrom = DEFAULT,
    scheduler: Scheduler = None,
) -> tuple[Comparison, ...]:
    """Compare several policies with the same one: what `compare` gives for each, with the runs of that one made once.

    Parameters
    ----------
    policies
        Policies B, each compared with A.
    case, against, country, at, horizon, trajectories, seed, run_dir, threads, progress, command, draws, scheduler
        As for `compare`. Without `run_dir` the runs of all policies are in memory together.

    Raises
    ------
    ValueError
        If a policy does not fit the model, or the country or month is unknown.
    """
    made = run_each(
        case,
        policies,
        against=against,
        country=country,
        at=at,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
        draws=draws,
        scheduler=scheduler,
    )
    return made.comparisons()


@dataclass(frozen=True)
class ComparedRuns:
    """The runs of several policies (`others`) and of the one that they are compared with (`base`).

    Attributes
    ----------
    country, month
        Code of the country, or None; month at which endpoints are compared.
    at_rho
        Of each other policy, differences at fixed rho; empty where no lever acts on an exit.
    """

    base: PolicyRun
    others: tuple[PolicyRun, ...]
    country: str | None
    month: int
    at_rho: tuple[Mapping[float, Mapping[str, Difference]], ...]

    @cached_property
    def expected(self) -> tuple[dict[str, Expected], ...]:
        """Expected attempts of every side, the base first."""
        first = attacks(self.base.run, self.base.model)
        others = (attacks(one.run, one.model, same_start=first) for one in self.others)
        return tuple(expected_attempts(one, self.month) for one in (first, *others))

    def comparisons(self) -> tuple[Comparison, ...]:
        """Each other policy against the base."""
        base, *expected = self.expected
        each = zip(self.others, expected, self.at_rho, strict=True)
        return tuple(
            compared(self.base, one, self.country, self.month, (base, own), at_rho) for one, own, at_rho in each
        )


def run_each(
    case: Case,
    policies: Sequence[Policy],
    *,
    against: Policy,
    country: str | None,
    at: int | None,
    horizon: int,
    trajectories: int,
    seed: int,
    run_dir: Path | str | None,
    threads: int | None,
    progress: Callable[[Progress], None] | None,
    command: str | None,
    draws: DrawsFrom,
    scheduler: Scheduler = None,
    rhos: Sequence[float] = RHOS,
) -> ComparedRuns:
    """The runs of `compare_each`; `rhos` are the values at which levers on a way out are run again, none for no run."""
    month = horizon if at is None else at
    plain = build(case, horizon=horizon, record_months=[month])
    posterior = posterior_from(draws, plain)
    with connected(scheduler, threads) as workers:
        sides = Sides(plain, posterior, trajectories, seed, run_dir, threads, command, workers)
        return _made(sides, policies, against, country, month, progress, rhos)


def _made(
    sides: Sides,
    policies: Sequence[Policy],
    against: Policy,
    country: str | None,
    month: int,
    progress: Callable[[Progress], None] | None,
    rhos: Sequence[float],
) -> ComparedRuns:
    """Runs of all sides, made together."""
    plain, trajectories = sides.plain, sides.trajectories
    code = None if country is None else plain.view.origin(country)
    a, *others = (sides.model(policy) for policy in (against, *policies))
    refuse_misfits(plain, (against, *policies))
    changing = [changes_exit_weights(one.model) for one in (a, *others)]
    moving = [i for i, own in enumerate(changing[1:]) if rhos and (changing[0] or own)]
    number, again = distinct([a, *others]), distinct([a, *(others[i] for i in moving)]) if moving else 0
    overall = OverallProgress(progress, trajectories * (number + len(rhos) * again))
    base, *runs = sides.run([a, *others], overall.part(trajectories * number))
    at_rho: list[dict[float, Mapping[str, Difference]]] = [{} for _ in others]
    for rho in rhos if moving else ():
        held = [sides.model(one.policy, {RHO: rho}) for one in (a, *(others[i] for i in moving))]
        left, *right = sides.run(held, overall.part(trajectories * again), only=() if code is None else (code,))
        for i, run in zip(moving, right, strict=True):
            at_rho[i][rho] = rho_differences(left, run, code, month)
    overall.end()
    return ComparedRuns(base, tuple(runs), code, month, tuple(at_rho))


def refuse_misfits(model: Model, policies: Sequence[Policy]) -> None:
    """Refuse policies whose costs or side effects name a quantity that the model does not have.

    Raises
    ------
    ValueError
        If there are any; all are named.
    """
    levers = [lever for policy in policies for lever in policy.levers]
    wrong = unknown_quantities(model.case, levers, [q.name for q in model.quantities])
    if wrong:
        raise ValueError("\n  ".join(["levers do not fit the model:", *dict.fromkeys(wrong)]))


def compared(
    a: PolicyRun,
    b: PolicyRun,
    country: str | None,
    month: int,
    expected: tuple[dict[str, Expected], dict[str, Expected]],
    at_rho: Mapping[float, Mapping[str, Difference]],
) -> Comparison:
    """The comparison of two runs.

    Parameters
    ----------
    a, b
        Policies with their models and runs, of the same simulations.
    country, month
        Code of an origin, or None; month at which endpoints are compared.
    expected
        Expected attempts under A and under B (`expected_attempts`).
    at_rho
        Differences at fixed rho, made before.
    """
    policies = a.policy, b.policy
    levers = levers_of(policies)
    found = endpoints([q.name for q in a.model.quantities], levers)
    risks = _risks(a, b, expected, country, month)
    everywhere = {} if country is None else _risks(a, b, expected, country, month, others=True)
    own = People(a.run, country, month), People(b.run, country, month)
    return Comparison(
        a=a,
        b=b,
        country=country,
        month=month,
        endpoints=(*found, *(o for o in ATTACKS if o.quantity in risks)),
        differences=_differences(a, b, country, month, found) | risks,
        others={} if country is None else _differences(a, b, country, month, found, others=True) | everywhere,
        at_rho=at_rho,
        costs=cost_differences(
            *(spending(side, policy, levers, a.model.view) for side, policy in zip(own, policies, strict=True))
        ),
    )


def levers_of(policies: Sequence[Policy]) -> tuple[Lever, ...]:
    """The levers that any of several policies sets, each once."""
    return tuple({lever.name: lever for policy in policies for lever in policy.levers}.values())


def rho_differences(a: PolicyRun, b: PolicyRun, country: str | None, month: int) -> dict[str, Difference]:
    """Differences of what a closed exit displaces, of two runs that hold rho at one value."""
    found = endpoints([q.name for q in a.model.quantities])
    return _differences(a, b, country, month, _only(found, AT_RHO))


def changes_exit_weights(model: Model) -> bool:
    """Whether a lever changes the weight of an exit that rho governs."""
    exits = {t.rate.name for t in model.structure.transitions if t.choice and t.choice.retain == RHO}
    return any(isinstance(term, OnRamp) for r in model.structure.rates if r.name in exits for term in r.terms)


def _only(found: Sequence[Endpoint], names: Sequence[str]) -> tuple[Endpoint, ...]:
    return tuple(o for o in found if o.quantity in names)


def _differences(
    a: PolicyRun, b: PolicyRun, country: str | None, month: int, endpoints: Sequence[Endpoint], *, others: bool = False
) -> dict[str, Difference]:
    left, right = (People(one.run, country, month, others) for one in (a, b))
    dead = (right.at(DEAD) - right.at(BORN)) - (left.at(DEAD) - left.at(BORN))
    return {
        o.quantity: difference(left.at(o.quantity), right.at(o.quantity), o.direction, dead)
        for o in endpoints
        if not (others and o.group == "sources")
    }


def _risks(
    a: PolicyRun,
    b: PolicyRun,
    attempts: tuple[dict[str, Expected], ...],
    country: str | None,
    month: int,
    *,
    others: bool = False,
) -> dict[str, Difference]:
    """Differences of expected attempts, net of the deaths of everyone: one life outweighs one attempt."""
    left, right = (summed(one, country, others=others) for one in attempts)
    dead = SIMULATIONS * (People(b.run, None, month).at(DEAD) - People(a.run, None, month).at(DEAD))
    return {o.quantity: difference(left[o.quantity], right[o.quantity], o.direction, dead) for o in ATTACKS if left}
