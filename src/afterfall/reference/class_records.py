"""Records of the reference class, one type a table, and what the cells of each table may contain.

Dates are as sources give them (`PartialDate`) and count as their last day. ``verified`` says whether the key fact of a
row was read at its source; a row that was recalled weighs less (`event_rate.RECALLED_WEIGHT`).
"""

from __future__ import annotations

from dataclasses import dataclass

from afterfall.case.dates import PartialDate
from afterfall.case.schema import Column

FAMILIES = ("ISIS", "AQ", "AQ-linked", "other")
SCALES = ("org", "cell", "label")
ALIGNMENTS = (
    *("split", "merger", "absorption", "alliance", "allegiance_to", "allegiance_from", "dissolution"),
    "new_founding",
)
CUSTODY = ("prison break", "custodial collapse", "mass release", "amnesty", "prisoner swap", "handover")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What every dated row has: when the fact was public, where it is from, and how far it is trusted."""

    published: PartialDate
    source: str
    source_url: str
    grade: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliate(Cited):
    """An affiliate, pledge or founding in a country. `active_to` is a year; None where no end was known."""

    country: str
    organisation: str
    family: str
    scale: str
    kind: str
    began: PartialDate
    recognised: PartialDate | None
    insurgency_before: bool
    active_from: int
    active_to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCountry:
    """A country at risk; `basis` says whether its Muslim share is a figure, read from words, or a floor."""

    country: str
    muslim_share: float
    basis: str
    refers_to: PartialDate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryYear:
    """Population in thousands, and instability (minus the World Bank's political stability, standard deviations)."""

    country: str
    year: int
    population_thousands: float | None
    instability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderPair:
    """Two countries with a common land border."""

    country: str
    neighbour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarYear:
    """A year in which a government fought a family at home with 25 or more deaths (UCDP, state-based)."""

    country: str
    family: str
    year: int
    deaths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLost(Cited):
    """One loss of one place: `retaken` if it was held again for 24 hours, `lost_again` if that ended."""

    case: str
    place: str
    kind: str
    country: str
    organisation: str
    lost: PartialDate
    retaken: PartialDate | None
    how: str
    lost_again: PartialDate | None
    observed_to: PartialDate
    fixed_list: bool
    strength_of_peak: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment(Cited):
    """A merger, split, alliance, pledge or dissolution; `at_risk` are its parties whose years are counted."""

    date: PartialDate
    kind: str
    theatre: str
    organisations: str
    result: str
    losing: str
    rivals_fighting: bool
    islamist: bool
    at_risk: str

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of the parties whose years at risk are counted."""
        return tuple(part for part in self.at_risk.split("; ") if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSpan:
    """An organisation at risk, from start to end, and its spans of losing ground (``start/end;...``)."""

    organisation: str
    theatre: str
    start: PartialDate
    end: PartialDate
    losing_spans: str
    verified: bool

    @property
    def losing(self) -> tuple[tuple[PartialDate, PartialDate], ...]:
        """Spans in which it was losing ground."""
        spans = (span.split("/") for span in self.losing_spans.split(";") if span)
        return tuple((PartialDate(one), PartialDate(other)) for one, other in spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalPair:
    """Two enemies: whether it was a war, which was twice as strong (a, b, neither), whether one took in the other."""

    side_a: str
    side_b: str
    theatre: str
    war_start: PartialDate
    war_end: PartialDate
    merged: str
    war: bool
    stronger: str
    grade: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEvent(Cited):
    """A prison break, collapse of custody, release, amnesty or swap; people who got out, and the share retaken."""

    date: PartialDate
    country: str
    place: str
    kind: str
    cause: str
    held: float | None
    out_low: float | None
    out_high: float | None
    retaken_share: float | None

    @property
    def people_out(self) -> float | None:
        """Middle of the range of people who got out; None where neither end is known."""
        ends = [x for x in (self.out_low, self.out_high) if x is not None]
        return sum(ends) / len(ends) if ends else None


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text") for name in names)


def _maybe(kind: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind, required=False) for name in names)  # type: ignore[arg-type]


_CITED = (
    *(Column("published", "date"), Column("source", "text"), Column("source_url", "text", required=False)),
    *(Column("grade", "grade"), Column("verified", "yes_no")),
)
_COUNTRY = Column("country", "text")

#: Type and columns of each table, by the name of its file.
FORMAT: dict[str, tuple[type, tuple[Column, ...]]] = {
    "affiliates": (
        Affiliate,
        (
            *(_COUNTRY, Column("organisation"), Column("family", "word", words=FAMILIES)),
            *(Column("scale", "word", words=SCALES), Column("kind"), Column("began", "date")),
            *(*_maybe("date", "recognised"), Column("insurgency_before", "yes_no"), Column("active_from", "integer")),
            *(*_maybe("integer", "active_to"), *_CITED),
        ),
    ),
    "countries": (
        ListedCountry,
        (
            _COUNTRY,
            Column("muslim_share", "number", at_least=0, at_most=1),
            Column("basis"),
            *_maybe("date", "refers_to"),
        ),
    ),
    "country_years": (
        CountryYear,
        (_COUNTRY, Column("year", "integer"), *_maybe("number", "population_thousands", "instability")),
    ),
    "neighbours": (BorderPair, _texts("country", "neighbour")),
    "wars": (
        WarYear,
        (_COUNTRY, Column("family", "word", words=FAMILIES), Column("year", "integer"), Column("deaths", "integer")),
    ),
    "places": (
        PlaceLost,
        (
            *_texts("case", "place", "kind", "country", "organisation"),
            *(
                Column("lost", "date"),
                *_maybe("date", "retaken"),
                *_maybe("text", "how"),
                *_maybe("date", "lost_again"),
            ),
            *(Column("observed_to", "date"), Column("fixed_list", "yes_no"), *_maybe("number", "strength_of_peak")),
            *_CITED,
        ),
    ),
    "alignments": (
        Alignment,
        (
            *(Column("date", "date"), Column("kind", "word", words=ALIGNMENTS), *_texts("theatre", "organisations")),
            *(*_maybe("text", "result"), Column("losing", "word", words=("yes", "no", "none held"))),
            *(Column("rivals_fighting", "yes_no"), Column("islamist", "yes_no"), *_maybe("text", "at_risk"), *_CITED),
        ),
    ),
    "organisations": (
        OrganisationSpan,
        (
            *_texts("organisation", "theatre"),
            *(Column("start", "date"), Column("end", "date"), *_maybe("text", "losing_spans")),
            Column("verified", "yes_no"),
        ),
    ),
    "rivals": (
        RivalPair,
        (
            *_texts("side_a", "side_b", "theatre"),
            *(Column("war_start", "date"), Column("war_end", "date"), Column("merged"), Column("war", "yes_no")),
            *(Column("stronger", "word", words=("a", "b", "neither")), Column("grade", "grade")),
            Column("verified", "yes_no"),
        ),
    ),
    "custody": (
        CustodyEvent,
        (
            *(Column("date", "date"), *_texts("country", "place"), Column("kind", "word", words=CUSTODY)),
            *(*_maybe("text", "cause"), *_maybe("number", "held", "out_low", "out_high")),
            *(Column("retaken_share", "number", required=False, at_least=0, at_most=1), *_CITED),
        ),
    ),
}
