"""Fits a model to its figures, chain by chain, in a folder from which an interrupted fit can resume.

::

    fits/<case>-<as-of>-<key>/
        <seed>-<warm-up>/chain-0/00000.npz   batches of a chain, with the sampler's state after each
        posterior.nc                         the draws, once the diagnostics pass; until then unsettled.nc
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jax
import numpy as np

from afterfall.case import case_hash
from afterfall.defaults import DEFAULT_SEED
from afterfall.engine.program import Floats
from afterfall.infer.diagnostics import Diagnosis, effective_size, split_rhat
from afterfall.infer.jax_factors import Array
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.sampling import BATCH, Chain, Lengths, run_chain
from afterfall.infer.stacking import STACKING_VERSION, Stacked, stacked
from afterfall.model import MODEL_VERSION, Model, build
from afterfall.model.compile.past_noise import standard
from afterfall.posterior import Posterior, fit_key, write_posterior
from afterfall.posterior.posterior_file import NAME, Origin
from afterfall.run.atomic_files import write_durably
from afterfall.run.request import LARGEST_SEED
from afterfall.shown import Shown

if TYPE_CHECKING:
    from afterfall.case import Case

CHAINS, WARMUP, DRAWS = 4, 250, 1200
#: One thread per chain: the bits of a chain must not depend on the number of processors.
ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """How to run the chains; `draws` is the number of draws kept over all chains."""

    chains: int = CHAINS
    warmup: int = WARMUP
    draws: int = DRAWS
    seed: int = DEFAULT_SEED
    workers: int = 1

    def __post_init__(self) -> None:
        """Check the seed, which samplers take as 64 bits."""
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"seed must lie in 0..2**63 - 1, found {self.seed}")

    @property
    def lengths(self) -> Lengths:
        """Lengths of each chain."""
        return Lengths(self.warmup, -(-self.draws // self.chains))


@dataclass(frozen=True)
class Fit(Shown):
    """A finished fit: the posterior, its diagnostics, and the standard normals behind the draws ``[n, P]``.

    The diagnostics are those of the chains. Of the draws, a share may be the priors' (`Posterior.fitted`, `stacking`).
    """

    density: LogPosterior
    posterior: Posterior
    diagnosis: Diagnosis
    z: Floats
    seconds: float
    folder: Path | None

    @property
    def file(self) -> Path | None:
        """File of the posterior in the folder of the fit, named for whether the chains have converged."""
        return None if self.folder is None else self.folder / ("unsettled.nc" if self.diagnosis.faults else NAME)


def fit(
    model: Model,
    *,
    settings: Settings | None = None,
    fit_dir: Path | None = None,
    progress: OnProgress = lambda done, of: None,
    command: str = "afterfall.infer.fit",
) -> Fit:
    """Fit a model to its figures.

    Parameters
    ----------
    model
        A built model.
    settings
        Chains, their lengths, their seed, and how many run at once (which changes no number).
    fit_dir
        Folder for fits. The fit gets its own folder in it, resumes from what is kept there, and leaves the
        posterior in `Fit.file`. With None everything stays in memory and chains run one after another.
    progress
        Called with how many iterations are done, and how many there are, over all chains.
    command
        The command to record in the provenance.

    Raises
    ------
    ValueError
        If there are no figures to fit, or fewer than two chains.
    """
    settings, began = settings or Settings(), time.monotonic()
    if settings.chains < 2:
        raise ValueError(
            f"chains: found {settings.chains}, expected at least 2 (convergence cannot be assessed with one)"
        )
    density = LogPosterior.of(model)
    if not density.fit_figures.observed:
        raise ValueError(f"nothing to fit: case {model.case.id!r} has no figure that the likelihood uses")
    key = fit_key(model)
    folder = None if fit_dir is None else fit_dir / f"{model.case.id}-{model.case.as_of}-{key[:12]}"
    chains = _chains(density, settings, folder, progress)
    diagnosis = diagnose(density.names, chains)
    z = np.stack([c.z for c in chains], axis=1).reshape(-1, len(density.names))  # chains by turns
    mixture = stacked(density, z, settings.seed)
    z = mixture.z
    posterior = Posterior(
        _origin(model, key, settings, diagnosis, command, mixture),
        density.names,
        np.asarray(values_of(density, z), dtype=np.float32),
        np.asarray(diagnosis.rhat, dtype=np.float32),
        np.asarray(diagnosis.ess, dtype=np.float32),
        np.asarray(1.0 - standardised(density, z).var(axis=0), dtype=np.float32),
        _scales(density),
        {"fitted": mixture.fitted, **_stats(chains)},
    )
    found = Fit(density, posterior, diagnosis, z, time.monotonic() - began, folder)
    if found.file is not None:
        write_durably(found.file, write_posterior(posterior))
    return found


def _stats(chains: list[Chain]) -> dict[str, np.ndarray]:
    """What the sampler kept of each iteration, chains by turns, by the names of ArviZ."""
    by_chain = {
        "diverging": [c.diverging for c in chains],
        "n_steps": [c.steps.astype(np.int32) for c in chains],
        "acceptance_rate": [c.acceptance.astype(np.float32) for c in chains],
    }
    return {name: np.stack(values, axis=1).reshape(-1) for name, values in by_chain.items()}


def _scales(density: LogPosterior) -> tuple[str, ...]:
    """Scale of each unknown; effects and what belongs to the fit alone are on their natural one."""
    known = {one.name: str(one.parameter.scale) for one in density.program.known}
    return tuple(known.get(name, "natural") for name in density.names)


def standardised(density: LogPosterior, z: Floats) -> Floats:
    """Unknowns in standard deviations of their priors ``[n, P]``; half-years by their level, given their noise."""
    found, column = z.copy(), {name: i for i, name in enumerate(density.names)}
    values = values_of(density, z)
    for noise in density.program.noises:
        halves = [column[name] for name in noise.names]
        sd, memory = values[:, [column[noise.sd]]], values[:, [column[noise.memory]]]
        found[:, halves] = standard(values[:, halves], sd, memory)
    return found


def values_of(density: LogPosterior, z: Floats) -> Floats:
    """Unknowns on the engine's scale ``[n, P]``: parameters, discrepancy, and the standard normals of the pool."""
    n = len(density.program.names)

    def one(row: np.ndarray) -> Array:
        return jax.numpy.concatenate([density.parameters(row), density.discrepancy(row)[None], row[n + 1 :]])

    compiled = jax.jit(one)
    return np.stack([np.asarray(compiled(row)) for row in z])


