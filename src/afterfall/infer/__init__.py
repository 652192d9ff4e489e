"""Fitting: expected flows with gradients, observation models, the posterior by NUTS, and checks of all three.

It needs the extra ``fit`` (JAX and numpyro), which nothing outside this package imports. Names are imported on first
use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.infer.fitting import Fit, Settings, fit
    from afterfall.infer.posterior_predictive import Checked, predictive_checks
    from afterfall.infer.prior_posterior import PriorPosterior, prior_to_posterior

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "fitting": ["Fit", "Settings", "fit"],
        "posterior_predictive": ["Checked", "predictive_checks"],
        "prior_posterior": ["PriorPosterior", "prior_to_posterior"],
    },
)

__all__ = [
    "Checked",
    "Fit",
    "PriorPosterior",
    "Settings",
    "fit",
    "predictive_checks",
    "prior_to_posterior",
]
