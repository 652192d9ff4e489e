"""The request of an exploration: all that determines its numbers. Its hash names the folder, as that of a run does."""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import asdict, dataclass
from typing import Any

from afterfall.exploration.case_evaluator import CaseEvaluator
from afterfall.exploration.designs import DesignKind
from afterfall.policy.option_texts import Option
from afterfall.run.fingerprint import program_hash
from afterfall.run.request import PRIOR, Request, request_of

#: Version of the files, and of how a case is simulated. Must be raised with every change of either.
EXPLORE_FORMAT = 2


@dataclass(frozen=True)
class ExploreRequest:
    """What determines the bytes of an exploration, as JSON values.

    Attributes
    ----------
    run
        The request of the run that all cases are taken from: case, model, draws, seed, simulations of a case.
    country, month
        Whose outcomes are counted, and when.
    options
        Name, levers, and hashes of model and arrays of each option; the first is what the others are compared with.
    assumptions
        Each assumption with its range.
    design, scenarios, block
        Kind of the design, its number as asked for, and scenarios computed together.
    values, quantities
        Hash of the values of the design, which another version of a library may draw otherwise, and the quantities
        counted, in order.
    """

    run: Request
    country: str | None
    month: int
    options: tuple[dict[str, Any], ...]
    assumptions: tuple[dict[str, Any], ...]
    design: DesignKind
    scenarios: int
    block: int
    values: str
    quantities: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return {
            "explore_format": EXPLORE_FORMAT,
            "run": self.run.as_dict(),
            "country": self.country,
            "month": self.month,
            "options": list(self.options),
            "assumptions": list(self.assumptions),
            "design": self.design,
            "scenarios": self.scenarios,
            "block": self.block,
            "values": self.values,
            "quantities": list(self.quantities),
        }

    def to_json(self) -> str:
        """The text of ``exploration.json``."""
        return json.dumps(self.as_dict(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @property
    def hash(self) -> str:
        """12 hexadecimal digits of the hash of the canonical JSON."""
        canonical = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @property
    def name(self) -> str:
        """Name of the folder, such as ``explore-tiny-0123456789ab``."""
        return f"explore-{self.run.case}-{self.hash}"

    def command(self) -> str:
        """A command that explores the same: the same for all who ask for it, wherever it is computed."""
        words = ["afterfall", "explore", self.run.case, "--as-of", self.run.as_of.isoformat()]
        words += ["--country", self.country] if self.country is not None else []
        for option in self.options[1:]:
            words += ["--option", option["text"]]
        if self.options[0]["levers"]:
            words += ["--against", self.options[0]["text"]]
        for one in self.assumptions:
            words += ["--over", f"{one['name']}={one['low']!r}..{one['high']!r}"]
        words += ["--design", self.design, "--scenarios", str(self.scenarios)]
        words += ["--trajectories", str(self.run.trajectories), "--horizon", str(self.run.horizon)]
        words += ["--at", str(self.month), "--seed", str(self.run.seed)]
        words += ["--prior-only"] if self.run.draws == PRIOR else []
        return shlex.join(words)


def explore_request(evaluator: CaseEvaluator, design: DesignKind, scenarios: int) -> ExploreRequest:
    """The request of a plan."""
    plan = evaluator.plan
    run = request_of(evaluator.plain, trajectories=plan.simulations, seed=plan.seed, posterior=plan.posterior)
    options = tuple(
        {
            "name": option.name,
            "title": option.policy.title,
            "text": _text(option, plan.country),
            "levers": list(option.policy.labels()),
            "model_hash": model.model_hash,
            "program_hash": program_hash(model.program, model.history, model.bands),
        }
        for option, model in zip(plan.options, evaluator.models, strict=True)
    )
    return ExploreRequest(
        run=run,
        country=plan.country,
        month=plan.month,
        options=options,
        assumptions=tuple(asdict(a) for a in plan.assumptions),
        design=design,
        scenarios=scenarios,
        block=plan.block,
        values=hashlib.sha256(plan.values.tobytes()).hexdigest(),
        quantities=tuple(evaluator.quantities),
    )


def _text(option: Option, country: str | None) -> str:
    """An option as a user would state it, but for months in which the levers of a package begin."""
    levers = []
    for one in option.policy.settings:
        elsewhere = one.origins is not None and one.origins != (country,)
        whose = [f"@{origin}" for origin in one.origins or ()] if elsewhere else [""]
        levers += [f"{one.lever.name}={one.intensity:g}{origin}" for origin in whose]
    return f"{option.name}: {' '.join(levers)}" if levers else option.name
