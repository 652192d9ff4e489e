"""Chains that are interrupted go on where they stopped; chains differ; progress is reported."""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from afterfall.infer.fitting import Settings
from afterfall.infer.jax_factors import Array
from afterfall.infer.sampling import BATCH, Chain, Lengths, run_chain

PRECISION = np.linalg.inv(np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 4.0]]))
SHORT = Lengths(warmup=2 * BATCH, draws=BATCH)


def correlated(z: Array) -> Array:
    return 0.5 * z @ jnp.asarray(PRECISION) @ z


def short(folder: Path | None) -> Chain:
    return run_chain(correlated, 3, SHORT, seed=3, chain=1, folder=folder)


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


def test_chains_differ_in_their_random_numbers() -> None:
    other = run_chain(correlated, 3, SHORT, seed=3, chain=0)
    assert not np.array_equal(other.z, short(None).z)


def test_every_batch_is_told() -> None:
    heard: list[tuple[int, int]] = []
    run_chain(correlated, 3, SHORT, seed=3, chain=0, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(BATCH, 3 * BATCH), (2 * BATCH, 3 * BATCH), (3 * BATCH, 3 * BATCH)]


@pytest.mark.parametrize("seed", [-1, 2**63, 2**70])
def test_a_seed_beyond_64_bits_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match=r"seed must lie in 0\.\.2\*\*63 - 1"):
        Settings(seed=seed)
