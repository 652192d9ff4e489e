"""Bundled posteriors: found by case and as-of date, and used only while they belong to the model.

A case and its views have the same rows, and so the same posteriors, under whichever of their names one is kept.

A posterior with another key than the model's is refused, with the command that rebuilds it, so numbers fitted with
another model or to other figures are never used silently. A folder that only shares the name of a bundled case has no
posterior.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from afterfall.case import Case, bundled_cases, case_hash, open_case
from afterfall.model import Model
from afterfall.posterior.key import fit_key
from afterfall.posterior.posterior_file import Posterior, StaleDraws, read_posterior

#: Rebuilds every bundled posterior.
REBUILD = "python scripts/fit_bundled.py"


def bundled_posterior(model: Model) -> Posterior | None:
    """The bundled posterior of a model's case and as-of date, whether or not it belongs to the model."""
    file = _file(model.case)
    return _parsed(file.read_bytes()) if file.is_file() else None


@lru_cache(maxsize=2)
def _parsed(content: bytes) -> Posterior:
    """The posterior in a file; an explanation of one number asks for it many times."""
    return read_posterior(content)


def has_posterior(case: Case) -> bool:
    """Whether a posterior is bundled under a case's name and as-of date; it may belong to other figures."""
    return _file(case).is_file()


def _file(case: Case) -> Traversable:
    """The file of a posterior under one of the names of a case, its own first; that of its own where there is none."""
    folder = files("afterfall.posterior").joinpath("data")
    under = [folder.joinpath(f"{name}-{case.as_of}.nc") for name in case.names]
    return next((file for file in under if file.is_file()), under[0])


def posterior_for(model: Model) -> Posterior | None:
    """The bundled posterior of a model, or None if there is none.

    Raises
    ------
    StaleDraws
        If there is one, the case is the bundled one, and the posterior does not belong to the model.
    """
    found = bundled_posterior(model)
    if found is None:
        return None
    if belongs(found, model):
        return found
    if model.case.id in bundled_cases():
        bundled = open_case(model.case.id, as_of=model.case.as_of)
        if case_hash(bundled) == case_hash(model.case):
            raise StaleDraws(stale(found, model, f"to rebuild it: {REBUILD}"))
    return None


def matched(posterior: Posterior, model: Model) -> Posterior:
    """The posterior itself, after checking that it belongs to a model.

    Raises
    ------
    StaleDraws
        If it does not belong to the model.
    """
    if not belongs(posterior, model):
        again = f"to fit this one: afterfall fit {model.case.reference} --as-of {model.case.as_of}"
        raise StaleDraws(stale(posterior, model, again))
    return posterior


def belongs(posterior: Posterior, model: Model) -> bool:
    """Whether a posterior was fitted to a model's fit program and figures."""
    return posterior.origin.key == fit_key(model)


def stale(posterior: Posterior, model: Model, way: str) -> str:
    """The message for a posterior that does not belong to a model; `way` says how to get one that does."""
    return (
        f"the posterior of {posterior.origin.case} as of {posterior.origin.as_of} was fitted to another model or other "
        f"figures (key {posterior.origin.key}, expected {fit_key(model)}); {way}, or forecast from priors "
        "(afterfall forecast --prior-only)"
    )
