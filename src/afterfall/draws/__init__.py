"""Posteriors on disk: what a fit learned, in a file that names what it was fitted to, and draws taken from it.

Reading needs none of what fitting needs: a forecast uses a posterior without JAX.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.draws.choosing import draw
    from afterfall.draws.key import fit_key
    from afterfall.draws.posterior import (
        DrawsError,
        Posterior,
        StaleDraws,
        read_posterior,
        taught,
        thinned,
        write_posterior,
    )
    from afterfall.draws.shipped import REBUILD, bundled_posterior, posterior_for

_HOME = {
    "draw": "choosing",
    "fit_key": "key",
    "DrawsError": "posterior",
    "Posterior": "posterior",
    "StaleDraws": "posterior",
    "read_posterior": "posterior",
    "taught": "posterior",
    "thinned": "posterior",
    "write_posterior": "posterior",
    "REBUILD": "shipped",
    "bundled_posterior": "shipped",
    "posterior_for": "shipped",
}

__all__ = [
    "REBUILD",
    "DrawsError",
    "Posterior",
    "StaleDraws",
    "bundled_posterior",
    "draw",
    "fit_key",
    "posterior_for",
    "read_posterior",
    "taught",
    "thinned",
    "write_posterior",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its file on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'afterfall.draws' has no attribute {name!r}")
    return getattr(import_module(f"afterfall.draws.{_HOME[name]}"), name)
