"""How posteriors are reweighted for figures that were added to their case: with the extra ``fit``, or not at all."""

from __future__ import annotations

from importlib.util import find_spec

from afterfall.model import Model
from afterfall.posterior import Posterior
from afterfall.posterior.edited_case import Reweighting

#: What reweighting imports.
NEEDED = ("arviz_stats", "jax", "numpyro")


def reweight(posterior: Posterior, before: Model, after: Model, added: int) -> Reweighting:
    """Reweight a posterior of the first model for the second; see `infer.figure_addition.reweighted`."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        reason = f"reweighting it needs {', '.join(missing)} (pip install 'afterfall[fit]')"
        return Reweighting(None, 0.0, int(posterior.fitted.sum()), 0.0, 0.0, reason)
    from afterfall.infer.figure_addition import reweighted

    return reweighted(posterior, before, after, added)
