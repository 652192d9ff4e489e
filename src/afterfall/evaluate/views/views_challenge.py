"""Violence by place against the published benchmarks and entries of the VIEWS prediction challenge, year by year.

Every forecast of year Y uses months up to October of Y - 1, as in the challenge, and covers the twelve months of Y. The
forecasts:

    afterfall        the fit of `afterfall.conflict`: own past and neighbours, fitted to months up to October
    conflictology    the benchmark's own draws: the country's last twelve months, each equally likely
    own history      an equal mixture of the country's last 12, 24 and 60 months (`afterfall.conflict.own_history`)
    last value       a Poisson count around the value of October
    zero             no deaths anywhere
    entries          draws that teams handed in to the challenge, of every entry that the folder of tables has

Own history is ours, not the challenge's. It has the same past as conflictology with a longer memory and no regression,
so the skill against it is what the regression and the neighbours add.

The scorer is first checked on what the challenge published: the scores of conflictology and zero over all countries
must be reproduced exactly. Skill is against conflictology and against own history, with an interval from resampling
countries. The order of the forecasts is fixed. An entry is compared with ours over the years that it has.

Assumptions: like the challenge, scores use the actuals of a later vintage as the past, whereas a forecaster in October
would have had first releases for the last months. Organisations of a case play no part: nothing of a run is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from afterfall.case import Case
from afterfall.case.dates import month_number
from afterfall.case.place_names import ISO_CODE
from afterfall.case.records import COUNTRY_KINDS
from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.conflict.estimation import Estimate, estimate
from afterfall.conflict.own_history import own_history
from afterfall.conflict.views_scores import DRAWS, views_scores
from afterfall.engine.program import Floats
from afterfall.engine.quantiles import poisson_quantile
from afterfall.evaluate.core.bootstrap import Skill, skill
from afterfall.importers.views_tables import MONTHS, Window, read_window
from afterfall.shown import Shown

OURS, CONFLICTOLOGY, OWN, LAST, ZERO = "afterfall", "conflictology", "own history", "last value", "zero"
FORECASTS = (OURS, CONFLICTOLOGY, OWN, LAST, ZERO)
YEARS = tuple(range(2018, 2024))
#: Published scores of forecasts without random draws, by our name for the forecast.
EXACT = {CONFLICTOLOGY: "bm_conflictology", ZERO: "bm_zero"}
#: Leads of January to December from the end of October.
LEADS = range(3, 3 + MONTHS)
#: Largest relative difference at which a published score counts as reproduced.
CLOSE = 1e-9

Done = Callable[[int], None]


@dataclass(frozen=True, eq=False)
class Year:
    """Scores of one year.

    Attributes
    ----------
    year
        The year.
    countries
        ISO codes in the order of the scores.
    scores
        By forecast, ``(rule, country, month)``.
    entries
        The same by name of the entry, of those that have the year.
    ours
        Our draws, ``(country, month, draw)``.
    official, reproduced
        By forecast in `EXACT`: the published mean scores and our scores of the same draws, each ``(rule,)``.
    weight
        Weight of the last twelve months in our mixture.
    """

    year: int
    countries: tuple[str, ...]
    scores: dict[str, Floats]
    entries: dict[str, Floats]
    ours: Floats
    official: dict[str, Floats]
    reproduced: dict[str, Floats]
    weight: float


@dataclass(frozen=True, eq=False)
class ViewsComparison(Shown):
    """The comparison: scores by year, and the countries that are in the model."""

    case: str
    years: tuple[Year, ...]
    modelled: frozenset[str]

    @property
    def entries(self) -> tuple[str, ...]:
        """Names of the entries, each with at least one year."""
        return tuple(sorted({name for year in self.years for name in year.entries}))

    def entered(self, entry: str) -> tuple[Year, ...]:
        """The years that an entry has."""
        return tuple(year for year in self.years if entry in year.entries)

    def mean(self, forecast: str, year: Year | None = None, *, everyone: bool = False) -> Floats:
        """Mean scores ``(rule,)`` of a forecast, of one year or all, over modelled countries or `everyone`."""
        some = [year] if year is not None else list(self.years)
        return self._mean([(y, y.scores[forecast]) for y in some], everyone)

    def entry_means(self, entry: str, *, everyone: bool = False) -> tuple[Floats, Floats]:
        """Mean scores ``(rule,)`` of an entry and of ours over the years that the entry has."""
        some = self.entered(entry)
        theirs = self._mean([(y, y.entries[entry]) for y in some], everyone)
        return theirs, self._mean([(y, y.scores[OURS]) for y in some], everyone)

    def skill(
        self,
        rule: int,
        year: Year | None = None,
        *,
        against: str = CONFLICTOLOGY,
        everyone: bool = False,
        seed: int = 1,
    ) -> Skill:
        """Our skill against a forecast under one rule, with an interval from resampling countries."""
        some = [year] if year is not None else list(self.years)
        label = f"field/{rule}/{year.year if year else 'all'}/{everyone}"
        return self._skill(rule, [(y, y.scores[against]) for y in some], everyone, label, seed)

    def entry_skill(self, rule: int, entry: str, *, everyone: bool = False, seed: int = 1) -> Skill:
        """Our skill against an entry under one rule over the years that it has, with an interval."""
        pairs = [(y, y.entries[entry]) for y in self.entered(entry)]
        return self._skill(rule, pairs, everyone, f"field/{rule}/all/{everyone}", seed)

    @property
    def trusted(self) -> bool:
        """Whether the published scores were reproduced."""
        return all(
            np.allclose(y.official[name], y.reproduced[name], rtol=CLOSE, atol=0.0)
            for y in self.years
            for name in EXACT
        )

    def _mean(self, pairs: Sequence[tuple[Year, Floats]], everyone: bool) -> Floats:
        means = [scores[:, self._rows(year, everyone)].mean(axis=(1, 2)) for year, scores in pairs]
        return np.asarray(np.mean(means, axis=0))

    def _skill(self, rule: int, pairs: Sequence[tuple[Year, Floats]], everyone: bool, label: str, seed: int) -> Skill:
        ours, theirs, names = [], [], []
        for year, scores in pairs:
            rows = self._rows(year, everyone)
            ours.append(year.scores[OURS][rule][rows].mean(axis=1))
            theirs.append(scores[rule][rows].mean(axis=1))
            names += [year.countries[i] for i in rows]
        return skill(np.concatenate(ours), np.concatenate(theirs), names, name=label, seed=seed)

    @property
    def not_in_views(self) -> tuple[str, ...]:
        """Countries of the case that no year of the VIEWS data has: no score counts them."""
        return tuple(sorted(code for code in self.modelled - self._compared if ISO_CODE.fullmatch(code)))

    @property
    def not_in_case(self) -> tuple[str, ...]:
        """Countries of the VIEWS data that the case does not have: scores over all countries alone count them."""
        return tuple(sorted(self._compared - self.modelled))

    @property
    def _compared(self) -> frozenset[str]:
        return frozenset(code for year in self.years for code in year.countries)

    def _rows(self, year: Year, everyone: bool) -> list[int]:
        return [i for i, code in enumerate(year.countries) if everyone or code in self.modelled]


def countries_of(case: Case) -> frozenset[str]:
    """Codes of the countries of a case: theatre, origins, hosts and third countries."""
    return frozenset(p.place for p in case.places if p.kind in COUNTRY_KINDS)


def compare_with_views(
    folder: Path, record: ConflictRecord, case: Case, *, years: Iterable[int] = YEARS, done: Done = lambda year: None
) -> ViewsComparison:
    """Score every forecast on the given years.

    Parameters
    ----------
    folder
        Folder of the tables of the VIEWS challenge (see `afterfall.importers.views_tables`).
    record
        The whole record; each year is forecast from its part up to October of the year before.
    case
        The case whose countries are compared.
    years
        Years to score.
    done
        Called with each year after it has been scored.

    Raises
    ------
    ValueError
        If a table cannot be read, or the published scores of a year are missing.
    """
    found = []
    for window in [read_window(folder, year) for year in years]:
        found.append(_score(window, record))
        done(window.year)
    return ViewsComparison(case.id, tuple(found), countries_of(case))


def _score(window: Window, record: ConflictRecord) -> Year:
    missing = [name for name in EXACT.values() if name not in window.official]
    if missing:
        found = ", ".join(sorted(window.official))
        raise ValueError(f"the published scores of {window.year} lack {', '.join(missing)}; found {found}")
    estimated = estimate(record.until(month_number(f"{window.year - 1}-10")), LEADS)
    code = dict(zip(record.views_ids, record.countries, strict=True))
    unknown = [c for c in window.countries if c not in code]
    if unknown:
        raise ValueError(f"countries of VIEWS that the record does not have: {unknown}")
    rows = [record.position[code[c]] for c in window.countries]
    forecasts = _forecasts(estimated, window, rows)
    scores = {name: views_scores(draws, window.outcome) for name, draws in forecasts.items()}
    return Year(
        year=window.year,
        countries=tuple(code[c] for c in window.countries),
        scores=scores,
        entries={name: views_scores(draws, window.outcome) for name, draws in window.entries.items()},
        ours=forecasts[OURS],
        official={name: window.official[theirs] for name, theirs in EXACT.items()},
        reproduced={name: scores[name].mean(axis=(1, 2)) for name in EXACT},
        weight=estimated.ensemble.weight(LEADS[0]),
    )


def _forecasts(estimated: Estimate, window: Window, rows: Sequence[int]) -> dict[str, Floats]:
    """Draws of every forecast, ``(country, month, draw)``."""
    last = np.nan_to_num(estimated.record.deaths[rows, -1])
    even = (np.arange(DRAWS) + 0.5) / DRAWS
    around = np.array([[float(poisson_quantile(u, m)) for u in even] for m in last])
    shape = (len(rows), MONTHS, DRAWS)
    return {
        OURS: estimated.draws(DRAWS)[rows],
        CONFLICTOLOGY: window.conflictology,
        OWN: np.broadcast_to(own_history(estimated.record, DRAWS)[rows][:, None, :], shape),
        LAST: np.broadcast_to(around[:, None, :], shape),
        ZERO: np.zeros(shape),
    }
