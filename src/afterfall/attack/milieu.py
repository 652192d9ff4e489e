"""How large each country's milieu is, which inspired attempts are proportional to: travellers, and attacks of the past.

Counting only people who travelled misses those who did not: few had left Canada or the United States, and those who
attacked there had not travelled. For countries that the list of public attacks covers (`public_attacks`), inspired
attacks of country k over T years are

    d_k ~ Poisson(u_k m x_k T),    x_k = N_k^b P_k^(1 - b),    u_k ~ Gamma(a, a)

with N_k the last published number who travelled, in thousands, P_k Muslims of its population (a measure of how many
may be reached, not of anyone's views), and u_k what remains of the country. So b says how far travellers measure the
milieu, and 1/a how far countries differ: a country with few or no attacks learns from those like it. (m, b, a) have a
posterior on a grid: log m uniform, b uniform from 0 to 1, log a uniform from 0.3 to 30. Given them

    u_k ~ Gamma(a + d_k, a + m x_k T).

Each trajectory draws one (m, b, a) and one u_k for each country. Its milieu is x_k u_k, scaled so that the x_k of all
countries covered sum to their travellers in thousands, which is the unit of `attack.inspired`. Only relative levels are
learned here; the level itself comes from counts (`importance_resampling`).

A country outside the list, or without a published number, has its travellers times a draw of Gamma(a, a): nothing was
learned about it. Without a list every milieu is its travellers.

Assumptions: an attack was as likely to be listed in every country. Attacks and years have the mean weight of the list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp  # type: ignore[import-untyped]

from afterfall.attack.public_attacks import PublicAttacks, public_attacks
from afterfall.case import Case
from afterfall.engine.keyed_uniforms import gamma_draw, uniforms_for
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.reference.country_years import LEAST_SHARE
from afterfall.reference.reference_class import ReferenceClass, open_reference_class

#: Month slot of the trajectory's keys that the milieu uses. Slots 0 to 2 are violence, resampling and attacks,
#: slot 4 first presences.
KEY_SLOT = 3
#: The grid: how many values of the level, its range around the crude rate (log), shares of travellers, shapes.
LEVELS, AROUND = 25, 2.5
SHARES = np.linspace(0.0, 1.0, 11)
SHAPES = np.exp(np.linspace(np.log(0.3), np.log(30.0), 13))


@dataclass(frozen=True, eq=False)
class MilieuFit:
    """The posterior of (m, b, a), and what it was learned from.

    Attributes
    ----------
    countries
        Codes of the countries learned from.
    travelled, muslims
        Thousands who travelled, and thousands of Muslims, ``(country,)``.
    attacks
        Inspired attacks, weighted, ``(country,)``.
    years
        Years of exposure, weighted.
    level
        Values of m for each b, ``(b, m)``.
    weights
        Posterior, ``(b, m, a)``, sums to one.
    """

    countries: tuple[str, ...]
    travelled: Floats
    muslims: Floats
    attacks: Floats
    years: float
    level: Floats
    weights: Floats

    @property
    def measure(self) -> Floats:
        """The measure x of each country for each b, ``(b, country)``, scaled to sum to the travellers."""
        raw = self.travelled ** SHARES[:, None] * self.muslims ** (1.0 - SHARES[:, None])
        return np.asarray(raw * (self.travelled.sum() / raw.sum(axis=1))[:, None])

    def mean(self, country: str) -> float:
        """Posterior mean of a country's milieu, in thousands of travellers."""
        k = self.countries.index(country)
        x, m, a = self.measure[:, k, None, None], self.level[:, :, None], SHAPES
        return float((self.weights * x * (a + self.attacks[k]) / (a + m * x * self.years)).sum())

    @property
    def share(self) -> float:
        """Posterior mean of b: how far travellers, rather than Muslims of the population, measure the milieu."""
        return float((self.weights.sum(axis=(1, 2)) * SHARES).sum())


