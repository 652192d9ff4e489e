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
    "non_state",
    "north_east_syria",
    "one_sided",
    "political_violence",
    "populated",
    "returned_or_left",
    "since_2014",
    "since_2015",
    "single_attack",
    "state_based",
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
    """A covariate: its unit, the range of its values, and whether it is of a pair of places."""

    unit: str
    at_least: float
    at_most: float
    of_pair: bool = False


#: Half the circumference of the Earth, in kilometres, rounded up.
FARTHEST_KM = 20_040.0
#: No count of people is larger.
MOST_PERSONS = 2e9
#: Counts of people who fled, were displaced, applied for asylum or came back: kept for the reader, read by no rate.
MOVEMENTS = {
    "asylum_applications": CovariateRange("persons", 0.0, MOST_PERSONS, of_pair=True),
    "asylum_seekers": CovariateRange("persons", 0.0, MOST_PERSONS, of_pair=True),
    "crossings_by": CovariateRange("crossings a year", 0.0, 1e8, of_pair=True),
    "displaced": CovariateRange("persons", 0.0, MOST_PERSONS),
    "displaced_returns": CovariateRange("persons", 0.0, MOST_PERSONS),
    "naturalised_refugees": CovariateRange("persons", 0.0, MOST_PERSONS, of_pair=True),
    "refugee_returns": CovariateRange("persons", 0.0, MOST_PERSONS, of_pair=True),
    "refugees": CovariateRange("persons", 0.0, MOST_PERSONS, of_pair=True),
    "resettled_refugees": CovariateRange("persons", 0.0, MOST_PERSONS, of_pair=True),
}
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
    **MOVEMENTS,
}
