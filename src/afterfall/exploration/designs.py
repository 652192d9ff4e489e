"""Designs: which sets of values of the assumptions are explored. Samplers are those of ema_workbench.

``lhs``
    A Latin hypercube: each assumption takes one value in each of n equal parts of its range (McKay and others 1979,
    doi:10.1080/00401706.1979.10489755).
``sobol``
    Saltelli's extension of a scrambled Sobol sequence: n (k + 2) sets for k assumptions, from which variance-based
    indices follow (Saltelli and others 2010, doi:10.1016/j.cpc.2009.09.018). n is a power of two.

One set of values is a *scenario*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from afterfall.engine.program import Floats
from afterfall.exploration.assumptions import Assumption
from afterfall.exploration.explore_libraries import quiet, seeded
from afterfall.run.errors import SettingError

if TYPE_CHECKING:
    from ema_workbench.em_framework.parameters import RealParameter

DesignKind = Literal["lhs", "sobol"]
KINDS: tuple[DesignKind, ...] = ("lhs", "sobol")
#: Fewest scenarios of a hypercube, and of each column of a Sobol design.
FEWEST = {"lhs": 8, "sobol": 8}


def design(kind: DesignKind, assumptions: Sequence[Assumption], scenarios: int, seed: int) -> Floats:
    """Values of the assumptions on the natural scale ``(n, k)``, one row a scenario.

    Parameters
    ----------
    kind
        ``lhs`` or ``sobol``.
    assumptions
        In alphabetical order.
    scenarios
        n; for ``sobol`` the base number, so that there are n (k + 2) rows.
    seed
        Seed of the design.

    Raises
    ------
    SettingError
        If there are too few scenarios, or not a power of two for ``sobol``.
    """
    check_number(kind, scenarios)
    with quiet(), seeded(seed):
        import ema_workbench  # noqa: F401  (its warnings on optional parts come here)
        from ema_workbench.em_framework.parameters import RealParameter
        from ema_workbench.em_framework.samplers import LHSSampler

        ends = [a.even(np.array([a.low, a.high])) for a in assumptions]
        parameters = [RealParameter(a.name, *e) for a, e in zip(assumptions, map(np.ndarray.tolist, ends), strict=True)]
        sampled = (
            LHSSampler().generate_samples(parameters, scenarios)
            if kind == "lhs"
            else _saltelli(parameters, scenarios, seed)
        )
    return np.stack([a.natural(np.asarray(sampled[a.name], dtype=float)) for a in assumptions], axis=1)


def check_number(kind: DesignKind, scenarios: int) -> None:
    """Refuse a number of scenarios that a design cannot have.

    Raises
    ------
    SettingError
        If it cannot.
    """
    if scenarios < FEWEST[kind]:
        raise SettingError(f"{{0}}: found {scenarios}, expected {FEWEST[kind]} or more", "scenarios")
    if kind == "sobol" and scenarios & (scenarios - 1):
        below = 1 << (scenarios.bit_length() - 1)
        raise SettingError(
            f"{{0}}: found {scenarios}, expected a power of two for a Sobol design, such as {below} or {2 * below}",
            "scenarios",
        )


def _saltelli(parameters: Sequence[RealParameter], scenarios: int, seed: int) -> dict[str, Any]:
    """Samples by name; ema_workbench's sampler, with the seed that it does not hand on to SALib."""
    from ema_workbench.em_framework.salib_samplers import SobolSampler
    from SALib.sample import sobol

    class Seeded(SobolSampler):  # type: ignore[misc,unused-ignore]
        """Saltelli's design with a seed."""

        def sample(self, problem: dict[str, Any], size: int) -> Any:
            return sobol.sample(problem, size, calc_second_order=self.second_order, seed=seed)

    return dict(Seeded(second_order=False).generate_samples(parameters, scenarios))