def fit_milieu(model: Model) -> MilieuFit | None:
    """The posterior as of the day of a model; None if there is nothing to learn from."""
    known = public_attacks(model.case.core, model.case.as_of)
    facts = [f for code in known.countries if code in model.origins and (f := _facts(code, model.case)) is not None]
    if not facts:
        return None
    countries, travelled, muslims = zip(*facts, strict=True)
    return milieu_posterior(countries, np.array(travelled), np.array(muslims), known)


def milieu_posterior(
    countries: tuple[str, ...], travelled: Floats, muslims: Floats, known: PublicAttacks
) -> MilieuFit | None:
    """The posterior from thousands of travellers and of Muslims, ``(country,)``, and public attacks."""
    d = np.array([known.weight * known.inspired(code) for code in countries])
    if not d.sum() or not travelled.sum():
        return None
    years = known.weight * known.years
    fit = MilieuFit(countries, travelled, muslims, d, years, np.zeros((0, 0)), np.zeros((0, 0, 0)))
    x = fit.measure[:, None, None, :]
    crude = d.sum() / (travelled.sum() * years)
    level = np.broadcast_to(crude * np.exp(np.linspace(-AROUND, AROUND, LEVELS)), (len(SHARES), LEVELS))
    m, a = level[:, :, None, None], SHAPES[:, None]
    logs = gammaln(a + d) - gammaln(a) + a * np.log(a) + d * np.log(m * x) - (a + d) * np.log(a + m * x * years)
    summed = logs.sum(axis=-1)
    return MilieuFit(countries, travelled, muslims, d, years, level, np.exp(summed - logsumexp(summed)))


def milieus(fit: MilieuFit | None, model: Model, travelled: Floats, seed: int, trajectories: range) -> Floats:
    """Milieu of every country, in thousands of travellers, ``(trajectory, country)``.

    Parameters
    ----------
    fit
        The posterior; None: the milieu is the travellers.
    model, seed, trajectories
        The model, the seed and the indices of the trajectories.
    travelled
        Thousands who travelled by the as-of date, ``(trajectory, country)``.
    """
    if fit is None:
        return travelled
    found = travelled.copy()
    cumulative = np.cumsum(fit.weights.ravel())
    keys = [name_key(f"attack/milieu/{code}") for code in model.origins]
    row = {code: k for k, code in enumerate(fit.countries)}
    grid = np.array([name_key("attack/milieu")], dtype=np.uint64)
    for i, trajectory in enumerate(trajectories):
        u = uniforms_for(seed, trajectory, EVENT, grid)[0] * cumulative[-1]
        share, at, shape = np.unravel_index(min(np.searchsorted(cumulative, u), cumulative.size - 1), fit.weights.shape)
        a, m, x = SHAPES[shape], fit.level[share, at], fit.measure[share]
        start = subkey(seed, trajectory, EVENT, KEY_SLOT)
        for j, code in enumerate(model.origins):
            k = row.get(code)
            d, t = (0.0, 0.0) if k is None else (fit.attacks[k], m * x[k] * fit.years)
            own = gamma_draw(start, keys[j], 0, float(a + d)) / float(a + t)
            found[i, j] = own * (travelled[i, j] if k is None else x[k])
    return np.round(found, 9)


def _facts(code: str, case: Case) -> tuple[str, float, float] | None:
    """Code, thousands who travelled and thousands of Muslims as of the day of a case; None where one is not known."""
    ever = [f for f in case.figures_of("travelled") if f.place == code and f.basis == "cumulative"]
    counts = [f for f in ever if f.value and not f.role]
    muslims = _muslims(code, open_reference_class(case.as_of))
    if not counts or muslims is None:
        return None
    return code, max(counts, key=lambda f: f.published.last_day).value / 1000.0, muslims


def _muslims(code: str, known: ReferenceClass) -> float | None:
    share = next((c.muslim_share for c in known.countries if c.country == code), None)
    people = [y for y in known.country_years if y.country == code and y.population_thousands is not None]
    if share is None or not people:
        return None
    return max(share, LEAST_SHARE) * float(max(people, key=lambda y: y.year).population_thousands or 0.0)
