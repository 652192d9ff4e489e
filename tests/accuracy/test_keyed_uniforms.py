"""Keyed uniforms: known answers, and independence along every field, with a planted weak hash that is found."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from afterfall.engine import keys
from afterfall.engine.keyed_uniforms import GAMMA_SLOTS, gamma_draw, joined, mixed, uniform

N = 4_096
#: A deviation is a failure below this; the seeds are fixed.
SIGNIFICANT = 1e-6

FULL = np.uint64(2**64 - 1)


# Random123's known answers for Philox4x64-10 (counter, key, result).
KNOWN = [
    ([0] * 4, [0] * 2, [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]),
    ([FULL] * 4, [FULL] * 2, [0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0]),
    (
        [0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89],
        [0x452821E638D01377, 0xBE5466CF34E90C6C],
        [0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6],
    ),
]


def words(numbers):
    return tuple(np.uint64(x) for x in numbers)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_known_answers(counter, key, expected):
    assert list(keys.philox(words(counter), words(key))) == expected


def test_philox_equals_numpy():
    rng = np.random.default_rng(0)
    for _ in range(50):
        counter = rng.integers(1, 2**64, 4, dtype=np.uint64)
        key = rng.integers(0, 2**64, 2, dtype=np.uint64)
        # numpy counts before it draws
        theirs = np.random.Philox(counter=counter - np.array([1, 0, 0, 0], dtype=np.uint64), key=key).random_raw(4)
        assert list(keys.philox(tuple(counter), tuple(key))) == list(theirs)


def test_name_key_known_answers():
    assert keys.name_key("") == 0xB4B2797457A0A6E4
    assert keys.name_key("côte") == 0xFEF2435EC41FCEB3


def test_cells_must_have_names_of_their_own():
    assert keys.cell_keys([["a", "b"], ["c", "d"]]).shape == (2, 2)
    with pytest.raises(ValueError, match="repeated: b"):
        keys.cell_keys([["a", "b"], ["b", "d"]])


def draws(**fields):
    """N uniforms along one field, all others held; `name` walks over 64-bit keys one apart."""
    at = {"seed": 3, "trajectory": 4, "purpose": keys.MONTH, "month": 5, "name": 0, "sweep": 0, "slot": 0}
    at |= fields
    columns = np.broadcast_arrays(*(np.asarray(at[k]) for k in at))
    out = []
    for seed, trajectory, purpose, month, name, sweep, slot in zip(*columns, strict=True):
        start = np.uint64(keys.subkey(int(seed), int(trajectory), int(purpose), int(month)))
        key = keys.name_key("fr/fighter/held") + np.uint64(name)
        out.append(uniform(start, key, int(sweep), int(slot)))
    return np.array(out)


@pytest.mark.parametrize("field", ["seed", "trajectory", "purpose", "month", "name", "sweep", "slot"])
def test_uniform_and_independent_along_every_field(field):
    u = draws(**{field: np.arange(N)})
    cells = np.bincount((u * 64).astype(int), minlength=64)
    assert stats.chisquare(cells).pvalue > SIGNIFICANT
    pairs = np.histogram2d(u[:-1], u[1:], bins=8, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(pairs.ravel()).pvalue > SIGNIFICANT
    for lag in (1, 2, 8, 64):
        z = np.corrcoef(u[:-lag], u[lag:])[0, 1] * math.sqrt(N - lag)
        assert 2 * stats.norm.sf(abs(z)) > SIGNIFICANT


@pytest.mark.parametrize("field", ["seed", "trajectory", "purpose", "month", "name", "sweep", "slot"])
def test_neighbouring_fields_share_nothing(field):
    walk = "slot" if field != "slot" else "name"
    first, second = draws(**{walk: np.arange(N)}), draws(**{walk: np.arange(N), field: 1})
    if field in ("seed", "trajectory", "purpose", "month"):
        first = draws(**{walk: np.arange(N), field: 2})
    z = np.corrcoef(first, second)[0, 1] * math.sqrt(N)
    assert 2 * stats.norm.sf(abs(z)) > SIGNIFICANT


def test_a_planted_weak_hash_is_found():
    u = (np.arange(N) * 0.6180339887498949) % 1.0
    z = np.corrcoef(u[:-1], u[1:])[0, 1] * math.sqrt(N - 1)
    assert 2 * stats.norm.sf(abs(z)) < SIGNIFICANT


def test_every_bit_of_a_key_turns_half_of_the_hash():
    x = np.uint64(0x0123456789ABCDEF)
    turned = [(int(mixed(x)) ^ int(mixed(x ^ (np.uint64(1) << np.uint64(b))))).bit_count() for b in range(64)]
    assert min(turned) > 14
    assert max(turned) < 50


def test_uniforms_lie_strictly_inside():
    u = np.array([uniform(np.uint64(9), np.uint64(k), 0, 0) for k in range(2_000)])
    assert u.min() > 0
    assert u.max() < 1


def test_pairs_of_keys_have_an_order():
    a, b = keys.name_key("a"), keys.name_key("b")
    assert joined(a, b) != joined(b, a)


@pytest.mark.parametrize("shape", [0.02, 0.5, 1.0, 2.7, 80.0])
def test_gamma_draws(shape):
    x = [gamma_draw(np.uint64(keys.subkey(1, i, keys.START, 0)), np.uint64(5), 64, shape) for i in range(N)]
    assert stats.kstest(x, "gamma", args=(shape,)).pvalue > SIGNIFICANT
    assert stats.kstest(x, "gamma", args=(shape * 1.03 + 0.1,)).pvalue < SIGNIFICANT
    other = [
        gamma_draw(np.uint64(keys.subkey(1, i, keys.START, 0)), np.uint64(5), 64 + GAMMA_SLOTS, shape) for i in range(N)
    ]
    z = stats.spearmanr(x, other).statistic * math.sqrt(N)
    assert 2 * stats.norm.sf(abs(z)) > SIGNIFICANT
