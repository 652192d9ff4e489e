"""Where a forecast draws its parameters from: the bundled posterior, a posterior of the user's own, or the priors.

Every verb that forecasts takes one argument for this, ``draws``, and every command ``--draws`` and ``--prior-only``.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from afterfall.model import Model
from afterfall.posterior.bundled import matched, posterior_for
from afterfall.posterior.posterior_file import Posterior, read_posterior

DEFAULT, PRIOR_DRAWS = "default", "prior"
#: A posterior, the path of its file or of the folder of its fit, ``default`` or ``prior``.
DrawsFrom = Posterior | Path | str


class UnconvergedChains(UserWarning):
    """The chains behind a posterior have not converged."""


def loaded(draws: DrawsFrom) -> Posterior | str:
    """The posterior where a path is given; anything else as it is.

    Raises
    ------
    DrawsError
        If the file is no posterior.

    Warns
    -----
    UnconvergedChains
        If the chains behind the file have not converged.
    """
    if isinstance(draws, Posterior) or draws in (DEFAULT, PRIOR_DRAWS):
        return draws if isinstance(draws, Posterior) else str(draws)
    found = read_posterior(Path(draws))
    if found.faults:
        warnings.warn(
            f"the chains behind {draws} have not converged: {'; '.join(found.faults)}", UnconvergedChains, stacklevel=2
        )
    return found


def posterior_from(draws: DrawsFrom, model: Model) -> Posterior | None:
    """The posterior that a model's parameters are drawn from, or None for priors.

    Parameters
    ----------
    draws
        A `Posterior`; the path of its file or of the folder of its fit; ``default`` for the posterior that comes with
        the package for the case and as-of date (priors where there is none); or ``prior``.
    model
        The model.

    Raises
    ------
    DrawsError
        If a file is no posterior.
    StaleDraws
        If the posterior was fitted to another model or other figures.
    """
    found = loaded(draws)
    if isinstance(found, Posterior):
        return matched(found, model)
    return None if found == PRIOR_DRAWS else posterior_for(model)
