"""Complete national splits: one source that on one date states how many came back, died and stay.

The three numbers are scored together, by the energy score on the scale of scores. Samples of the model's half of the
forecast are joint (the same trajectory for all three). Those of the regression's half and of the baseline are
independent, in an order drawn by their own keys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.scoring_rules import Floats, energy_score, generator_of

WHOLE = ("returned", "killed_so_far", "in_theatre")


@dataclass(frozen=True, slots=True)
class SplitScore:
    """Energy scores of one split: its place, report family, date and figures; the scores of model and baseline."""

    place: str
    family: str
    refers_to: dt.date
    figures: tuple[str, ...]
    energy: float
    energy_baseline: float


def complete_splits(outcomes: Sequence[Outcome]) -> list[tuple[Outcome, ...]]:
    """Outcomes of one place, report family and date that have all of `WHOLE`, in its order."""
    groups: dict[tuple[str, str, dt.date], dict[str, Outcome]] = {}
    for one in outcomes:
        groups.setdefault((one.place, one.family, one.refers_to), {})[one.quantity] = one
    return [tuple(group[q] for q in WHOLE) for _, group in sorted(groups.items()) if set(WHOLE) <= set(group)]


def score_splits(
    outcomes: Sequence[Outcome],
    observed: Mapping[str, float],
    model: Mapping[str, Floats],
    baseline: Mapping[str, Floats],
    *,
    seed: int,
) -> tuple[SplitScore, ...]:
    """Score every complete split; the mappings are by figure, on the scale of scores, samples ``(n,)``."""
    return tuple(
        SplitScore(
            place=split[0].place,
            family=split[0].family,
            refers_to=split[0].refers_to,
            figures=tuple(o.figure for o in split),
            energy=energy_score(_vector(split, observed), np.stack([model[o.figure] for o in split], axis=-1)),
            energy_baseline=energy_score(
                _vector(split, observed), np.stack([_shuffled(baseline, o, seed) for o in split], axis=-1)
            ),
        )
        for split in complete_splits(outcomes)
    )


def _vector(split: Sequence[Outcome], observed: Mapping[str, float]) -> Floats:
    return np.array([observed[o.figure] for o in split])


def _shuffled(baseline: Mapping[str, Floats], outcome: Outcome, seed: int) -> Floats:
    return generator_of(f"order/{outcome.figure}", seed=seed).permutation(baseline[outcome.figure])
