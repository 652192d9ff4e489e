"""Learning: expected flows with gradients, observation models, the posterior by NUTS, and checks of all three.

Needs the extra ``fit`` (JAX and numpyro); nothing outside this room imports them. Names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.infer.fitting import Fit, Settings, fit
    from afterfall.infer.predicting import Checked, predictive_checks
    from afterfall.infer.teaching import Learned, learned

_HOME = {
    "Fit": "fitting",
    "Settings": "fitting",
    "fit": "fitting",
    "Learned": "teaching",
    "learned": "teaching",
    "Checked": "predicting",
    "predictive_checks": "predicting",
}

__all__ = ["Checked", "Fit", "Learned", "Settings", "fit", "learned", "predictive_checks"]


def __getattr__(name: str) -> Any:
    """Import a public name from its file on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'afterfall.infer' has no attribute {name!r}")
    return getattr(import_module(f"afterfall.infer.{_HOME[name]}"), name)
