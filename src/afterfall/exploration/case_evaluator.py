"""Explored cases: one option under one scenario, simulated a few times on common random numbers.

Every case has the same simulations: the same numbers of trajectories of the same keyed run. The models, their indices
and the starting states are made once. What changes from case to case is the values of the assumptions in the draws of
parameters. They replace the drawn ones from the as-of date on; the starting state rests on the parameters as drawn, so
that no assumption about what comes rewrites what was. An option that does not depend on an assumption is simulated
once for all scenarios that differ in it alone.

A case comes to one array: people by simulation and quantity at the month asked for, of the country and of everyone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from afterfall.case import Case
from afterfall.engine.program import Floats, Longs
from afterfall.exploration.assumptions import Assumption
from afterfall.model import Draws, Model, build, under_policy
from afterfall.model.language.parameters import held
from afterfall.policy.endpoints import BORN, Endpoint, endpoints
from afterfall.policy.option_texts import Option
from afterfall.posterior import Posterior, draw
from afterfall.run.chunk import Simulator
from afterfall.run.run_layout import RECORDED
from afterfall.run.starting_states import StartingStates

#: People by scenario, option, simulation, quantity and whose (the country, everyone).
People32 = npt.NDArray[np.int32]
COUNTRY, EVERYONE = 0, 1
#: Cases that an evaluator keeps, for options that do not depend on what differs between scenarios.
MOST_KEPT = 4096
WORLD_ARRAY, ORIGIN_ARRAY = (next(i for i, r in enumerate(RECORDED) if r.name == n) for n in ("world", "origins"))


@dataclass(frozen=True)
class ExplorePlan:
    """All that determines the numbers of an exploration; plain data.

    Attributes
    ----------
    case
        The cut case.
    options
        The options, that of what they are compared with first.
    assumptions, values
        What is uncertain, and its values ``(n, k)`` on the natural scale, one row a scenario.
    country
        Code of the origin, or None for everyone.
    month, horizon
        Month at which outcomes are counted, and months simulated.
    simulations, seed
        Simulations of each case, and the seed of all random numbers.
    posterior
        Where parameters that are not assumed come from; None for priors.
    block
        Scenarios that are computed and kept together.
    """

    case: Case = field(repr=False)
    options: tuple[Option, ...]
    assumptions: tuple[Assumption, ...]
    values: Floats = field(repr=False)
    country: str | None
    month: int
    horizon: int
    simulations: int
    seed: int
    posterior: Posterior | None = field(repr=False)
    block: int

    @property
    def scenarios(self) -> int:
        """Number of scenarios."""
        return len(self.values)

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return -(-self.scenarios // self.block)

    def rows(self, number: int) -> range:
        """Scenarios of a block."""
        return range(number * self.block, min((number + 1) * self.block, self.scenarios))

    def simulated(self, number: int) -> int:
        """Simulations that a block stands for."""
        return len(self.rows(number)) * len(self.options) * self.simulations


@dataclass(frozen=True)
class CaseEvaluator:
    """A plan with its models.

    Attributes
    ----------
    plan
        What is explored.
    plain
        The model of the case without a policy; it records the month by origin.
    """

    plan: ExplorePlan
    plain: Model = field(repr=False)
    _kept: dict[tuple[int, bytes], People32] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, plan: ExplorePlan) -> CaseEvaluator:
        """The evaluator of a plan, whose model is built here."""
        return cls(plan, build(plan.case, horizon=plan.horizon, record_months=[plan.month]))

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """The model under each option."""
        return tuple(under_policy(self.plain, option.policy) for option in self.plan.options)

    @cached_property
    def outcomes(self) -> tuple[Endpoint, ...]:
        """The outcomes that are counted: those of a comparison that are quantities of the model."""
        names = [q.name for q in self.plain.quantities]
        levers = [lever for option in self.plan.options for lever in option.policy.levers]
        return tuple(o for o in endpoints(names, levers) if o.quantity in names)

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """Quantities of the last axis but one: the outcomes, and births, by which deaths are judged."""
        return tuple(dict.fromkeys([*(o.quantity for o in self.outcomes), BORN]))

    def block(self, number: int) -> People32:
        """People in a block of scenarios ``(scenario, option, simulation, quantity, whose)``."""
        return np.stack([self.scenario(row) for row in self.plan.rows(number)])

    def scenario(self, row: int) -> People32:
        """People in one scenario ``(option, simulation, quantity, whose)``."""
        return np.stack([self.one(row, option) for option in range(len(self.models))])

    def one(self, row: int, option: int) -> People32:
        """People in one case ``(simulation, quantity, whose)``."""
        model = self.models[option]
        own = {known.name for known in model.parameters}
        columns = [i for i, a in enumerate(self.plan.assumptions) if a.name in own]
        key = option, self.plan.values[row, columns].tobytes()
        found = self._kept.get(key)
        if found is None:
            fixed = {self.plan.assumptions[i].name: float(self.plan.values[row, i]) for i in columns}
            found = self._simulated(option, fixed)
            if len(self._kept) < MOST_KEPT:
                self._kept[key] = found
        return found

    def _simulated(self, option: int, fixed: dict[str, float]) -> People32:
        """The simulations of an option with some parameters at fixed values from the as-of date on."""
        simulator, (start, counters) = self._simulators[option], self._starts
        values = self._values(simulator.model, fixed)
        rows = [simulator.run(t, values[t], start[t], counters[t]) for t in range(self.plan.simulations)]
        return np.stack([self._counted(one[WORLD_ARRAY], one[ORIGIN_ARRAY]) for one in rows])

    def _values(self, model: Model, fixed: dict[str, float]) -> Floats:
        """Parameters of every simulation, some of them fixed.

        What is drawn given another parameter, such as how readily an origin takes people back given its record, is
        drawn before anything is fixed: an assumption about the years ahead does not change the past.
        """
        free, drawn = self._draws(model), self._draws(replace(model, parameters=held(model.parameters, fixed)))
        values, columns = free.values.copy(), [free.names.index(name) for name in fixed]
        values[:, columns] = drawn.values[:, columns]
        return values

    def _draws(self, model: Model) -> Draws:
        which = range(self.plan.simulations)
        return draw(model, self.plan.posterior, trajectories=which, seed=self.plan.seed)

    def _counted(self, world: npt.NDArray[np.integer], origins: npt.NDArray[np.integer]) -> People32:
        """People ``(quantity, whose)`` at the month; counters since the as-of date."""
        places, since, month = self._places, self._since, self.plan.month
        everyone = world[month, places] - np.where(since, world[0, places], 0)
        if self.plan.country is None:
            return np.stack([everyone, everyone], axis=1).astype(np.int32)
        place = self.plain.origins.index(self.plan.country)
        later = list(self.plain.program.origin_month).index(month)
        own = origins[later, place, places] - np.where(since, origins[0, place, places], 0)
        return np.stack([own, everyone], axis=1).astype(np.int32)

    @cached_property
    def _places(self) -> list[int]:
        names = [q.name for q in self.plain.quantities]
        return [names.index(quantity) for quantity in self.quantities]

    @cached_property
    def _since(self) -> npt.NDArray[np.bool_]:
        kinds = {q.name: q.kind for q in self.plain.quantities}
        return np.array([kinds[quantity] == "counter" for quantity in self.quantities])

    @cached_property
    def _simulators(self) -> tuple[Simulator, ...]:
        found = tuple(Simulator(model, self.plan.seed, self.plan.posterior) for model in self.models)
        for simulator in found:
            _ = simulator.lists  # once, and not on every thread
        return found

    @cached_property
    def _starts(self) -> tuple[Longs, Longs]:
        """Starting states and counters, the same for every case."""
        states = StartingStates(self.plan.case)
        return states.rows(self.plain, self._draws(self.plain), seed=self.plan.seed)

    def ready(self) -> People32:
        """The first case, with which all that the others share is made, on this thread and once."""
        _ = self._starts, self._simulators, self._places, self._since
        return self.one(0, 0)
