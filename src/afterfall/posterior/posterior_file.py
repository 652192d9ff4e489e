"""A posterior in memory and on disk: draws of the fitted parameters, how the chains did, and where it all comes from.

On disk it is a netCDF file in the groups of ArviZ: ``arviz.summary(arviz.from_netcdf(file))`` summarises it.

- ``posterior``: a variable for each parameter, ``(chain, draw)``, on its natural scale;
- ``sample_stats``: what is kept of each draw: ``fitted`` (1: the fit's; 0: the priors', see `infer.stacking`), and
  ``diverging``, ``n_steps`` and ``acceptance_rate`` of the iteration that it is or replaces;
- the root: names, scales and diagnostics by parameter, in the order of the fit, and the provenance as attributes.

In memory draws are in single precision on the scale of the engine, which is the logarithm for parameters of scale
``log`` and the log odds for those of scale ``logit``. A natural value is kept to as many bits as bring the draw back
whole. The prior is not in the file: `afterfall.sample` draws it from the model. The hash of a posterior is that of its
content, so that two files of the same draws have one hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit  # type: ignore[import-untyped]

from afterfall.posterior.convergence import faults_of
from afterfall.shown import Shown

Floats = npt.NDArray[np.float32]
Transform = Callable[[Any], Any]
#: Values of a variable ``(n,)`` and its attributes.
Column = tuple[npt.NDArray[Any], dict[str, str]]
FORMAT = 2
#: Part of the hash of a posterior, which runs name: it does not follow the format of the file.
HASHED = 1
#: Name of a posterior's file in the folder of its fit.
NAME = "posterior.nc"
#: To the natural scale and back, of the scales on which the engine has another number.
TRANSFORMS: Mapping[str, tuple[Transform, Transform]] = {"log": (np.exp, np.log), "logit": (expit, logit)}
ENGINE = "engine"
#: Numbers of bits that natural values are kept to, the first that is enough.
BITS = (26, 30, 34, 38, 42, 46, 50, 53)
#: What is kept of each draw, by the names of ArviZ.
STATS = ("fitted", "diverging", "n_steps", "acceptance_rate")
#: Those that are true or false.
FLAGS = ("fitted", "diverging")


class DrawsError(ValueError):
    """A posterior that cannot be read."""


class StaleDraws(DrawsError):
    """A posterior that no longer belongs to the model it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a posterior comes from.

    `key` is the fit key (see `key`), `case_hash` that of the case as cut, `command` what made it; `chains`, `warmup`
    and `kept` (over all chains) are lengths, `seed` that of their random numbers; `divergences` counts over kept
    iterations. `weight` is the share of the draws that are the fit's; the others are the priors'. It rests on
    `groups_scored` of `groups` (origins, and the world). Over all groups, `largest_k` is the largest Pareto k of the
    fit, and `smallest_effective` the smallest effective number of draws of the priors. `stacking` is the version of the
    weight, 0 where none of this was kept.

    Where the draws of a posterior were reweighted for figures added to its case (`edited_case`), `reweighted_from` is
    the hash of that posterior, empty otherwise; `added` is the number of figures, `effective` the effective number of
    the fit's draws, and `khat` the Pareto k of their weights.
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
    weight: float = 1.0
    stacking: int = 0
    groups: int = 0
    groups_scored: int = 0
    largest_k: float = 0.0
    smallest_effective: float = 0.0
    reweighted_from: str = ""
    added: int = 0
    effective: float = 0.0
    khat: float = 0.0


