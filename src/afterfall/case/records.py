"""The records of a case: one frozen type for each file, with fields named like the columns.

They are plain dataclasses, checked by the reader against `schema`: importing them must be cheap. A record is a fact
with its source, or a link between facts. Empty text is ``""``; an empty number or date is None. Every record keeps the
row that it came from (`where`), which is ignored in comparisons: two records with the same content are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from afterfall.case.dates import PartialDate

PlaceKind = Literal["theatre", "origin", "host", "third", "elsewhere", "world", "aggregate", "remainder", "custodian"]
#: Kinds of places that are countries.
COUNTRY_KINDS: tuple[PlaceKind, ...] = ("theatre", "origin", "host", "third")
#: Whom a custodian is made for: fighters (prisons), families (camps), or everyone.
Holds = Literal["", "fighters", "families", "everyone"]
#: Whom a policy on people held abroad is about: men, women and children, children, or (empty) everyone.
Whom = Literal["", "men", "families", "minors"]
OrganisationKind = Literal["core", "rival", "offshoot"]
#: What an organisation may turn into: the government of a country, or a part of its army.
Became = Literal["", "government", "army"]
HoldingKind = Literal["town", "province", "corridor", "remainder"]
HoldingEventKind = Literal["captured", "lost"]
#: A custodian hands over its people, people are moved or break out, are let go, or a place of custody closes.
CustodyEventKind = Literal["handover", "transfer", "break", "release", "closure"]
#: Where people of a custody event go who are held by nobody: home, at large in the theatre, or nobody knows.
NOT_HELD = ("home", "at_large", "unrecorded")
#: Word for people of all nationalities but those of the theatre, in a custody event.
FOREIGN = "foreign"
Direction = Literal["up", "down", "either"]
FigureRole = Literal["", "fighter", "adult", "woman", "man", "minor"]
Bound = Literal["", "at_least", "at_most"]
Basis = Literal["cumulative", "stock", "operation", "year", "month", "share"]
Distribution = Literal["normal", "lognormal", "logitnormal", "fixed"]

#: Code of the whole world as a place.
WORLD = "WLD"
#: Definitions that count people who travelled, or what became of them.
PEOPLE_DEFINITIONS = ("", "fighters", "affiliates", "all_theatres")


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a record: file name, and row number in a spreadsheet (the header is row 1)."""

    file: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication that other records cite by its slug."""

    source: str
    title: str
    publisher: str
    published: PartialDate
    url: str = ""
    licence: str = ""
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A group of origins that share information where one of them has no figures."""

    region: str
    name: str
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in one of its roles: a country that is both an origin and a host has two records.

    A custodian says whom it `holds`, whose prisoners it holds (`captors`, words of who took a holding) and on whose
    `ground` its captors fight (codes of countries of the theatre); lists have semicolons between their parts.
    """

    place: str
    name: str
    kind: PlaceKind
    region: str = ""
    holds: Holds | None = ""
    captors: str | None = ""
    ground: str | None = ""
    published: PartialDate
    source: str
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariate:
    """A number that describes a place, or a pair of places when the covariate is named ``name:PLACE``."""

    place: str
    covariate: str
    value: float
    unit: str = ""
    refers_to: PartialDate
    published: PartialDate
    source: str
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A militant organisation: the core, a rival in the theatre, or an offshoot in a host place.

    For an organisation abroad that does not descend from the core, `ally` says whether it is an ally of the core. One
    that `became` the government of a country, or a part of its army, did so on the day `became_on`; it goes on.
    """

    organisation: str
    name: str
    kind: OrganisationKind
    place: str
    parent: str = ""
    ally: bool | None = None
    founded: PartialDate | None = None
    ended: PartialDate | None = None
    became: Became | None = ""
    became_on: PartialDate | None = None
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A town, province or corridor that an organisation held, or the remainder that no row lists.

    `population` is in persons, `lat` and `lon` in degrees.
    """

    holding: str
    name: str
    organisation: str
    country: str = ""
    kind: HoldingKind
    population: float | None = None
    population_year: int | None = None
    lat: float | None = None
    lon: float | None = None
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Two holdings near each other, `km` kilometres apart."""

    holding: str
    neighbour: str
    km: float
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingEvent:
    """A holding captured or lost on a date, and by whom."""

    holding: str
    event: HoldingEventKind
    date: PartialDate
    by: str = ""
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published number: its range, what it counts, its date and its source.

    `low`, `value` and `high` are in people unless the quantity has another unit (0 to 1 for shares, square kilometres
    for areas, incidents for attacks). `family` names a group of reports that repeat one count: figures of one family
    are not independent.
    """

    figure: str
    quantity: str
    place: str
    organisation: str = ""
    role: FigureRole = ""
    low: float
    value: float
    high: float
    bound: Bound = ""
    refers_to: PartialDate
    published: PartialDate
    basis: Basis
    definition: str = ""
    family: str = ""
    source: str
    grade: str
    verified: bool
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)

    @property
    def report_family(self) -> str:
        """The family of reports that the figure belongs to: its source, where the case names no family."""
        return self.family or self.source

    @property
    def counts_people(self) -> bool:
        """Whether its definition counts people who travelled, or what became of them."""
        return self.definition in PEOPLE_DEFINITIONS

    @property
    def counts_everyone(self) -> bool:
        """Whether it counts people of all roles together."""
        return not self.role and self.counts_people

    @property
    def is_running_total(self) -> bool:
        """Whether it counts everyone so far."""
        return self.counts_everyone and self.basis == "cumulative"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyChange:
    """People in custody who are handed over, moved, break out or are let go, or a place of custody that closes.

    `low`, `value` and `high` are in people, None where nobody has counted them. `people` says of which nationality they
    are: empty for all, ``foreign`` for all but nationals of the theatre, or codes of places with semicolons between
    them, of one or another of which they are.
    """

    event: str
    kind: CustodyEventKind
    date: PartialDate
    from_custodian: str
    to_custodian: str = ""
    site: str = ""
    people: str = ""
    role: FigureRole = ""
    low: float | None = None
    value: float | None = None
    high: float | None = None
    family: str = ""
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Something to watch for: what would be seen, which pathways it bears on, and what has been said of it.

    `signal` names what a run simulates of it (`QUANTITY:PLACE`, a holding or an event of an organisation).
    """

    indicator: str
    name: str
    watch: str
    pathway: str
    direction: Direction
    places: str = ""
    signal: str = ""
    judgement: str = ""
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """An announced operation against a holding: by whom, when it started or was announced, and when it ended.

    One operation may have several rows, one for each holding that it is to take. `end` is None while it is under way.
    """

    campaign: str
    holding: str
    by: str
    start: PartialDate
    end: PartialDate | None = None
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRecord:
    """A policy of a state concerning travellers or the theatre, whom it is about, and when it was in force."""

    policy: str
    name: str
    place: str
    kind: str
    whom: Whom | None = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A sourced prior of a parameter of the model: `low` and `high` are its 5th and 95th percentile."""

    parameter: str
    distribution: Distribution
    low: float
    high: float
    unit: str = ""
    refers_to: PartialDate | None = None
    published: PartialDate
    source: str
    grade: str
    note: str = ""
    where: Where | None = field(default=None, compare=False, repr=False)


Record = (
    Source
    | Region
    | Place
    | Covariate
    | Organisation
    | Holding
    | Neighbour
    | HoldingEvent
    | Campaign
    | Figure
    | PolicyRecord
    | Prior
    | CustodyChange
    | Indicator
)
