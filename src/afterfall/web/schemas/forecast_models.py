"""A forecast, and who goes where."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from afterfall.web.schemas.answer_parts import (
    Answer,
    CodeEntry,
    FanEntry,
    RangeEntry,
    StampEntry,
)


class IngredientEntry(Answer):
    """A reason for more or less confidence: grade 0 (poor) to 2 (good)."""

    name: str
    grade: int
    why: str


class DriverEntry(Answer):
    """A parameter that a number follows: its median and range in the lowest and the highest third of the draws."""

    parameter: str
    label: str
    rank_correlation: float
    low: str
    high: str
    information: str


class JudgementEntry(Answer):
    """A key judgement. Likelihood is in `text`; confidence has sentences of its own."""

    text: str
    event: str
    place: str
    by: str
    month: int
    quantity: str
    probability: float
    term: str | None
    term_range: str | None
    scale: str
    range_text: str
    low90: float
    median: float
    high90: float
    confidence: Literal["low", "moderate", "high"]
    confidence_text: str
    ingredients: list[IngredientEntry]
    moves_if: str = Field(description="What would change it, in one sentence; empty where nothing stands out.")
    drivers: list[DriverEntry]
    evidence: list[str]


class LineEntry(Answer):
    """One quantity: now, at the month asked for, as twenty dots, and by month."""

    code: str
    label: str
    short: str
    letter: str
    group: Literal["pathway", "fate", "counter", "there"]
    hindsight: bool
    now: RangeEntry
    then: RangeEntry
    probability_anyone: float
    dots: list[float] = Field(description="Twenty quantiles; each is a 1-in-20 chance.")
    fan: FanEntry


class PublishedEntry(Answer):
    """A published figure of the place; counts under 5 print as ``<5`` and have no value."""

    quantity: str
    date: str
    published: str
    text: str
    value: float | None
    low: float | None
    high: float | None
    bound: str
    source: str
    grade: str


class ForecastAnswer(Answer):
    """The forecast of the world or one country: judgements, dots and fans."""

    stamp: StampEntry
    code: CodeEntry
    focus: str
    name: str
    the_name: str
    at: int
    at_date: str
    title: str = Field(description="The finding of the first figure.")
    subtitle: str
    in_short: list[str]
    judgements: list[JudgementEntry]
    everyone: RangeEntry
    largest: dict[str, float]
    lines: list[LineEntry]
    sentences: dict[str, str] = Field(description="What each figure shows, in words with its numbers.")
    history: list[PublishedEntry]
    notes: list[str]


class FlowNode(Answer):
    """A node of the alluvial: means, in people."""

    id: str
    column: int
    label: str
    code: str
    value: float
    text: str
    range_text: str


class FlowLink(Answer):
    """A ribbon of the alluvial: a mean, in people."""

    source: str
    target: str
    pathway: str
    value: float


class CountryRow(Answer):
    """A country of the map: mean, median, 5 % and 95 % of each quantity, in people, in the order of `columns`."""

    code: str
    name: str
    kind: Literal["country", "remainder"]
    flag: str
    population: float | None
    values: dict[str, list[float]]
    text: dict[str, str]


class HostRow(Answer):
    """A place abroad where an offshoot is or may be."""

    place: str
    name: str
    people: RangeEntry
    p_reached: float | None
    text: str


class FlowsAnswer(Answer):
    """Who goes where: nodes and ribbons (means, which add up), the map's countries, hosts."""

    stamp: StampEntry
    code: CodeEntry
    focus: str
    at: int
    at_date: str
    title: str
    subtitle: str
    sentence: str
    nodes: list[FlowNode]
    links: list[FlowLink]
    columns: list[str]
    labels: dict[str, str]
    countries: list[CountryRow]
    hosts: list[HostRow]
    notes: list[str]
