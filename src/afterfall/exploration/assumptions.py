"""Uncertain assumptions: parameters of the model with a range each, as a user states them.

A text is ``NAME``, ``NAME=LOW..HIGH``, a pattern (``lever.border.*``), or a group:

``effects``
    All stated causal effects of the levers that the options set, but for a government's own acts.
``rho``
    The share of a closed way's flow that stays instead (``leaving.retained``), from 0 to 1.

Without a range it is the 5th to the 95th percentile of the prior, or of the evidence on an effect. A TOML file::

    format = 1

    [assumptions."leaving.retained"]
    low = 0.0
    high = 1.0
    title = "rho"

    [assumptions.effects]

holds several. A range is gone through evenly: on the log scale for hazards and ratios, else on the natural scale.
An assumption holds from the as-of date on, in every simulation; the past and the starting state are as drawn.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from afterfall.case.problems import did_you_mean
from afterfall.engine.program import Floats
from afterfall.exploration.parameters_ahead import parameters_ahead
from afterfall.model import Known, Model
from afterfall.model.language.parameters import forward
from afterfall.model.language.vocabulary import Scale
from afterfall.model.levers.applying import PREFIX
from afterfall.model.levers.declaration import latest
from afterfall.model.levers.reading import FORMAT, TomlTable
from afterfall.policy.comparison import RHO

EFFECTS, RHO_GROUP = "effects", "rho"
GROUPS = (EFFECTS, RHO_GROUP)
ENDING = ".toml"
STATED = re.compile(r"(?P<name>[^=]+)=(?P<low>[^=]+?)\.\.(?P<high>[^=]+)")
LOG_SCALES = ("log", "positive")
SHARE_SCALES = ("logit", "share")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A parameter and the range over which it is explored.

    Attributes
    ----------
    name, label, unit, scale
        Of the parameter; `scale` is that on which its prior is normal.
    low, high
        The range, on the natural scale.
    prior_low, prior_high
        5th and 95th percentile of its prior.
    basis
        What it rests on: a status of evidence for an effect of a lever, ``sourced`` or ``uninformed`` for a prior.
    """

    name: str
    label: str
    unit: str
    scale: Scale
    low: float
    high: float
    prior_low: float
    prior_high: float
    basis: str

    @property
    def causal(self) -> bool:
        """Whether it is a stated causal effect of a lever."""
        return self.name.startswith(PREFIX)

    @property
    def by_log(self) -> bool:
        """Whether its range is gone through on the log scale."""
        return self.scale in LOG_SCALES

    def even(self, natural: Floats) -> Floats:
        """Natural values on the scale on which the range is gone through evenly."""
        return np.log(natural) if self.by_log else np.asarray(natural, dtype=float)

    def natural(self, even: Floats) -> Floats:
        """The other way round; kept inside the range."""
        found = np.exp(even) if self.by_log else np.asarray(even, dtype=float)
        return np.clip(found, self.low, self.high)

    def prior_weight(self, natural: Floats) -> Floats:
        """Density of the prior where the range is gone through evenly, up to a factor ``(n,)``."""
        inside = np.clip(natural, 1e-9, 1 - 1e-9) if self.scale in SHARE_SCALES else np.asarray(natural, dtype=float)
        low, high = forward(self.scale, self.prior_low), forward(self.scale, self.prior_high)
        own = np.array([forward(self.scale, float(v)) for v in inside])
        spread = (high - low) / (2 * 1.6448536269514722)
        density = np.exp(-0.5 * ((own - (low + high) / 2) / spread) ** 2)
        return density / (inside * (1 - inside)) if self.scale in SHARE_SCALES else density


class AssumptionError(ValueError):
    """Assumptions that cannot be used, with every problem found."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join(["the assumptions cannot be used:", *self.problems]))


@dataclass(frozen=True, slots=True)
class _Stated:
    """A line of the user: a name, pattern or group, and a range and a title where they are given."""

    where: str
    name: str
    low: float | None = None
    high: float | None = None
    title: str = ""


def read_assumptions(models: Sequence[Model], given: Iterable[str | Path | Assumption]) -> tuple[Assumption, ...]:
    """Assumptions from texts and files, in alphabetical order; a later line for a parameter replaces an earlier one.

    Parameters
    ----------
    models
        The models under all options: each has the parameters of the levers that it sets.
    given
        Texts, paths of TOML files (a text that ends in ``.toml`` is a path), or assumptions.

    Raises
    ------
    AssumptionError
        If a file cannot be read, or a name or range cannot be used; every problem is listed.
    """
    problems: list[str] = []
    known = _known(models)
    ahead = frozenset[str]().union(*(parameters_ahead(model) for model in models))
    found: dict[str, Assumption] = {}
    for one in given:
        if isinstance(one, Assumption):
            found[one.name] = one
            continue
        file = isinstance(one, Path) or str(one).endswith(ENDING)
        for line in _of_file(Path(one), problems) if file else _of_text(str(one), problems):
            found |= {a.name: a for a in _meant(line, known, ahead, problems)}
    if not found and not problems:
        problems.append("found none, expected a parameter, `effects`, `rho` or a TOML file of them")
    if problems:
        raise AssumptionError(problems)
    return tuple(found[name] for name in sorted(found))


def _known(models: Sequence[Model]) -> dict[str, Assumption]:
    """Every parameter of any of the models that has a range, as an assumption over its prior."""
    found = {}
    for model in models:
        evidence = _statuses(model)
        for known in model.parameters:
            if known.low < known.high:
                basis = evidence.get(known.name, "uninformed" if known.uninformed else "sourced")
                found[known.name] = _over_prior(known, basis)
    return found


def _over_prior(known: Known, basis: str) -> Assumption:
    ends = known.low, known.high
    return Assumption(known.name, known.label, known.unit, known.parameter.scale, *ends, *ends, basis)


def _statuses(model: Model) -> dict[str, str]:
    """Status of the evidence on each effect of the levers that a model's policy sets."""
    return {
        f"{PREFIX}{lever.name}.{effect.name}": latest(effect.evidence, model.case.as_of).status
        for lever in model.levers_set.levers
        for effect in lever.effects
    }