def diagnose(names: tuple[str, ...], chains: list[Chain]) -> Diagnosis:
    """Diagnostics of finished chains."""
    z = np.stack([c.z for c in chains])  # [chain, iteration, P]
    every = range(z.shape[2])
    return Diagnosis(
        names,
        np.array([split_rhat(z[:, :, p]) for p in every]),
        np.array([effective_size(z[:, :, p]) for p in every]),
        int(sum(c.diverging.sum() for c in chains)),
        z.shape[0] * z.shape[1],
        float(np.mean([c.steps.mean() for c in chains])),
        float(np.mean([c.acceptance.mean() for c in chains])),
    )


def _origin(model: Model, key: str, settings: Settings, diagnosis: Diagnosis, command: str, mixture: Stacked) -> Origin:
    scores = mixture.scores
    return Origin(
        case=model.case.id,
        as_of=model.case.as_of,
        key=key,
        case_hash=case_hash(model.case),
        model_version=MODEL_VERSION,
        seed=settings.seed,
        chains=settings.chains,
        warmup=settings.warmup,
        kept=diagnosis.kept,
        divergences=diagnosis.divergences,
        command=command,
        weight=float(mixture.fitted.mean()),
        stacking=STACKING_VERSION,
        groups=len(scores.k),
        groups_scored=int(scores.reliable.sum()),
        largest_k=float(scores.k.max(initial=0.0)),
        smallest_effective=float(scores.effective.min()) if len(scores.k) else 0.0,
    )


def _chains(density: LogPosterior, settings: Settings, folder: Path | None, progress: OnProgress) -> list[Chain]:
    """All chains, several at once if there is a folder for them."""
    lengths, size = settings.lengths, len(density.names)
    whole = settings.chains * (lengths.warmup + lengths.draws)
    if folder is None or settings.workers < 2:
        kept = None if folder is None else folder / _named(settings)
        found = []
        for number in range(settings.chains):
            before = number * whole // settings.chains
            found.append(
                run_chain(
                    density.potential,
                    size,
                    lengths,
                    seed=settings.seed,
                    chain=number,
                    folder=kept,
                    progress=lambda done, _, before=before: progress(before + done, whole),  # type: ignore[misc]
                )
            )
        return found
    return _at_once(
        density.model.case, settings, folder / _named(settings), lambda done: progress(min(done, whole), whole)
    )


def _named(settings: Settings) -> str:
    """Name of the folder of chains: longer chains resume where shorter ones ended."""
    return f"{settings.seed}-{settings.lengths.warmup}"


def _at_once(case: Case, settings: Settings, folder: Path, progress: Callable[[int], None]) -> list[Chain]:
    """Chains in separate processes; the batches that they keep show how far they are."""
    with (
        _environment("XLA_FLAGS", ONE_THREAD),
        ProcessPoolExecutor(min(settings.workers, settings.chains), multiprocessing.get_context("spawn")) as pool,
    ):
        jobs: list[Future[Chain]] = [pool.submit(_chain, case, settings, folder, n) for n in range(settings.chains)]
        waiting: set[Future[Chain]] = set(jobs)
        while waiting:
            _, waiting = wait(waiting, timeout=2.0)
            progress(BATCH * len(list(folder.glob("chain-*/*.npz"))))
        return [job.result() for job in jobs]


def _chain(case: Case, settings: Settings, folder: Path, number: int) -> Chain:
    density = LogPosterior.of(build(case))
    return run_chain(
        density.potential, len(density.names), settings.lengths, seed=settings.seed, chain=number, folder=folder
    )


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable for the processes started within."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = before
