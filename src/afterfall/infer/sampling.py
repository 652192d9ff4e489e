"""NUTS on a posterior density, in batches that are kept on disk: an interrupted fit resumes where it stopped.

Each chain is a pure function of (density, seed, chain number, lengths). The state of the sampler (position, adaptation,
key) is written after every batch, including warm-up. Chains may run in separate processes.

Reference: Hoffman and Gelman (2014), "The No-U-Turn Sampler"; the sampler is numpyro's.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax import lax, random
from numpyro.infer import NUTS

from afterfall.infer.jax_factors import Array
from afterfall.run.atomic_files import write_durably

BATCH = 20
#: Mean acceptance that the step size is tuned to: the most efficient of plain Hamiltonian Monte Carlo in many
#: dimensions (Beskos et al. 2013, doi:10.3150/12-BEJ414), taken over for NUTS.
TARGET = 0.65
DEEPEST = 7
#: Standard deviation of the starts of chains around the prior's median, in prior standard deviations.
START = 0.3


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of one chain: warm-up iterations, which are discarded, and iterations kept."""

    warmup: int
    draws: int

    @property
    def batches(self) -> int:
        """Number of batches of a chain."""
        return -(-(self.warmup + self.draws) // BATCH)


@dataclass(frozen=True, slots=True)
class Chain:
    """Kept iterations of one chain: positions ``[n, P]``; divergences, steps and mean acceptance, each ``[n]``."""

    z: np.ndarray
    diverging: np.ndarray
    steps: np.ndarray
    acceptance: np.ndarray


def run_chain(
    potential: Callable[[Array], Array],
    size: int,
    lengths: Lengths,
    *,
    seed: int,
    chain: int,
    folder: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Chain:
    """Run a chain, or resume the one kept in `folder`; `progress` is called after every batch.

    Parameters
    ----------
    potential
        Negative log density of standard normals ``[size]``.
    seed, chain
        Determine the chain's random numbers.
    folder
        Where batches are kept; with None they stay in memory.
    """
    kernel = kernel_of(jax.jit(potential))
    key = random.fold_in(random.key(seed, impl="threefry2x32"), chain)
    first, key = random.split(key)
    start = START * random.normal(first, (size,))
    state = kernel.init(random.key_data(key), lengths.warmup, start, (), {})
    batch = jax.jit(lambda s: lax.scan(lambda one, _: step(kernel, one), s, None, length=BATCH))
    found: list[dict[str, np.ndarray]] = []
    for number in range(lengths.batches):
        kept = _read(folder, chain, number, state)
        if kept is None:
            state, records = batch(state)
            kept = state, {name: np.asarray(value) for name, value in records.items()}
            _write(folder, chain, number, *kept)
        state = kept[0]
        found.append(kept[1])
        progress(min((number + 1) * BATCH, lengths.warmup + lengths.draws), lengths.warmup + lengths.draws)
    last = lengths.warmup + lengths.draws
    whole = {name: np.concatenate([f[name] for f in found])[lengths.warmup : last] for name in found[0]}
    return Chain(**whole)


def kernel_of(potential: Callable[[Array], Array]) -> NUTS:
    """The sampler with the settings of every fit."""
    return NUTS(potential_fn=potential, target_accept_prob=TARGET, max_tree_depth=DEEPEST)


def step(kernel: NUTS, state: Any) -> tuple[Any, dict[str, Array]]:
    """One iteration, and what is kept of it."""
    state = kernel.sample(state, (), {})
    return state, {
        "z": state.z,
        "diverging": state.diverging,
        "steps": state.num_steps,
        "acceptance": state.accept_prob,
    }


def _file(folder: Path, chain: int, number: int) -> Path:
    return folder / f"chain-{chain}" / f"{number:05d}.npz"


def _write(folder: Path | None, chain: int, number: int, state: Any, records: dict[str, np.ndarray]) -> None:
    """Write a batch and the state after it atomically."""
    if folder is None:
        return
    leaves = {f"state-{i:02d}": np.asarray(leaf) for i, leaf in enumerate(jax.tree_util.tree_leaves(state))}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **records, **leaves)
    write_durably(_file(folder, chain, number), buffer.getvalue())


def _read(folder: Path | None, chain: int, number: int, like: Any) -> tuple[Any, dict[str, np.ndarray]] | None:
    """A kept batch and the state after it; None where it is absent or damaged."""
    if folder is None:
        return None
    try:
        with np.load(_file(folder, chain, number), allow_pickle=False) as kept:
            records = {name: kept[name] for name in kept.files if not name.startswith("state-")}
            leaves = [kept[name] for name in sorted(kept.files) if name.startswith("state-")]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    old, tree = jax.tree_util.tree_flatten(like)
    if len(old) != len(leaves):
        return None
    return jax.tree_util.tree_unflatten(
        tree, [jax.numpy.asarray(x, dtype=o.dtype) for x, o in zip(leaves, old, strict=True)]
    ), records
