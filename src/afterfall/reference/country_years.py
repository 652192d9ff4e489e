"""Countries at risk of a first presence, year by year, with what was known of them at the start of each year.

A country is at risk of a first presence of a family (ISIS; AQ with AQ-linked; any of them) until one was public: a
first counts on the later of its day and its publication, so a pledge that was disclosed late is late here. Labels (a
name or a video) and attack cells of the West are no presence. A calendar year is one row, its exposure the part of
it until the first or until the as-of date. Where the number of neighbours with the family changes in a year, it is as
many rows, each from the first of a month: a wave passes from country to country within months.

Covariates, as known at the start of the row:

- log of the Muslim population: share of the population (CIA World Factbook) times population two years before;
- neighbours: log of one plus the number of neighbouring countries (land borders) with a presence of the same family;
- another organisation: one where a lasting organisation of another family (`OTHERS`) is there. A first presence is
  often the pledge or the split of one that exists. One that has ended does not count (`docs/reference-class.md`).

Not used unless asked for: instability, minus the World Bank's political stability two years before (published each
September). It made no difference on the dates on which covariates were chosen (`docs/reference-class.md`).

A country without a value takes the nearest earlier year, else the mean of all countries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from afterfall.reference.affiliate_survival import FAMILY_GROUPS, first_presences
from afterfall.reference.class_records import Affiliate
from afterfall.reference.event_rate import DAYS_A_YEAR, RECALLED_WEIGHT, Floats
from afterfall.reference.reference_class import ReferenceClass

#: Families at risk of a first presence, and those of the tables that count as each.
RISKS = {"any": tuple(family for group in FAMILY_GROUPS.values() for family in group), **FAMILY_GROUPS}
#: First calendar year at risk.
FIRST_YEAR = 2000
#: Least Muslim share of a population: a logarithm needs one above zero.
LEAST_SHARE = 0.0005
#: Covariates of the hazard, and all that there are.
COVARIATES = ("log Muslim population", "neighbours", "another organisation")
CANDIDATES = (*COVARIATES, "instability")
#: Families whose organisations count as another, by family at risk. The Islamic State came out of al-Qaida, so what has
#: left al-Qaida is often its own first presence. There is nothing to learn the reverse from.
OTHERS: dict[str, tuple[str, ...]] = {"ISIS": ("AQ", "AQ-linked"), "AQ": (), "any": ()}
#: First calendar year of the indicators.
FIRST_VALUE = 2000
#: Years by which the covariates of a year lag behind it.
LAG = 2
#: Shortest exposure of a row, in years: a first on 1 January.
SHORTEST = 0.003


@dataclass(frozen=True, slots=True)
class RiskSet:
    """Country-years at risk of a first presence.

    Attributes
    ----------
    family
        Key of `RISKS`.
    last_year
        Calendar year of the as-of date; without rows where that is the first of January.
    countries
        All countries.
    country, year
        Index of the country and calendar year of each row, ``(row,)``.
    exposure
        Years at risk, ``(row,)``.
    first
        Whether the first presence fell into the row, ``(row,)``.
    weight
        Weight of each country's record, ``(country,)``: of its first if it had one, else the mean of those.
    covariates
        Values at the start of the year, ``(row, covariate)``.
    """

    family: str
    last_year: int
    countries: tuple[str, ...]
    country: NDArray[np.int64]
    year: NDArray[np.int64]
    exposure: Floats
    first: NDArray[np.bool_]
    weight: Floats
    covariates: Floats


@dataclass(frozen=True)
class CountryFacts:
    """What was known of countries by the as-of date."""

    known: ReferenceClass

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the countries at risk."""
        return tuple(c.country for c in self.known.countries)

    @cached_property
    def muslim_share(self) -> Floats:
        """Muslim share of the population, ``(country,)``."""
        return np.array([c.muslim_share for c in self.known.countries])

    @cached_property
    def borders(self) -> Floats:
        """One where two countries have a common border, ``(country, country)``."""
        place = {code: i for i, code in enumerate(self.codes)}
        found = np.zeros((len(place), len(place)))
        for pair in self.known.neighbours:
            one, other = place[pair.country], place[pair.neighbour]
            found[one, other] = found[other, one] = 1.0
        return found

    def at(self, day: dt.date, family: str, names: Sequence[str] = COVARIATES) -> Floats:
        """Some covariates as known on a day, ``(country, covariate)``, in the order of `names`."""
        people = self._values("population_thousands", day.year - LAG)
        found = {
            "log Muslim population": np.log(1000 * people * np.maximum(self.muslim_share, LEAST_SHARE)),
            "neighbours": np.log1p(self.borders @ self.present(day, family)),
            "another organisation": self.another(day, family),
            "instability": self._values("instability", day.year - LAG),
        }
        return np.column_stack([found[name] for name in names])

    def another(self, day: dt.date, family: str) -> Floats:
        """One where an organisation of another family was public and not yet ended, ``(country,)``."""
        records = (a for a in self.known.affiliates if a.scale == "org")
        there = {a.country for a in records if _there(a, day, OTHERS[family])}
        return np.array([float(code in there) for code in self.codes])

    def present(self, day: dt.date, family: str) -> Floats:
        """One where a presence was public and not yet ended, ``(country,)``."""
        there = {a.country for a in self.standing(day, family)}
        return np.array([float(code in there) for code in self.codes])

    def standing(self, day: dt.date, family: str) -> list[Affiliate]:
        """Presences that were public and not yet ended."""
        return [a for a in self.known.affiliates if _there(a, day, RISKS[family])]

    def firsts(self, family: str) -> dict[str, tuple[dt.date, bool]]:
        """Day of the first presence of each country that had one, and whether it was read at its source."""
        found = first_presences(self.known.affiliates, RISKS[family])
        return {a.country: (max(a.published.last_day, a.began.last_day), a.verified) for a in found}

    def _values(self, column: str, year: int) -> Floats:
        """Values of a year or the nearest earlier one, else the first known, else the mean, ``(country,)``."""
        table = self._filled[column]
        return table[:, min(max(year - FIRST_VALUE, 0), table.shape[1] - 1)]

    @cached_property
    def _filled(self) -> dict[str, Floats]:
        """Each indicator by country and year from `FIRST_VALUE`, gaps filled, ``(country, year)``."""
        place = {code: i for i, code in enumerate(self.codes)}
        years = max((y.year for y in self.known.country_years), default=FIRST_VALUE) - FIRST_VALUE + 1
        found = {}
        for column in ("population_thousands", "instability"):
            table = np.full((len(place), years), np.nan)
            for row in self.known.country_years:
                value = getattr(row, column)
                if value is not None and row.year >= FIRST_VALUE:
                    table[place[row.country], row.year - FIRST_VALUE] = value
            frame = pd.DataFrame(table).ffill(axis=1).bfill(axis=1)
            found[column] = frame.fillna(frame.mean()).to_numpy()
        return found


