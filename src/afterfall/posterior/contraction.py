"""How far data narrowed a parameter: posterior contraction, and the word for it in every table and picture.

Contraction is ``1 - variance of the posterior / variance of the prior``, on the scale on which the prior is normal. It
is compared with what n independent draws would show by chance: the relative standard error of a variance is
``sqrt(2 / n)``.
"""

from __future__ import annotations

import math

LEARNED, WEAKLY_INFORMED, PRIOR_ONLY = "learned", "weakly informed", "prior only"
#: Contractions from which a parameter counts as learned, and as weakly informed.
HALF, LITTLE = 0.5, 0.15
#: Standard errors of a variance by which a contraction must exceed zero.
CERTAIN = 2.5
#: Prior standard deviations by which a mean must have moved to count as weakly informed.
MOVED = 0.5


def contraction_word(contraction: float, ess: float, moved: float) -> str:
    """Whether a parameter is learned, weakly informed, or rests on its prior only.

    Parameters
    ----------
    contraction
        1 - variance of the posterior / variance of the prior.
    ess
        Effective sample size of the posterior draws.
    moved
        Posterior mean minus prior mean, in prior standard deviations.
    """
    if contraction >= HALF:
        return LEARNED
    narrower = contraction >= max(LITTLE, CERTAIN * math.sqrt(2.0 / ess))
    return WEAKLY_INFORMED if narrower or abs(moved) >= MOVED else PRIOR_ONLY
