"""Entry into Europe among irregular migrants, in the aggregate: expected persons sent to attack per million crossings.

    sent to Europe       those sent in the year whose target is a country of the European Union, at home or abroad
    among the crossings  sent x disguised
    crossings            the last published yearly number, times a lognormal factor with standard deviation `crossings`
    found by screening   among the crossings x screened

`disguised`, `screened` and `crossings` are parameters of `afterfall.model.mechanisms.attack`. All numbers are
expectations within a trajectory, because a rate of three in a million would vanish if rounded to whole persons.

By design nothing here is broken down by route, nationality, place or method, and nothing concerns any person. The
result says how rare such entry is and what screening everyone could find. People stopped wrongly are not modelled; at
such rates nearly everyone whom a test flags is a false positive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.attack.attack_result import Attacks
from afterfall.attack.exposure import targets
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import EVENT, name_key
from afterfall.engine.program import Floats
from afterfall.engine.quantiles import normal_quantile
from afterfall.run.presence import by_origin

COVARIATE = "irregular_crossings"
SENT = "dispatched_so_far"
MILLION = 1e6


@dataclass(frozen=True, eq=False)
class BorderScreening:
    """Results by calendar year with twelve forecast months; every array is ``(trajectory, year)``.

    Attributes
    ----------
    years
        The calendar years.
    crossings
        Irregular crossings, persons.
    entered, found
        Persons sent to attack among the crossings, and those found by screening, expected persons.
    last_known
        The published yearly number of crossings that `crossings` starts from.
    """

    years: tuple[int, ...]
    crossings: Floats
    entered: Floats
    found: Floats
    last_known: float

    @property
    def rate(self) -> Floats:
        """Persons sent to attack for each million crossings."""
        return self.entered / self.crossings * MILLION


def border_screening(attacks: Attacks) -> BorderScreening | None:
    """Entry into Europe among migrants; None if the case has no count of crossings."""
    run, model = attacks.run, attacks.model
    place = next((c.place for c in model.case.covariates if c.covariate == COVARIATE), "")
    last = model.case.covariate(place, COVARIATE)
    ahead = attacks.year_of[attacks.back + 1 :]
    years = tuple(y for y in attacks.years() if (ahead == y).sum() == 12)
    if last is None or not years:
        return None
    total = by_origin(run, [SENT], model.origins)
    newly = total[:, 1:] - total[:, :-1]
    inside = np.zeros(len(model.origins))
    inside[attacks.where(place)] = 1.0
    weight = targets(run, model)
    member = np.array([model.view.covariate(o, "coalition", 0.0) for o in model.origins])
    salience, home = run.parameter("dispatch.salience"), run.parameter("dispatch.home")
    to_home = 1.0 / (1.0 + np.exp(-(home[:, None] + salience[:, None] * member)))
    to_europe = to_home * inside + (1.0 - to_home) * (weight * inside).sum(axis=1, keepdims=True)
    monthly = (newly * to_europe[:, None, :]).sum(axis=2)
    sent = np.stack([monthly[:, ahead == y].sum(axis=1) for y in years], axis=1)
    entered = np.maximum(sent, 0.0) * run.parameter("attack.disguised")[:, None]
    return BorderScreening(
        years=years,
        crossings=_crossings(attacks, last, years),
        entered=entered,
        found=entered * run.parameter("attack.screened")[:, None],
        last_known=last,
    )


def _crossings(attacks: Attacks, last: float, years: tuple[int, ...]) -> Floats:
    """Crossings ``(trajectory, year)``: one keyed lognormal draw for each trajectory and year."""
    keys = np.array([name_key(f"crossings/{y}") for y in years], dtype=np.uint64)
    spread = attacks.run.parameter("attack.crossings")
    drawn = [uniforms_for(attacks.run.request.seed, i, EVENT, keys) for i in range(len(spread))]
    z = np.array([[normal_quantile(float(u)) for u in row] for row in drawn])
    return np.asarray(last * np.exp(spread[:, None] * z))
