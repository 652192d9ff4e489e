"""Where numbers come from: the same lines at the foot of a picture, in a brief, and in every JSON object."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from afterfall.posterior.bundled import why_unused
from afterfall.report.kit.number_formats import GROUPS_ONLY
from afterfall.run import Run
from afterfall.run.conditioned import Conditioned
from afterfall.run.request import PRIOR

__all__ = ["GROUPS_ONLY", "PartialStamp", "Stamp", "basis_of", "stamp_json", "stamp_of"]

#: What a foot has room for where the posterior that comes with the package is not used; tables say which rows differ.
EDITED = "The case was edited, and its posterior is not used."


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where the numbers of a run come from.

    `run` is the hash of the request, `draws` says what the parameters rest on, `command` is what was asked.
    `case_warnings` counts rows of the case that look implausible; None where the case is not at hand. `conditioned` are
    the conditions of a conditional forecast. `beyond` says that the case is not kept up to the as-of date; empty where
    it is. `unused` says why the posterior that comes with the package is not used for an edited copy of its case; empty
    where there is nothing to say.
    """

    case: str
    case_hash: str
    model_version: str
    model_hash: str
    as_of: dt.date
    horizon: int
    trajectories: int
    seed: int
    run: str
    draws: str
    command: str
    case_warnings: int | None = None
    conditioned: Conditioned | None = None
    beyond: str = ""
    unused: str = ""

    def source_line(self) -> str:
        """One line for the foot of a figure."""
        return (
            f"afterfall · case {self.case} ({self.case_hash[:8]}) · as of {self.as_of.isoformat()} · model "
            f"{self.model_version} ({self.model_hash[:8]}) · seed {self.seed} · {self.trajectories:,} simulations · "
            f"run {self.run}{' · conditional' * (self.conditioned is not None)}"
        )

    @property
    def basis(self) -> str:
        """One sentence on what the parameters rest on, after what is given and how far the case is kept."""
        return self._basis(EDITED if self.unused else "")

    @property
    def basis_in_full(self) -> str:
        """The same with all that is said of a posterior that is not used, which a foot has no room for."""
        return self._basis(self.unused)

    def _basis(self, unused: str) -> str:
        rest = f"{basis_of(self.draws)} {unused}".strip()
        given = rest if self.conditioned is None else f"Conditional: {self.conditioned.words}. {rest}"
        return f"{self.beyond} {given}" if self.beyond else given

    def foot(self) -> list[str]:
        """Both lines for the foot of a figure."""
        return [self.source_line(), f"{self.basis} {GROUPS_ONLY}"]


def stamp_of(run: Run, command: str = "") -> Stamp:
    """Where the numbers of a run come from; without a command, the one that made the run."""
    request = run.request
    return Stamp(
        case=request.case,
        case_hash=request.case_hash,
        model_version=request.model_version,
        model_hash=request.model_hash,
        as_of=request.as_of,
        horizon=request.horizon,
        trajectories=request.trajectories,
        seed=request.seed,
        run=request.hash,
        draws=request.draws,
        command=command or run.provenance.command,
        case_warnings=None if run.model is None else len(run.model.case.warnings),
        conditioned=run.conditioned,
        beyond="" if run.model is None else run.model.case.beyond_data,
        unused=unused_words(run),
    )


def unused_words(run: Run) -> str:
    """Why a run draws from priors though a posterior comes with the package for the case that it was edited from.

    Empty where it does not, and for a run whose model is not at hand.
    """
    if run.model is None or run.request.draws != PRIOR:
        return ""
    why = why_unused(run.model)
    return f"{why[:1].upper()}{why[1:]}." if why else ""


def basis_of_run(run: Run) -> str:
    """What the parameters of a run rest on, and why not on the posterior that comes with the package, if so."""
    return f"{basis_of(run.request.draws)} {unused_words(run)}".strip()


def basis_of(draws: str) -> str:
    """What the parameters of a run rest on, in one sentence."""
    if draws == PRIOR:
        return "Parameters are drawn from priors, not fitted."
    return f"Parameters of the past are fitted to the figures then public ({draws}); all others are drawn from priors."


@dataclass(frozen=True, slots=True)
class PartialStamp:
    """Where numbers come from that are not those of one run: what is not known, or differs within, is None."""

    case: str | None = None
    case_hash: str | None = None
    as_of: dt.date | None = None
    model_version: str | None = None
    model_hash: str | None = None
    draws: str | None = None
    seed: int | None = None
    trajectories: int | None = None
    horizon: int | None = None
    run: str | None = None
    command: str | None = None
    case_warnings: int | None = None
    conditioned: Conditioned | None = None


def stamp_json(stamp: Stamp | PartialStamp) -> dict[str, object]:
    """The keys that every JSON object has, in one order; None where a partial stamp does not know."""
    return {
        "case": stamp.case,
        "case_hash": stamp.case_hash,
        "as_of": stamp.as_of,
        "model_version": stamp.model_version,
        "model_hash": stamp.model_hash,
        "draws": stamp.draws,
        **({"draws_note": stamp.unused} if isinstance(stamp, Stamp) and stamp.unused else {}),
        "seed": stamp.seed,
        "trajectories": stamp.trajectories,
        "horizon_months": stamp.horizon,
        "run": stamp.run,
        "command": stamp.command,
        "case_warnings": stamp.case_warnings,
        "given": None if stamp.conditioned is None else stamp.conditioned.as_json(),
    }
