"""Whether the chains behind some draws have converged: limits on R-hat, effective sample size and divergences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LARGEST_RHAT = 1.05
#: Unknowns above this R-hat are listed by name.
GOOD_RHAT = 1.01
#: A case whose fit has a smaller weight against its priors is too thin to learn much from.
THIN = 0.5
LEAST_ESS = 100.0
MOST_DIVERGENT = 0.01


def faults_of(
    names: Sequence[str], rhat: npt.ArrayLike, ess: npt.ArrayLike, *, divergences: int, kept: int
) -> tuple[str, ...]:
    """Messages on chains that have not converged, from diagnostics by parameter ``[P]``; empty if they can be used."""
    rhats, sizes = np.asarray(rhat), np.asarray(ess)
    worst, least = int(np.argmax(rhats)), int(np.argmin(sizes))
    checks = (
        (
            rhats[worst] > LARGEST_RHAT,
            f"R-hat of {names[worst]} is {rhats[worst]:.3f}, expected at most {LARGEST_RHAT}",
        ),
        (
            sizes[least] < LEAST_ESS,
            f"effective sample size of {names[least]} is {sizes[least]:.0f}, expected at least {LEAST_ESS:.0f}",
        ),
        (
            divergences > MOST_DIVERGENT * kept,
            f"{divergences} of {kept} iterations diverged, expected at most {MOST_DIVERGENT:.0%}",
        ),
    )
    return tuple(text for wrong, text in checks if wrong)