@dataclass(frozen=True, eq=False)
class Posterior(Shown):
    """Draws of the fitted parameters, ordered so that any consecutive block contains draws of all chains."""

    origin: Origin
    names: tuple[str, ...]
    values: Floats = field(repr=False)  # [n, P] on the engine's scale
    rhat: Floats = field(repr=False)  # [P]
    ess: Floats = field(repr=False)  # [P]
    learned: Floats = field(repr=False)  # [P] 1 - variance of the posterior over that of the prior
    scales: tuple[str, ...] = field(default=(), repr=False)  # [P] of the parameters' priors; empty where not known
    stats: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict, repr=False)  # [n] by the names of ArviZ

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the chains behind it have not converged; empty if they have."""
        one = self.origin
        return faults_of(self.names, self.rhat, self.ess, divergences=one.divergences, kept=one.kept)

    @property
    def fitted(self) -> npt.NDArray[np.bool_]:
        """Which draws are the fit's ``[n]``; the others are the priors'. All of them, where the file says nothing."""
        return np.asarray(self.stats.get("fitted", np.ones(len(self.values), dtype=bool)), dtype=bool)

    @property
    def words(self) -> str:
        """What a run says of it: its hash, and where its draws were reweighted, from which and how reliably."""
        one = self.origin
        if not one.reweighted_from:
            return f"posterior {self.hash}"
        noun = "figure" if one.added == 1 else "figures"
        return (
            f"posterior {self.hash}, reweighted from {one.reweighted_from} for {one.added} added {noun}: effective "
            f"number {one.effective:,.0f} of {int(self.fitted.sum()):,}, Pareto k {one.khat:.2f}"
        )

    def to_arviz(self) -> Any:
        """The draws of the fit by chain, with what the sampler kept, as ArviZ reads them (needs the package arviz).

        Raises
        ------
        ImportError
            If arviz is not installed.
        """
        try:
            import arviz
        except ImportError as problem:
            raise ImportError("to_arviz needs arviz: pip install arviz") from problem
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "posterior.nc"
            path.write_bytes(write_posterior(self))
            return arviz.from_netcdf(str(path)).load()  # type: ignore[no-untyped-call]

    @cached_property
    def hash(self) -> str:
        """Hash of names, draws, key and which draws are the priors': 12 hexadecimal digits."""
        digest = hashlib.sha256(repr((HASHED, self.origin.key, self.names)).encode())
        digest.update(np.ascontiguousarray(self.values, dtype="<f4").tobytes())
        if not self.fitted.all():
            digest.update(self.fitted.tobytes())
        return digest.hexdigest()[:12]


