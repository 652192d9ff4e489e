"""How well the numbers of a country are measured: one of four words, and the sentence that says why.

==========  ==================================================================================================
measured    a count of all who travelled and a count of another kind, from two report families or more
partial     some counts, but not those
poor        one count, or none from a source graded A or B
none        no figure is read: the country's size rests on its region and on the world
==========  ==================================================================================================
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from afterfall.model import Model
from afterfall.model.observation.nowcast_data import USES
from afterfall.reference.country_years import LAG
from afterfall.reference.reference_class import LAST_DAY, open_reference_class
from afterfall.report.explain.why import used_figures

Flag = Literal["measured", "partial", "poor", "none"]
GOOD = "AB"


@dataclass(frozen=True, slots=True)
class DataQuality:
    """How well a country is measured, in a word and a sentence; and how many figures are read of it."""

    flag: Flag
    words: str
    figures: int


@cache
def inhabitants(as_of: dt.date) -> Mapping[str, float]:
    """Inhabitants of countries by code, of the latest year that was public by the as-of date.

    World Bank estimates, as the reference class has them; `LAG` years pass until a year is published.
    """
    known = open_reference_class(min(as_of, LAST_DAY))
    rows = sorted(known.country_years, key=lambda row: row.year)
    fit = [(row.country, row.population_thousands) for row in rows if row.year <= as_of.year - LAG]
    return {country: 1000.0 * thousands for country, thousands in fit if thousands is not None}


def flag_of(model: Model, origin: str) -> DataQuality:
    """How well an origin is measured."""
    figures = used_figures(model, origin)
    if not figures:
        return DataQuality("none", "No published figure is read: its size rests on its region and the world.", 0)
    families = {f.family for f in figures}
    total = any(f.use.startswith(USES["total"]) for f in figures)
    other = any(not f.use.startswith(USES["total"]) for f in figures)
    best = min(f.grade for f in figures)
    counts = f"{len(figures)} published {'figure' if len(figures) == 1 else 'figures'}"
    rest = f"{counts} read, of {len(families)} report {'family' if len(families) == 1 else 'families'}, best of {best}"
    if total and other and len(families) > 1 and best[:1] in GOOD:
        return DataQuality("measured", f"{rest}: a total and counts of other kinds.", len(figures))
    if len(figures) == 1 or best[:1] not in GOOD:
        return DataQuality("poor", f"{rest}.", len(figures))
    return DataQuality("partial", f"{rest}.", len(figures))
