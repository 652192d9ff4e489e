"""Shares of dead in past collapses, each forecast from the others: the pool against the raw mean and a flat forecast.

CRPS and log score are taken on the logit scale, where the pool is defined (`scoring_rules`). With a handful of
collapses the result is only indicative, as the interval of the skill shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.bootstrap import Skill, skill
from afterfall.evaluate.core.scoring_rules import LEVELS, Floats, Marks, mark


@dataclass(frozen=True)
class MortalityScores:
    """Scores of N collapses, each left out in turn.

    Attributes
    ----------
    names
        The collapses.
    observed
        Share of dead of each ``(N,)``.
    notes
        A remark on each, or an empty string.
    marks
        Scores of each forecast, by its name, in the order given.
    quantiles
        Quantiles `LEVELS` of each forecast as shares ``(N, 5)``.
    skill
        Skill of the first forecast in CRPS against each other one, by its name.
    further
        Quantiles `LEVELS` ``(5,)`` of the share of dead in a further collapse, by the forecasts that predict one.
    """

    names: tuple[str, ...]
    observed: Floats
    notes: tuple[str, ...]
    marks: Mapping[str, Marks]
    quantiles: Mapping[str, Floats]
    skill: Mapping[str, Skill]
    further: Mapping[str, Floats]


def score_mortality(
    names: Sequence[str],
    observed: Sequence[float],
    samples: Mapping[str, Floats],
    *,
    notes: Sequence[str] = (),
    further: Mapping[str, Floats] | None = None,
    seed: int,
) -> MortalityScores:
    """Score forecasts of shares.

    Parameters
    ----------
    names, observed
        The collapses, and the logit of the share of dead in each.
    samples
        Samples of each forecast as logits ``(N, n)``, by its name; the first is compared with the others.
    notes
        A remark on each.
    further
        Samples of a further collapse as logits ``(n,)``, by forecast.
    seed
        Keys the ties of the PIT and the resampling.
    """
    y = np.array(observed, float)
    marks = {who: mark(y, x, list(names), seed=seed) for who, x in samples.items()}
    first, *others = samples
    return MortalityScores(
        names=tuple(names),
        observed=_share(y),
        notes=tuple(notes) or ("",) * len(names),
        marks=marks,
        quantiles={who: _share(np.quantile(x, LEVELS, axis=-1).T) for who, x in samples.items()},
        skill={
            who: skill(marks[first].crps, marks[who].crps, list(names), name=f"pooled/{first}/{who}", seed=seed)
            for who in others
        },
        further={who: _share(np.quantile(x, LEVELS)) for who, x in (further or {}).items()},
    )


def _share(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))