def thinned(posterior: Posterior, draws: int) -> Posterior:
    """The given number of draws, taken evenly from all chains; the diagnostics are those of all draws."""
    rounds = len(posterior.values) // posterior.origin.chains
    kept = np.linspace(0, rounds - 1, draws // posterior.origin.chains).round().astype(int)

    def some(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate(_by_chain(values, posterior.origin.chains)[:, kept].swapaxes(0, 1))

    return replace(
        posterior,
        values=some(posterior.values),
        stats={name: some(values) for name, values in posterior.stats.items()},
    )


def write_posterior(posterior: Posterior) -> bytes:
    """The bytes of its file.

    Raises
    ------
    ValueError
        If its chains are not of one length.
    """
    buffer = io.BytesIO()
    # The newest layout of HDF5 (1.10 and later) spends least on many small variables.
    with h5py.File(buffer, "w", libver="latest") as file:
        _write_root(file, posterior)
        scales = posterior.scales or ("natural",) * len(posterior.names)
        columns = {
            name: _natural(posterior.values[:, i], scale)
            for i, (name, scale) in enumerate(zip(posterior.names, scales, strict=True))
        }
        _write_group(file.create_group("posterior"), columns, posterior.origin.chains)
        if posterior.stats:
            stats = {name: (values, dict[str, str]()) for name, values in posterior.stats.items()}
            _write_group(file.create_group("sample_stats"), stats, posterior.origin.chains)
    return buffer.getvalue()


def _write_root(file: h5py.File, posterior: Posterior) -> None:
    """Names and diagnostics by parameter, and the provenance."""
    names = file.create_dataset("parameter", data=list(posterior.names), dtype=h5py.string_dtype())
    names.make_scale("parameter")
    by_parameter = {
        "rhat": (posterior.rhat, "1", "split R-hat of the chains"),
        "ess": (posterior.ess, "draws", "effective sample size"),
        "learned": (posterior.learned, "1", "1 - variance of the posterior / variance of the prior"),
    }
    for name, (values, units, text) in by_parameter.items():
        variable = file.create_dataset(name, data=np.asarray(values, dtype="<f4"))
        variable.dims[0].attach_scale(names)
        variable.attrs.update({"units": units, "long_name": text})
    file.attrs.update({"format": str(FORMAT), "title": f"posterior of {posterior.origin.case}", **_attrs(posterior)})


def _write_group(group: h5py.Group, columns: Mapping[str, Column], chains: int) -> None:
    """Variables ``(chain, draw)`` of values that stand by turns of the chains.

    Dimension scales of HDF5 make them dimensions of netCDF. They are attached all at once: attached one by one, the
    list of what a scale is attached to is written again for each variable, and a file of many is half holes.
    """
    shape = chains, len(next(iter(columns.values()))[0]) // chains
    scales = [group.create_dataset(name, data=np.arange(n)) for name, n in zip(("chain", "draw"), shape, strict=True)]
    attached = np.empty(len(scales), dtype=object)
    for i, scale in enumerate(scales):
        scale.make_scale(("chain", "draw")[i])
        attached[i] = np.array([scale.ref], dtype=h5py.ref_dtype)
    packed = {"chunks": shape, "compression": "gzip", "compression_opts": 9, "shuffle": True}
    variables = []
    for name, (values, attrs) in columns.items():
        kept = values.astype("i1") if values.dtype == bool else values
        variables.append(group.create_dataset(name, data=_by_chain(kept, chains), **packed))
        variables[-1].attrs.create("DIMENSION_LIST", attached, dtype=h5py.vlen_dtype(h5py.ref_dtype))
        variables[-1].attrs.update(attrs)
    entry = np.dtype([("dataset", h5py.ref_dtype), ("dimension", "<i4")])
    for i, scale in enumerate(scales):
        scale.attrs.create("REFERENCE_LIST", np.array([(v.ref, i) for v in variables], dtype=entry))


def _by_chain(values: npt.NDArray[Any], chains: int) -> npt.NDArray[Any]:
    """Draws ``(chain, draw, ...)`` of draws by turns ``(n, ...)``."""
    if len(values) % chains:
        raise ValueError(f"found {len(values)} draws, expected as many of each of {chains} chains")
    return values.reshape(-1, chains, *values.shape[1:]).swapaxes(0, 1)


def _natural(draws: Floats, scale: str) -> Column:
    """Draws of one parameter on its natural scale, from which `_own` has them back whole, and the name of the scale.

    A natural value has as many bits as it takes, and a quarter of the step from one draw to the next to spare: how a
    logarithm is rounded differs from one machine to another. More bits would only make the file larger. Draws that the
    natural scale cannot tell apart (log odds beyond some 30) stay as they are, on a scale named `ENGINE`.
    """
    if scale not in TRANSFORMS:
        return draws, {"scale": scale}
    exact = TRANSFORMS[scale][0](draws.astype(float))
    parts, powers = np.frexp(exact)
    for bits in BITS:
        values = np.ldexp(np.round(parts * 2.0**bits), powers - bits)
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.abs(_own(values, scale) - draws)
        if (apart <= np.spacing(np.abs(draws)) / 4.0).all():
            return values, {"scale": scale}
    return draws, {"scale": ENGINE}


def _own(values: npt.NDArray[Any], scale: str) -> npt.NDArray[Any]:
    """Natural values on the scale of the engine."""
    return np.asarray(TRANSFORMS[scale][1](values) if scale in TRANSFORMS else values)


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
        If it is not a posterior of this format or the one before.
    """
    try:
        content = source if isinstance(source, bytes) else (source / NAME if source.is_dir() else source).read_bytes()
        with h5py.File(io.BytesIO(content), "r") as file:
            if file.attrs["format"] not in READERS:
                raise KeyError(f"format {file.attrs['format']}")
            return Posterior(
                _origin({f.name: str(file.attrs[f.name]) for f in fields(Origin) if f.name in file.attrs}),
                **READERS[file.attrs["format"]](file),
                rhat=np.asarray(file["rhat"][...], dtype="<f4"),
                ess=np.asarray(file["ess"][...], dtype="<f4"),
                learned=np.asarray(file["learned"][...], dtype="<f4"),
            )
    except (OSError, KeyError, ValueError) as problem:
        where = "" if isinstance(source, bytes) else f" {source}"
        cause = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        raise DrawsError(f"cannot read draws{where}: {cause}; expected a posterior of format {FORMAT}") from problem


def _read_groups(file: Any) -> dict[str, Any]:
    """Draws from the groups of ArviZ."""
    names = tuple(file["parameter"].asstr()[...])
    found = [file["posterior"][name] for name in names]
    scales = tuple(str(variable.attrs["scale"]) for variable in found)
    values = np.stack([_own(v[...].T.reshape(-1), scale) for v, scale in zip(found, scales, strict=True)], axis=1)
    stats = file.get("sample_stats", {})
    kept = {name: stats[name][...].T.reshape(-1) for name in STATS if name in stats}
    return {
        "names": names,
        "values": values.astype("<f4"),
        "scales": scales,
        "stats": {name: values.astype(bool) if name in FLAGS else values for name, values in kept.items()},
    }


def _read_table(file: Any) -> dict[str, Any]:
    """Draws from one table on the scale of the engine, the format before."""
    return {"names": tuple(file["parameter"].asstr()[...]), "values": np.asarray(file["draws"][...], dtype="<f4")}


READERS = {"1": _read_table, "2": _read_groups}


def _origin(texts: dict[str, str]) -> Origin:
    kinds = {f.name: {"int": int, "float": float}.get(str(f.type), str) for f in fields(Origin)}
    read: dict[str, Any] = {name: kinds[name](text) for name, text in texts.items()}
    return Origin(**{**read, "as_of": dt.date.fromisoformat(texts["as_of"])})
