"""Names that a cell may hold besides its column's words: definitions of figures, and covariates with their ranges."""

from __future__ import annotations

from dataclasses import dataclass

#: What a figure counts, where it is not everyone; a case may declare others in case.toml, section [definitions].
DEFINITIONS = (
    "abroad",
    "affiliates",
    "all_foreign_opposition",
    "all_groups",
    "all_nationalities",
    "all_theatres",
    "before_allegiance",
    "by_returnees",
    "camps_and_prisons",
    "camps_without_iraqis",
    "claimed_all_members",
    "completed",
    "completed_failed_foiled",
    "controlled",
    "core",
    "core_only",
    "deported_by_turkey",
    "fighters",
    "first_attack",
    "foiled",
    "foreign_with_iraqis",
    "imprisoned",
    "in_lby",
    "in_mli",
    "in_yem",
    "involved",
    "iraq",
    "iraqis_from_camps",
    "jihadist",
    "killed_or_missing",
    "linked_to_core",
    "members",
    "north_east_syria",
    "populated",
    "returned_or_left",
    "since_2014",
    "since_2015",
    "single_attack",
    "suicide_bombings",
    "third_country_nationals",
    "trained",
    "tried_in_iraq",
    "with_families",
    "with_prevented",
    "with_rebels",
    "women_and_children",
)


@dataclass(frozen=True, slots=True)
class CovariateRange:
    """A covariate that the model reads: its unit, the range of its values, and whether it is of a pair of places."""

    unit: str
    at_least: float
    at_most: float
    of_pair: bool = False


#: Half the circumference of the Earth, in kilometres, rounded up.
FARTHEST_KM = 20_040.0
#: Covariates by name; one of a pair of places is written ``name:PLACE``.
COVARIATES = {
    "borders": CovariateRange("0/1", 0.0, 1.0, of_pair=True),
    "borders_theatre": CovariateRange("0/1", 0.0, 1.0),
    "coalition": CovariateRange("0/1", 0.0, 1.0),
    "distance_km": CovariateRange("km", 0.0, FARTHEST_KM, of_pair=True),
    "distance_theatre_km": CovariateRange("km", 0.0, FARTHEST_KM),
    "instability": CovariateRange("standard deviations", -5.0, 5.0),
    "irregular_crossings": CovariateRange("crossings a year", 0.0, 1e8),
    "language": CovariateRange("0/1", 0.0, 1.0, of_pair=True),
    "log_gdp_per_capita": CovariateRange("log US dollars", 3.0, 14.0),
}
