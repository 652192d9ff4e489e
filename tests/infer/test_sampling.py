"""The sampler on a density that is known, and chains that are interrupted."""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from afterfall.infer.diagnostics import effective_size, split_rhat
from afterfall.infer.jax_factors import Array
from afterfall.infer.sampling import BATCH, Chain, Lengths, run_chain

PRECISION = np.linalg.inv(np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 4.0]]))
SHORT = Lengths(warmup=2 * BATCH, draws=BATCH)


def correlated(z: Array) -> Array:
    return 0.5 * z @ jnp.asarray(PRECISION) @ z


def short(folder: Path | None) -> Chain:
    return run_chain(correlated, 3, SHORT, seed=3, chain=1, folder=folder)


def test_draws_have_the_moments_of_the_density() -> None:
    chains = [run_chain(correlated, 3, Lengths(200, 1000), seed=3, chain=c) for c in range(2)]
    z = np.concatenate([c.z for c in chains])
    assert z.mean(axis=0) == pytest.approx(np.zeros(3), abs=0.15)
    assert np.cov(z.T) == pytest.approx(np.linalg.inv(PRECISION), abs=0.35)
    each = np.stack([c.z for c in chains])
    assert max(split_rhat(each[:, :, p]) for p in range(3)) < 1.03
    assert min(effective_size(each[:, :, p]) for p in range(3)) > 400
    assert not any(c.diverging.any() for c in chains)


def test_an_interrupted_chain_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = short(None)
    assert np.array_equal(short(tmp_path).z, whole.z)
    first, second, third = sorted((tmp_path / "chain-1").glob("*.npz"))
    written = first.stat().st_mtime_ns
    third.unlink()
    second.write_bytes(second.read_bytes()[:100])  # half a file, as a lost machine leaves it
    assert np.array_equal(short(tmp_path).z, whole.z)
    second.write_bytes(b"")
    assert np.array_equal(short(tmp_path).z, whole.z)
    assert first.stat().st_mtime_ns == written


def test_what_is_kept_is_not_run_again(tmp_path: Path) -> None:
    whole = short(tmp_path)
    other = run_chain(lambda z: 0.5 * (z**2).sum(), 3, SHORT, seed=3, chain=1, folder=tmp_path)
    assert np.array_equal(other.z, whole.z)


def test_chains_differ_in_their_luck() -> None:
    other = run_chain(correlated, 3, SHORT, seed=3, chain=0)
    assert not np.array_equal(other.z, short(None).z)


def test_every_batch_is_told() -> None:
    heard: list[tuple[int, int]] = []
    run_chain(correlated, 3, SHORT, seed=3, chain=0, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(BATCH, 3 * BATCH), (2 * BATCH, 3 * BATCH), (3 * BATCH, 3 * BATCH)]
