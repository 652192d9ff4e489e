"""The request: everything that determines the bytes of a run, and nothing else.

Its hash names the run. Two requests with the same hash give the same numbers on the same platform with the same library
versions. When, where and by which command a run was made is in `Provenance`, which may differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from afterfall.case.dates import MOST_MONTHS
from afterfall.run.errors import RunError

if TYPE_CHECKING:
    from afterfall.model import Model
    from afterfall.posterior import Posterior

CHUNK_SIZE = 50  #: trajectories a chunk: about a second of work
PRIOR = "prior"
FORMAT = 1  #: version of the files in a run folder
LARGEST_SEED = 2**63 - 1
#: Most trajectories of one run: tails of one in ten thousand are then known to a tenth.
MOST_TRAJECTORIES = 1_000_000
#: Bytes that one simulation of a case like isis-2017 takes a month; a test measures it.
BYTES_A_MONTH = 12_900


def size_in_words(trajectories: int, months: int) -> str:
    """What a run of a case like isis-2017 would take, for messages on limits.

    >>> size_in_words(1000, 99_999)
    '1,000 simulations of 99,999 months would take about 1,201 GiB in a case like isis-2017'
    """
    size = trajectories * months * BYTES_A_MONTH / 2**30
    taken = f"about {size:,.0f} GiB" if size < 1e6 else "more than a million GiB"
    return f"{trajectories:,} simulations of {months:,} months would take {taken} in a case like isis-2017"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The request of a run.

    Attributes
    ----------
    case, case_hash, as_of
        Id of the case, hash of the case as cut at its as-of date, and that date.
    model_version, model_hash, program_hash, code_hash
        Version of the model, and hashes of its declared structure, its arrays and the code that runs them.
    draws
        Source of the parameters: ``prior``, or ``posterior`` and the hash of its draws.
    horizon
        Months beyond the as-of date.
    record_months
        Months at which quantities are recorded by origin; world totals are recorded monthly.
    trajectories, seed
        Number of trajectories, and the seed of all their random draws.
    chunk_size
        Trajectories per chunk. It affects the files, not the numbers.
    policy
        Labels of the levers that are set and the parameters that are fixed; empty for the baseline forecast.
    given
        Conditions of a conditional forecast, in their usual form and order; empty otherwise, and then left out of the
        files and the hash, so that an unconditional run has the name that it always had.
    format
        Version of the files.
    """

    case: str
    case_hash: str
    as_of: date
    model_version: str
    model_hash: str
    program_hash: str
    code_hash: str
    horizon: int
    record_months: tuple[int, ...]
    trajectories: int
    seed: int
    chunk_size: int = CHUNK_SIZE
    draws: str = PRIOR
    policy: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    format: int = FORMAT

    def __post_init__(self) -> None:
        """Check the ranges of the numbers."""
        problems = [
            f"{name} must be at least 1, found {value}"
            for name, value in (
                ("trajectories", self.trajectories),
                ("chunk_size", self.chunk_size),
                ("horizon", self.horizon),
            )
            if value < 1
        ]
        problems += [
            f"{name} must be at most {most:,}, found {value:,}"
            for name, value, most in (
                ("trajectories", self.trajectories, MOST_TRAJECTORIES),
                ("horizon", self.horizon, MOST_MONTHS),
            )
            if value > most
        ]
        if self.trajectories > MOST_TRAJECTORIES or self.horizon > MOST_MONTHS:
            problems.append(size_in_words(self.trajectories, self.horizon))
        if not 0 <= self.seed <= LARGEST_SEED:
            problems.append(f"seed must lie in 0..2**63 - 1, found {self.seed}")
        if problems:
            raise ValueError("; ".join(problems))

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.trajectories // self.chunk_size)

    def chunk(self, index: int) -> range:
        """Trajectories of a chunk.

        Raises
        ------
        ValueError
            If there is no such chunk.
        """
        if not 0 <= index < self.chunks:
            raise ValueError(f"chunk must lie in 0..{self.chunks - 1}, found {index}")
        return range(index * self.chunk_size, min((index + 1) * self.chunk_size, self.trajectories))

    def as_dict(self) -> dict[str, Any]:
        """Fields as JSON values."""
        texts = {"as_of": self.as_of.isoformat()}
        lists = {name: list(getattr(self, name)) for name in ("record_months", "policy", "given")}
        values = {**asdict(self), **texts, **lists}
        return values if self.given else {name: value for name, value in values.items() if name != "given"}

    def to_json(self) -> str:
        """The text of ``request.json``."""
        return json.dumps(self.as_dict(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Request:
        """Read a request back.

        Raises
        ------
        RunError
            If the text is not a request of this format.
        """
        try:
            values: Mapping[str, Any] = json.loads(text)
            names = {field.name for field in fields(cls)}
            if set(values) | {"given"} != names:
                raise ValueError(
                    f"missing {sorted(names - set(values) - {'given'})}, unknown {sorted(set(values) - names)}"
                )
            read: dict[str, Any] = {name: tuple(values[name]) for name in ("record_months", "policy")}
            read["given"] = tuple(values.get("given", ()))
            read["as_of"] = date.fromisoformat(values["as_of"])
            return cls(**{**values, **read})
        except (ValueError, TypeError) as problem:
            raise RunError(f"not a request of format {FORMAT}: {problem}") from problem

    @property
    def hash(self) -> str:
        """Name of the run: 12 hexadecimal digits of the hash of the canonical JSON."""
        canonical = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @property
    def name(self) -> str:
        """Name of the run folder, such as ``tiny-0123456789ab``; ``tiny-given-...`` where it is conditional."""
        return f"{self.case}-{'given-' * bool(self.given)}{self.hash}"

    def differences(self, other: Request) -> dict[str, tuple[Any, Any]]:
        """Fields in which another request differs, as (ours, theirs)."""
        ours, theirs = self.as_dict(), other.as_dict()
        names = [*ours, *(name for name in theirs if name not in ours)]
        pairs = {name: (ours.get(name), theirs.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def request_of(
    model: Model,
    *,
    trajectories: int,
    seed: int,
    chunk_size: int = CHUNK_SIZE,
    posterior: Posterior | None = None,
    given: tuple[str, ...] = (),
) -> Request:
    """The request to run a model.

    Parameters
    ----------
    model
        A built model; it holds the case, the horizon and the months recorded by origin.
    trajectories, seed, chunk_size
        See `Request`.
    posterior
        Posterior from which fitted parameters are drawn; None draws all from priors.
    given
        Conditions in their usual form (`ConditionSet.texts`).
    """
    from afterfall.case import case_hash
    from afterfall.model import MODEL_VERSION
    from afterfall.run.fingerprint import code_hash, program_hash

    return Request(
        case=model.case.id,
        case_hash=case_hash(model.case),
        as_of=model.case.as_of,
        model_version=MODEL_VERSION,
        model_hash=model.model_hash,
        program_hash=program_hash(model.program, model.history, model.bands),
        code_hash=code_hash(),
        horizon=model.horizon,
        record_months=tuple(int(m) for m in model.program.origin_month),
        trajectories=trajectories,
        seed=seed,
        chunk_size=chunk_size,
        draws=PRIOR if posterior is None else posterior.words,
        policy=model.policy,
        given=given,
    )


def request_under(plain: Request, model: Model) -> Request:
    """What `request_of` gives for a model under a policy, given the request of the model that it was made from.

    Everything but the model, its arrays and the policy is the same, and need not be hashed again.

    Raises
    ------
    ValueError
        If the model was made from none.
    """
    from afterfall.run.fingerprint import program_hash

    if model.plain is None:
        raise ValueError("expected a model made from one without a policy (`under_policy`), found one built by itself")
    return replace(
        plain,
        model_hash=model.model_hash,
        program_hash=program_hash(model.program, model.history, model.bands),
        policy=model.policy,
    )
