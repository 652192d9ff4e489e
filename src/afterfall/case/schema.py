"""The format of a case as data: every file, its columns, what a cell may contain, and what it refers to.

The format is defined here only. The reader parses cells by it, the checks follow its references, and a test compares
the records and the page `docs/case-format.md` with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from afterfall.case import records
from afterfall.case.records import Record

Kind = Literal["text", "slug", "number", "integer", "date", "grade", "yes_no", "word", "names", "texts", "dates"]
Attribute = Literal[
    "sources",
    "regions",
    "places",
    "covariates",
    "organisations",
    "holdings",
    "neighbours",
    "holding_events",
    "campaigns",
    "figures",
    "policies",
    "priors",
    "custody_events",
    "indicators",
]

FORMAT = 1
HEADER_FILE = "case.toml"
#: Files for people, which the reader ignores.
COMPANIONS = frozenset({"README.md", "LICENCE", "LICENSE", "datapackage.json"})

QUANTITIES = (
    "travelled", "returned", "killed", "prosecuted", "repatriated", "in_theatre", "detained", "third_country",
    "prevented", "returned_share", "killed_share", "arrivals", "strength", "foreign_strength", "territory_area",
    "territory_share_lost", "controlled_population", "departures", "revoked", "camp_population",
    "detained_foreign", "attacks", "attack_deaths", "arrests", "transferred", "escaped", "released",
    "unrecorded", "conflict_deaths", "conflict_events",
)  # fmt: skip
#: Quantities that an indicator's signal may name with a place: moves and counts of people that a run simulates.
SIGNAL_QUANTITIES = (
    "repatriated", "escaped", "travelled", "returned", "killed_so_far", "in_theatre", "prosecuted",
)  # fmt: skip
#: No figure and no population is larger: more people than any country has.
MOST_PEOPLE = 2e9
#: Quantities given as shares, from 0 to 1.
SHARES = frozenset({"returned_share", "killed_share", "territory_share_lost"})
#: Quantities that are measured, not counted.
MEASURES = frozenset({"territory_area"})
POLICY_KINDS = (
    "border",
    "criminalisation",
    "management",
    "military",
    "military elsewhere",
    "passport",
    "programme",
    "prosecution",
    "repatriation",
    "repatriation_refused",
    "revocation",
    "revocation_repealed",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what its cells contain, and whether they may be empty.

    `words` are the valid values of a cell of kind ``word``. `refers` is the table whose names a cell must match;
    `besides` are further valid names. Numbers must lie between `at_least` and `at_most`. A file may lack a column that
    is `omissible` (added to the format after cases had been written); all its cells are then empty. Text of a column
    with `lines` may contain line breaks.
    """

    name: str
    kind: Kind = "text"
    required: bool = True
    words: tuple[str, ...] = ()
    refers: Attribute | None = None
    besides: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    omissible: bool = False
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file: the attribute of a case that it fills, its record type, its columns, and the columns of its key.

    A case may lack a file that is `optional` (added to the format after cases had been written): it has no such rows.
    """

    attribute: Attribute
    record: type[Record]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    file: str
    optional: bool = False

    @property
    def name_column(self) -> str:
        """Column whose cells other files refer to."""
        return self.key[0]

    @property
    def dated(self) -> bool:
        """Whether its rows have the date on which they became public."""
        return any(c.name == "published" for c in self.columns) and self.attribute != "sources"


def _words(literal: object) -> tuple[str, ...]:
    return tuple(word for word in get_args(literal) if word)


def _slug(
    name: str, refers: Attribute | None = None, *, required: bool = True, besides: tuple[str, ...] = ()
) -> Column:
    return Column(name, "slug", required, refers=refers, besides=besides)


def _text(name: str, *, required: bool = False) -> Column:
    return Column(name, required=required)


def _date(name: str, *, required: bool = True) -> Column:
    return Column(name, "date", required)


def _word(name: str, words: tuple[str, ...], *, required: bool = True) -> Column:
    return Column(name, "word", required, words=words)


def _number(name: str, *, required: bool = True, at_least: float | None = None, at_most: float | None = None) -> Column:
    return Column(name, "number", required, at_least=at_least, at_most=at_most)


def _table(
    attribute: Attribute, record: type[Record], key: str, *columns: Column, file: str = "", optional: bool = False
) -> Table:
    return Table(attribute, record, tuple(key.split()), columns, file or f"{attribute}.csv", optional)


PUBLISHED, CITED = _date("published"), _slug("source", "sources")
GRADE, NOTE = Column("grade", "grade"), Column("note", required=False, lines=True)
CITATION = (PUBLISHED, CITED, GRADE, NOTE)

TABLES: tuple[Table, ...] = (
    _table(
        "sources",
        records.Source,
        "source",
        _slug("source"),
        _text("title", required=True),
        _text("publisher", required=True),
        PUBLISHED,
        _text("url"),
        _text("licence"),
        NOTE,
    ),
    _table("regions", records.Region, "region", _slug("region"), _text("name", required=True)),
    _table(
        "places",
        records.Place,
        "place kind",
        _slug("place"),
        _text("name", required=True),
        _word("kind", _words(records.PlaceKind)),
        _slug("region", "regions", required=False),
        Column("holds", "word", required=False, words=_words(records.Holds), omissible=True),
        Column("captors", required=False, omissible=True),
        Column("ground", required=False, omissible=True),
        PUBLISHED,
        CITED,
    ),
    _table(
        "covariates",
        records.Covariate,
        "place covariate refers_to published",
        _slug("place", "places"),
        _text("covariate", required=True),
        _number("value"),
        _text("unit"),
        _date("refers_to"),
        PUBLISHED,
        CITED,
    ),
    _table(
        "organisations",
        records.Organisation,
        "organisation",
        _slug("organisation"),
        _text("name", required=True),
        _word("kind", _words(records.OrganisationKind)),
        _slug("place", "places", besides=("theatre",)),
        _slug("parent", "organisations", required=False),
        Column("ally", "yes_no", required=False, omissible=True),
        _date("founded", required=False),
        _date("ended", required=False),
        Column("became", "word", required=False, words=_words(records.Became), omissible=True),
        Column("became_on", "date", required=False, omissible=True),
        *CITATION,
    ),
    _table(
        "holdings",
        records.Holding,
        "holding",
        _slug("holding"),
        _text("name", required=True),
        _slug("organisation", "organisations"),
        _slug("country", "places", required=False),
        _word("kind", _words(records.HoldingKind)),
        _number("population", required=False, at_least=1, at_most=MOST_PEOPLE),
        Column("population_year", "integer", required=False, at_least=1900, at_most=2100),
        _number("lat", required=False, at_least=-90, at_most=90),
        _number("lon", required=False, at_least=-180, at_most=180),
        *CITATION,
    ),
    _table(
        "neighbours",
        records.Neighbour,
        "holding neighbour",
        _slug("holding", "holdings"),
        _slug("neighbour", "holdings"),
        _number("km", at_least=0),
        file="holding_neighbours.csv",
    ),
    _table(
        "holding_events",
        records.HoldingEvent,
        "holding event date",
        _slug("holding", "holdings"),
        _word("event", _words(records.HoldingEventKind)),
        _date("date"),
        _text("by"),
        *CITATION,
    ),
    _table(
        "campaigns",
        records.Campaign,
        "campaign holding",
        _slug("campaign"),
        _slug("holding", "holdings"),
        _text("by", required=True),
        _date("start"),
        _date("end", required=False),
        *CITATION,
        optional=True,
    ),
    _table(
        "figures",
        records.Figure,
        "figure",
        _slug("figure"),
        _word("quantity", QUANTITIES),
        _slug("place", "places"),
        _slug("organisation", "organisations", required=False),
        _word("role", _words(records.FigureRole), required=False),
        _number("low", at_least=0, at_most=MOST_PEOPLE),
        _number("value", at_least=0, at_most=MOST_PEOPLE),
        _number("high", at_least=0, at_most=MOST_PEOPLE),
        _word("bound", _words(records.Bound), required=False),
        _date("refers_to"),
        PUBLISHED,
        _word("basis", _words(records.Basis)),
        _text("definition"),
        _text("family"),
        CITED,
        GRADE,
        Column("verified", "yes_no"),
        NOTE,
    ),
    _table(
        "policies",
        records.PolicyRecord,
        "policy",
        _slug("policy"),
        _text("name", required=True),
        _slug("place", "places"),
        _word("kind", POLICY_KINDS),
        Column("whom", "word", required=False, words=_words(records.Whom), omissible=True),
        _date("start", required=False),
        _date("end", required=False),
        *CITATION,
    ),
    _table(
        "priors",
        records.Prior,
        "parameter published",
        _text("parameter", required=True),
        _word("distribution", _words(records.Distribution)),
        _number("low"),
        _number("high"),
        _text("unit"),
        _date("refers_to", required=False),
        *CITATION,
    ),
    _table(
        "custody_events",
        records.CustodyChange,
        "event",
        _slug("event"),
        _word("kind", _words(records.CustodyEventKind)),
        _date("date"),
        _slug("from_custodian", "places"),
        _slug("to_custodian", "places", required=False, besides=records.NOT_HELD),
        _text("site"),
        _text("people"),
        _word("role", _words(records.FigureRole), required=False),
        _number("low", required=False, at_least=0, at_most=MOST_PEOPLE),
        _number("value", required=False, at_least=0, at_most=MOST_PEOPLE),
        _number("high", required=False, at_least=0, at_most=MOST_PEOPLE),
        _text("family"),
        *CITATION,
        optional=True,
    ),
    _table(
        "indicators",
        records.Indicator,
        "indicator",
        _slug("indicator"),
        _text("name", required=True),
        _text("watch", required=True),
        _text("pathway", required=True),
        _word("direction", _words(records.Direction)),
        _text("places"),
        Column("signal", required=False, omissible=True),
        _text("judgement"),
        *CITATION,
        optional=True,
    ),
)

BY_ATTRIBUTE = {table.attribute: table for table in TABLES}
BY_FILE = {table.file: table for table in TABLES}

#: Section of case.toml in which a case names definitions of its own, with a text each.
DEFINITIONS_SECTION = "definitions"
#: Section within a view that holds its own settings of the evaluation.
EVALUATION_SECTION = "evaluation"
#: Keys of case.toml by section; `[[hindsight]]`, `[[view]]` and `[[group]]` may come any number of times,
#: `[evaluation]` may be left out.
HEADER: dict[str, tuple[Column, ...]] = {
    "case": (
        _slug("id"),
        _text("title", required=True),
        Column("format", "integer", at_least=FORMAT, at_most=FORMAT),
        _date("as_of"),
        _date("mobilisation"),
        _slug("core"),
        Column("description", required=False, lines=True),
        _text("licence"),
        _date("kept_up_to", required=False),
    ),
    "theatre": (_text("name", required=True), Column("countries", "names")),
    "hindsight": (
        _slug("id"),
        _text("structure", required=True),
        _text("why", required=True),
        _date("known_from"),
    ),
    "evaluation": (
        Column("record", "dates", required=False),
        _date("chosen_by", required=False),
        Column("calibration", "dates", required=False),
        _date("calibrated_by", required=False),
        _slug("spread_beside", required=False),
        Column("spread_months", "integer", required=False, at_least=1),
        Column("pictured", "names", required=False),
    ),
    "view": (
        _slug("id"),
        _text("title", required=True),
        _date("as_of"),
        Column("description", required=False, lines=True),
    ),
    "group": (
        _slug("place"),
        _text("name", required=True),
        Column("words", "texts", required=False),
        Column("members", "names"),
        Column("remainders", "names", required=False),
    ),
}