def _of_text(text: str, problems: list[str]) -> list[_Stated]:
    if "=" not in text:
        return [_Stated(repr(text), text.strip())]
    parts = STATED.fullmatch(text.strip())
    try:
        assert parts is not None
        return [_Stated(repr(text), parts["name"].strip(), float(parts["low"]), float(parts["high"]))]
    except (AssertionError, ValueError):
        problems.append(f"{text!r}: expected NAME=LOW..HIGH, such as leaving.retained=0..1")
        return []


def _of_file(path: Path, problems: list[str]) -> list[_Stated]:
    try:
        top: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        problems.append(f"{path}: {problem.strerror}; expected a TOML file of assumptions")
        return []
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        problems.append(f"{path}: not TOML ({problem})")
        return []
    table = TomlTable(str(path), "file", top, problems)
    if table.take("format", int, FORMAT) != FORMAT:
        table.fault("format", top["format"], str(FORMAT))
    listed = table.take("assumptions", dict, {})
    table.done()
    if not listed:
        table.fault("assumptions", listed, "tables [assumptions.NAME]")
    return [line for name, values in listed.items() for line in _of_table(path, name, values, problems)]


def _of_table(path: Path, name: str, values: Any, problems: list[str]) -> list[_Stated]:
    where = f"assumptions.{name}"
    if not isinstance(values, dict):
        problems.append(f"{path}, {where}: found {values!r}, expected a table; a name with a dot goes into quotes")
        return []
    own, before = TomlTable(str(path), where, values, problems), len(problems)
    title = own.take("title", str, "")
    ends = [own.take(end, float) if end in values else None for end in ("low", "high")]
    own.done()
    if (ends[0] is None) != (ends[1] is None):
        own.fault("low" if ends[0] is None else "high", None, "both ends of the range, or neither")
    return [] if len(problems) > before else [_Stated(f"{path}, {where}", name, ends[0], ends[1], title)]


def _meant(
    line: _Stated, known: Mapping[str, Assumption], ahead: frozenset[str], problems: list[str]
) -> list[Assumption]:
    """The assumptions that a line means."""
    if line.name == EFFECTS:
        effects = [a for a in known.values() if a.causal and a.basis != "decision"]
        if not effects:
            problems.append(f"{line.where}: no option sets a lever with a causal effect")
        return _with_range(line, effects, problems)
    name = RHO if line.name == RHO_GROUP else line.name
    if "*" in name:
        some = [a for n, a in known.items() if fnmatchcase(n, name) and n in ahead]
        if not some:
            problems.append(f"{line.where}: no parameter that acts after the as-of date matches it")
        return _with_range(line, some, problems)
    if name not in known:
        hint = did_you_mean(name, [*known, *GROUPS])
        unset = f"; no option sets the lever {name.split('.')[1]!r}" if name.count(".") == 2 and not hint else ""
        problems.append(
            f"{line.where}: no such parameter{hint}{unset}; expected one that `afterfall model` lists, an effect of a "
            f"lever that an option sets, or one of {', '.join(GROUPS)}"
        )
        return []
    if name not in ahead:
        problems.append(
            f"{line.where}: {known[name].label}: acts on no rate after the as-of date, so that no outcome would change"
        )
        return []
    one = known[name]
    if line.name == RHO_GROUP:
        one = replace(one, low=0.0, high=1.0)
    return _with_range(line, [one], problems)


def _with_range(line: _Stated, some: Sequence[Assumption], problems: list[str]) -> list[Assumption]:
    """The same with the range and the title of the line, where it has them."""
    if line.title and len(some) == 1:
        some = [replace(some[0], label=line.title)]
    if line.low is None or line.high is None:
        return list(some)
    low, high = line.low, line.high
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        problems.append(f"{line.where}: found {low:g} to {high:g}, expected a lower end below the upper one")
        return []
    for one in some:
        if one.by_log and low <= 0:
            problems.append(f"{line.where}: found {low:g}, expected more than 0 (unit: {one.unit})")
        if one.scale in SHARE_SCALES and not 0 <= low < high <= 1:
            problems.append(f"{line.where}: found {low:g} to {high:g}, expected shares from 0 to 1")
        if one.scale == "logit" and not 0 < low < high < 1:
            problems.append(f"{line.where}: found {low:g} to {high:g}, expected shares between 0 and 1")
    return [replace(one, low=low, high=high) for one in some]
