"""What can be asked for: cases, vintages, words, pathways; and a case seen from one date."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from afterfall.web.schemas.answer_parts import (
    Answer,
    LeversObject,
)


class VintageEntry(Answer):
    """A date from which a case can be seen. Prepared ones open at once; the record of later figures can be revealed."""

    as_of: str
    label: str
    prepared: bool
    simulations: int | None
    fitted: bool
    outcomes: bool = Field(description="Whether figures published later are at hand (hidden until asked for).")


class CaseEntry(Answer):
    """A case that the page offers."""

    name: str
    title: str
    description: str
    as_of: str
    living: bool
    horizon_months: int
    vintages: list[VintageEntry]


class TermEntry(Answer):
    """A term of likelihood with its range in words."""

    text: str
    low: float
    high: float
    range: str


class ScaleEntry(Answer):
    """A published scale of words of likelihood."""

    code: str
    name: str
    source: str
    terms: list[TermEntry]
    legend: str


class PathwayEntry(Answer):
    """A pathway: code, letter, words and looks."""

    code: str
    letter: str
    short: str
    fill: str
    text: str
    texture: str
    shape: str


class Defaults(Answer):
    """What the page opens with."""

    case: str
    as_of: str
    horizon: int
    focus: str
    simulations: int


class Meta(Answer):
    """What can be asked for: the first answer that the page needs."""

    api: str
    version: str
    model_version: str
    defaults: Defaults
    cases: list[CaseEntry]
    scales: list[ScaleEntry]
    pathways: list[PathwayEntry]
    groups_only: str
    limits: list[str]
    steps: list[int] = Field(description="Simulations after which a comparison is sent, before the last.")


class OriginEntry(Answer):
    """A country (or the rest of a region) whose people are forecast, as people look for it."""

    code: str
    name: str
    spellings: list[str]
    kind: Literal["country", "remainder"]
    flag: Literal["measured", "partial", "poor", "none"]
    flag_text: str
    figures: int
    population: float | None = Field(description="Inhabitants two years before (World Bank), for people per million.")


class AssumptionEntry(Answer):
    """A parameter that may be set to one value: ``assume=NAME=VALUE``."""

    name: str
    label: str
    unit: str
    low90: float
    high90: float
    median: float
    source: str
    informed: str


class ConditionForm(Answer):
    """A form of condition that this case takes as ``given``, with examples that can be used as they stand."""

    kind: Literal["fall", "all-fall", "merger"]
    label: str
    examples: list[str]


class VintageAnswer(Answer):
    """A case seen from one date: whose forecasts there are, what can be set, and how good the data are."""

    case: str
    as_of: str
    title: str
    prepared: bool
    kept_up_to: str | None
    origins: list[OriginEntry]
    world_text: str
    levers: LeversObject
    assumptions: list[AssumptionEntry]
    conditions: list[ConditionForm]
    quantities: list[QuantityEntry]
    hindsight: list[str]
    warnings: int


class QuantityEntry(Answer):
    """A quantity of the model, for *Why this number?*."""

    code: str
    label: str
    unit: str
    definition: str
    group: str
