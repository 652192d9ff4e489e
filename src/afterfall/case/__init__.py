"""Cases: folders of plain files in, checked and dated facts out. This package knows facts, not rates."""

from afterfall.case.case import Case, CaseTables
from afterfall.case.cut import cut
from afterfall.case.dates import PartialDate, as_day, months_between
from afterfall.case.hashing import case_hash
from afterfall.case.header_records import CountryGroup, Evaluation, Header, Hindsight, Theatre
from afterfall.case.kept import BeyondDataError, BeyondDataWarning, allow_beyond_data
from afterfall.case.open import bundled_cases, open_case, open_whole_case
from afterfall.case.place_names import UnknownPlace, find_place, with_article
from afterfall.case.problems import CaseError, CaseWarning, Problem, UnknownCaseError
from afterfall.case.read import read_case
from afterfall.case.records import (
    WORLD,
    Campaign,
    Covariate,
    CustodyChange,
    Figure,
    Holding,
    HoldingEvent,
    Indicator,
    Neighbour,
    Organisation,
    Place,
    PolicyRecord,
    Prior,
    Region,
    Source,
    Where,
)

__all__ = [
    "WORLD",
    "BeyondDataError",
    "BeyondDataWarning",
    "Campaign",
    "Case",
    "CaseError",
    "CaseTables",
    "CaseWarning",
    "CountryGroup",
    "Covariate",
    "CustodyChange",
    "Evaluation",
    "Figure",
    "Header",
    "Hindsight",
    "Holding",
    "HoldingEvent",
    "Indicator",
    "Neighbour",
    "Organisation",
    "PartialDate",
    "Place",
    "PolicyRecord",
    "Prior",
    "Problem",
    "Region",
    "Source",
    "Theatre",
    "UnknownCaseError",
    "UnknownPlace",
    "Where",
    "allow_beyond_data",
    "as_day",
    "bundled_cases",
    "case_hash",
    "cut",
    "find_place",
    "months_between",
    "open_case",
    "open_whole_case",
    "read_case",
    "with_article",
]