def risk_set(
    known: ReferenceClass,
    family: str,
    recalled_weight: float = RECALLED_WEIGHT,
    covariates: Sequence[str] = COVARIATES,
) -> RiskSet:
    """Country-years at risk of a first presence of a family, from `FIRST_YEAR` to the as-of date."""
    facts = CountryFacts(known)
    firsts = facts.firsts(family)
    days = [firsts[code][0] if code in firsts else dt.date.max for code in facts.codes]
    rows: list[tuple[int, int, float, bool]] = []
    found = []
    for year in range(FIRST_YEAR, known.as_of.year + 1):
        end = min(dt.date(year + 1, 1, 1), known.as_of)
        starts = _starts(facts, family, year, end) if "neighbours" in covariates else [dt.date(year, 1, 1)]
        values = [facts.at(start, family, covariates) for start in starts]
        for i, day in enumerate(days):
            begins = [k for k in range(len(starts)) if k == 0 or (values[k][i] != values[k - 1][i]).any()]
            for k, after in zip(begins, [*begins[1:], len(starts)], strict=True):
                start, stop = starts[k], starts[after] if after < len(starts) else end
                if day >= start and stop > start:
                    happened = day.year == year and (day < stop or stop == end)
                    rows.append((i, year, max((min(day, stop) - start).days / DAYS_A_YEAR, SHORTEST), happened))
                    found.append(values[k][i])
    own = {code: 1.0 if read else recalled_weight for code, (_, read) in firsts.items()}
    mean = float(np.mean(list(own.values()))) if own else recalled_weight
    country, years, exposure, first = (np.array(column) for column in zip(*rows, strict=True))
    weight = np.array([own.get(code, mean) for code in facts.codes])
    return RiskSet(family, known.as_of.year, facts.codes, country, years, exposure, first, weight, np.array(found))


def _starts(facts: CountryFacts, family: str, year: int, end: dt.date) -> list[dt.date]:
    """First of January of a year, and the first of each month after one in which a presence of the family was public.

    A presence ends with a calendar year.
    """
    public = (max(a.published.last_day, a.began.last_day) for a in facts.known.affiliates if a.family in RISKS[family])
    months = {day.month + 1 for day in public if day.year == year and day.month < 12}
    return [dt.date(year, 1, 1), *(day for m in sorted(months) if (day := dt.date(year, m, 1)) < end)]


def _there(record: Affiliate, day: dt.date, families: tuple[str, ...]) -> bool:
    """Whether a record of some families, not a label, was public before a day and had not ended in an earlier year."""
    public = max(record.published.last_day, record.began.last_day) < day
    lasts = record.active_to is None or record.active_to >= day.year
    return record.family in families and record.scale != "label" and public and lasts
