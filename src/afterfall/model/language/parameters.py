"""Priors: the distribution of each parameter before any fit.

A prior comes from the case, with its source, or else is the wide default of the model, labelled ``uninformed``. It is
given by its 5th and 95th percentile on the natural scale. The distribution is normal on the parameter's own scale:
lognormal for hazards and ratios, logit-normal for shares.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from afterfall.case import Case, CaseError
from afterfall.case.problems import Problem, at, name_problem
from afterfall.case.records import Prior, Where
from afterfall.engine.program import Floats
from afterfall.model.language.vocabulary import Parameter, Scale
from afterfall.shown import Shown

#: 95th percentile of the standard normal: half the width of a central interval of 90 %, in standard deviations.
Z95 = 1.6448536269514722
DISTRIBUTIONS = {
    "log": "lognormal",
    "positive": "lognormal",
    "natural": "normal",
    "logit": "logitnormal",
    "share": "logitnormal",
}
#: Scales whose parameters reach a rate transformed; the others are passed on unchanged.
LOGS = ("log", "logit")


@dataclass(frozen=True)
class Known:
    """A parameter with the prior in force: its 5th and 95th percentile, and where they come from.

    `source` is None and `uninformed` true when the prior is only the model's wide default.
    """

    parameter: Parameter
    low: float
    high: float
    source: str | None = None
    grade: str = ""
    note: str = ""
    uninformed: bool = True

    @property
    def name(self) -> str:
        """Name of the parameter."""
        return self.parameter.name

    @property
    def label(self) -> str:
        """What it is, in a few words."""
        return self.parameter.label

    @property
    def unit(self) -> str:
        """Unit on the natural scale."""
        return self.parameter.unit

    @property
    def distribution(self) -> str:
        """Family of the prior on the natural scale."""
        return "fixed" if self.low == self.high else DISTRIBUTIONS[self.parameter.scale]

    @property
    def median(self) -> float:
        """Median of the prior on the natural scale."""
        mean, _ = self.moments()
        return inverse(self.parameter.scale, mean)

    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the normal on the parameter's own scale."""
        low, high = forward(self.parameter.scale, self.low), forward(self.parameter.scale, self.high)
        return (low + high) / 2.0, (high - low) / (2.0 * Z95)

    def standard(self, values: Floats) -> Floats:
        """Draws on the engine's scale ``(n,)``, in standard deviations of the prior from its mean.

        Raises
        ------
        ValueError
            If the prior is fixed and so has no standard deviation.
        """
        if self.low == self.high:
            raise ValueError(f"{self.name} is fixed at {self.low:g}: its prior has no standard deviation")
        mean, sd = self.moments()
        scale = self.parameter.scale
        own = values if scale in LOGS else np.array([forward(scale, float(v)) for v in values])
        return np.asarray((own - mean) / sd, dtype=float)


@dataclass(frozen=True)
class Draws(Shown):
    """Parameter draws on the engine's scale: `values` has shape ``(n, P)``, `names` the P names.

    `discrepancy` ``[n]`` is the relative error that all counts share beyond that of their sources, as drawn with a
    posterior (a start reads it with counts of people held only); `fitted` ``[n]`` says in which rows the parameters of
    the history were fitted to the figures of all origins (the others of a posterior are draws of the priors). Both are
    None where nothing was fitted.
    """

    names: tuple[str, ...]
    values: Floats
    trajectories: tuple[int, ...]
    discrepancy: Floats | None = None
    fitted: npt.NDArray[np.bool_] | None = None


def forward(scale: Scale, value: float) -> float:
    """A natural value on a parameter's own scale, where its prior is normal."""
    if scale in ("log", "positive"):
        return math.log(value)
    if scale in ("logit", "share"):
        return math.log(value / (1.0 - value))
    return value


def inverse(scale: Scale, value: float) -> float:
    """The natural value of a number on a parameter's own scale."""
    if scale in ("log", "positive"):
        return math.exp(value)
    if scale in ("logit", "share"):
        return 1.0 / (1.0 + math.exp(-value))
    return value


def resolve(case: Case, parameters: Sequence[Parameter], declared: Set[str]) -> tuple[Known, ...]:
    """The prior in force for each parameter: the case's where it has one that fits, else the model's default.

    `declared` are all parameter names of the model, including those that this case does not use.

    Raises
    ------
    CaseError
        If a row of the case names a parameter that the model does not have, or a range that its scale does not allow;
        all such rows are listed.
    """
    problems = [_unknown(row, declared) for row in case.priors if row.parameter not in declared]
    known = []
    for parameter in parameters:
        row = case.prior(parameter.name)
        if row is None:
            derived = parameter.derived
            known.append(Known(parameter, parameter.low, parameter.high, note=derived, uninformed=not derived))
            continue
        problems += _faults(row, parameter)
        known.append(Known(parameter, row.low, row.high, row.source, row.grade or "", row.note or "", uninformed=False))
    if problems:
        raise CaseError(case.id, sorted(problems, key=lambda problem: problem.row or 0))
    return tuple(known)


def _unknown(row: Prior, declared: Set[str]) -> Problem:
    place = row.where or Where("priors.csv", 0)
    what = "a parameter of the model"
    return name_problem(row.parameter, declared, what, file=place.file, row=place.row, column="parameter")


def held(known: Sequence[Known], fixed: Mapping[str, float]) -> tuple[Known, ...]:
    """The same priors with some parameters fixed at a value on their natural scale.

    Raises
    ------
    ValueError
        If there is no such parameter.
    """
    absent = sorted(set(fixed) - {k.name for k in known})
    if absent:
        raise ValueError(f"cannot fix a parameter that the model does not have: {', '.join(absent)}")
    return tuple(
        replace(k, low=fixed[k.name], high=fixed[k.name], note="held") if k.name in fixed else k for k in known
    )


def _faults(row: Prior, parameter: Parameter) -> Iterator[Problem]:
    """Why a row of the case cannot be the prior of a parameter."""
    found, expected = row.distribution, DISTRIBUTIONS[parameter.scale]
    if found not in ("fixed", expected):
        yield at(
            row.where, "distribution", repr(found), f"'fixed' or {expected!r}, for a parameter in {parameter.unit}"
        )
    if found == "fixed" and row.low != row.high:
        yield at(row.where, "high", f"{row.low} to {row.high}", "one value, since the prior is fixed")
    if row.low > row.high:
        yield at(row.where, "low", f"{row.low} above {row.high}", "low <= high")
    if parameter.scale in ("log", "positive") and row.low <= 0:
        yield at(row.where, "low", f"{row.low}", "a positive number")
    if parameter.scale in ("logit", "share") and not 0 < row.low <= row.high < 1:
        yield at(row.where, "low", f"{row.low} to {row.high}", "shares between 0 and 1")
