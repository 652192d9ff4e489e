"""A posterior in memory and on disk: draws of the fitted parameters, how the chains did, and where it all comes from.

On disk it is a netCDF file with draws in single precision: ``draws (draw, parameter)`` on the engine's scale, ``rhat``,
``ess`` and ``learned`` by parameter, and the provenance as attributes. Its hash is that of its content, so that
two files of the same draws have one hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import h5netcdf  # type: ignore[import-untyped]
import h5py  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt

from afterfall.posterior.convergence import faults_of

FORMAT = 1
#: Name of a posterior's file in the folder of its fit.
NAME = "posterior.nc"
Floats = npt.NDArray[np.float32]


class DrawsError(ValueError):
    """A posterior that cannot be read."""


class StaleDraws(DrawsError):
    """A posterior that no longer belongs to the model it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a posterior comes from.

    `key` is the fit key (see `key`), `case_hash` that of the case as cut, `command` what made it; `chains`, `warmup`
    and `kept` (over all chains) are lengths, `seed` is their luck; `divergences` counts over kept iterations.
    """

    case: str
    as_of: dt.date
    key: str
    case_hash: str
    model_version: str
    seed: int
    chains: int
    warmup: int
    kept: int
    divergences: int
    command: str


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of the fitted parameters, in an order that any stretch of them samples all chains."""

    origin: Origin
    names: tuple[str, ...]
    values: Floats = field(repr=False)  # [n, P] on the engine's scale
    rhat: Floats = field(repr=False)  # [P]
    ess: Floats = field(repr=False)  # [P]
    learned: Floats = field(repr=False)  # [P] 1 - variance of the posterior over that of the prior

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the chains behind it have not settled; nothing when they have."""
        one = self.origin
        return faults_of(self.names, self.rhat, self.ess, divergences=one.divergences, kept=one.kept)

    @cached_property
    def hash(self) -> str:
        """Hash of names, draws and key: 12 hexadecimal digits."""
        digest = hashlib.sha256(repr((FORMAT, self.origin.key, self.names)).encode())
        digest.update(np.ascontiguousarray(self.values, dtype="<f4").tobytes())
        return digest.hexdigest()[:12]


def thinned(posterior: Posterior, draws: int) -> Posterior:
    """So many of the draws, evenly from all chains, which stand in it by turns; the diagnostics are those of all."""
    chains = posterior.origin.chains
    rounds = len(posterior.values) // chains
    kept = np.linspace(0, rounds - 1, draws // chains).round().astype(int)
    values = posterior.values.reshape(rounds, chains, -1)[kept].reshape(-1, len(posterior.names))
    return replace(posterior, values=values)


def write_posterior(posterior: Posterior) -> bytes:
    """The bytes of its file."""
    buffer = io.BytesIO()
    by_parameter = {
        "rhat": (posterior.rhat, "1", "split R-hat of the chains"),
        "ess": (posterior.ess, "draws", "effective sample size"),
        "learned": (posterior.learned, "1", "1 - variance of the posterior / variance of the prior"),
    }
    with h5netcdf.File(buffer, "w") as file:
        file.dimensions = {"draw": len(posterior.values), "parameter": len(posterior.names)}
        names = file.create_variable("parameter", ("parameter",), h5py.string_dtype())
        names[...] = np.array(posterior.names, dtype=object)
        draws = file.create_variable("draws", ("draw", "parameter"), "<f4", compression="gzip", shuffle=True)
        draws[...] = posterior.values
        draws.attrs.update({"units": "scale of the engine", "long_name": "posterior draws"})
        for name, (values, units, text) in by_parameter.items():
            variable = file.create_variable(name, ("parameter",), "<f4")
            variable[...] = values
            variable.attrs.update({"units": units, "long_name": text})
        file.attrs.update(
            {"format": str(FORMAT), "title": f"posterior of {posterior.origin.case}", **_attrs(posterior)}
        )
    return buffer.getvalue()


def _attrs(posterior: Posterior) -> dict[str, Any]:
    origin = posterior.origin
    plain = {f.name: getattr(origin, f.name) for f in fields(origin)}
    # Whole numbers as text: 64 bits of a seed do not fit every reader's integer.
    return {name: value if isinstance(value, str) else str(value) for name, value in plain.items()}


def read_posterior(source: Path | bytes) -> Posterior:
    """Read a posterior from its file, the folder of its fit, or its bytes.

    Raises
    ------
    DrawsError
        If it is not a posterior of this format.
    """
    try:
        content = source if isinstance(source, bytes) else (source / NAME if source.is_dir() else source).read_bytes()
        with h5py.File(io.BytesIO(content), "r") as file:
            if file.attrs["format"] != str(FORMAT):
                raise KeyError(f"format {file.attrs['format']}")
            return Posterior(
                _origin({name: str(file.attrs[name]) for name in (f.name for f in fields(Origin))}),
                tuple(file["parameter"].asstr()[...]),
                *(np.asarray(file[name][...], dtype="<f4") for name in ("draws", "rhat", "ess", "learned")),
            )
    except (OSError, KeyError, ValueError) as problem:
        where = "" if isinstance(source, bytes) else f" {source}"
        told = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        raise DrawsError(f"cannot read draws{where}: {told}; expected a posterior of format {FORMAT}") from problem


def _origin(texts: dict[str, str]) -> Origin:
    whole = ("seed", "chains", "warmup", "kept", "divergences")
    read: dict[str, Any] = {name: int(texts[name]) if name in whole else texts[name] for name in texts}
    return Origin(**{**read, "as_of": dt.date.fromisoformat(texts["as_of"])})
