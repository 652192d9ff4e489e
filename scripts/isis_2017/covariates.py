"""What `isis-2017` sets for its covariates: theatre, vintages, coalition, and crossings of Europe's outer border."""

from __future__ import annotations

from afterfall.importers.case_tables import Row
from afterfall.importers.covariates import Coalition, CovariateSettings, covariate_row
from isis_2017.tables import selection

THEATRE = ("IRQ", "SYR")
#: 2013 and 2015, published at the end of the following year, so that early as-of dates use the early vintage.
VINTAGES = (("2013", "2014-12"), ("2015", "2016-12"))


def settings() -> CovariateSettings:
    """Settings of `isis-2017`."""
    members = frozenset(row["place"] for row in selection("coalition"))
    return CovariateSettings(THEATRE, VINTAGES, Coalition(members, "2015", "2015-12", "global-coalition"))


def crossings() -> list[Row]:
    """Irregular crossings of Europe's outer border by year, in the aggregate, each with its own date."""
    return [
        covariate_row(
            "XEU", "irregular_crossings", float(r["value"]), "crossings a year", r["year"], r["published"], r["source"]
        )
        for r in selection("crossings")
    ]
