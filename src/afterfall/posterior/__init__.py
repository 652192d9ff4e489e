"""Posteriors: files that record what they were fitted to, those bundled with the package, and draws from them.

Reading a posterior needs none of the fitting dependencies: a forecast uses one without JAX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.posterior.bundled import REBUILD, bundled_posterior, posterior_for
    from afterfall.posterior.contraction import contraction_word
    from afterfall.posterior.draws_from import DrawsFrom, UnconvergedChains, posterior_from
    from afterfall.posterior.key import fit_key
    from afterfall.posterior.posterior_file import (
        DrawsError,
        Posterior,
        StaleDraws,
        read_posterior,
        thinned,
        write_posterior,
    )
    from afterfall.posterior.sample import draw

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "sample": ["draw"],
        "contraction": ["contraction_word"],
        "key": ["fit_key"],
        "posterior_file": [
            "DrawsError",
            "Posterior",
            "StaleDraws",
            "read_posterior",
            "thinned",
            "write_posterior",
        ],
        "draws_from": ["DrawsFrom", "UnconvergedChains", "posterior_from"],
        "bundled": ["REBUILD", "bundled_posterior", "posterior_for"],
    },
)

__all__ = [
    "REBUILD",
    "DrawsError",
    "DrawsFrom",
    "Posterior",
    "StaleDraws",
    "UnconvergedChains",
    "bundled_posterior",
    "contraction_word",
    "draw",
    "fit_key",
    "posterior_for",
    "posterior_from",
    "read_posterior",
    "thinned",
    "write_posterior",
]
