"""What follows: violence and attacks; why a number, where it comes from, and how past forecasts did."""

from __future__ import annotations

from pydantic import Field

from afterfall.web.schemas.answer_parts import (
    Answer,
    CodeEntry,
    PastEntry,
    StampEntry,
    TableEntry,
    WhyObject,
)
from afterfall.web.schemas.forecast_models import (
    DriverEntry,
)


class PanelEntry(Answer):
    """One place of a figure of violence or attacks: the record before, the fan ahead, and chances past a line."""

    place: str
    name: str
    unit: str
    times: list[str]
    levels: list[float]
    values: list[list[float]]
    record_times: list[str]
    record: list[str] = Field(description="Published counts; under 5 as <5.")
    past: dict[str, list[PastEntry]] = Field(description="By window (12 months, a year): chances of more than N.")
    sentence: str
    courses: list[list[float]] = Field(default=[], description="A few simulations, one list of values each.")


class ViolenceAnswer(Answer):
    """Deaths in armed conflict by country and month."""

    stamp: StampEntry
    code: CodeEntry
    title: str
    subtitle: str
    panels: list[PanelEntry]
    table: TableEntry
    notes: list[str]


class AttacksAnswer(Answer):
    """Attempted and completed attacks by place and year."""

    stamp: StampEntry
    code: CodeEntry
    title: str
    subtitle: str
    panels: list[PanelEntry]
    tables: list[TableEntry]
    notes: list[str]


class WhyAnswer(Answer):
    """The chain behind one number, in the words of ``afterfall why``."""

    stamp: StampEntry
    code: CodeEntry
    headline: list[str]
    tables: list[TableEntry]
    notes: list[str]
    drivers: list[DriverEntry]
    why: WhyObject


class ParameterRow(Answer):
    """A parameter: the 90 % range used, where it comes from, and what it feeds."""

    name: str
    label: str
    unit: str
    low90: float
    high90: float
    status: str
    source: str
    grade: str
    feeds: list[str]


class FigureRow(Answer):
    """A published figure of the case."""

    place: str
    name: str
    quantity: str
    role: str
    published_value: str
    refers_to: str
    published: str
    source: str
    grade: str
    note: str


class SourceRow(Answer):
    """A source: what it is, when it was published, under which licence. Links are text."""

    id: str
    title: str
    publisher: str
    published: str
    url: str
    licence: str
    grade: str


class EvidenceAnswer(Answer):
    """Where each number comes from, and what this cannot tell."""

    stamp: StampEntry
    code: CodeEntry
    parameters: list[ParameterRow]
    figures: list[FigureRow]
    sources: list[SourceRow]
    hindsight: list[str]
    limits: list[str]
    basis: str


class OutcomeRow(Answer):
    """A later published figure against the forecast of it."""

    place: str
    name: str
    quantity: str
    label: str
    refers_to: str
    lead_months: int
    predicted: list[float] = Field(description="5, 25, 50, 75 and 95 %.")
    predicted_text: str
    observed: str | None = Field(description="None while hidden; counts under 5 as <5.")
    inside90: bool | None
    hindsight: bool


class RecordRow(Answer):
    """A date of the track record: coverage of its ranges, and skill against the baseline and a regression."""

    as_of: str
    figures: int
    coverage50: float | None
    coverage90: float | None
    skill: float | None
    skill_low90: float | None
    skill_high90: float | None
    regression: float | None
    regression_low90: float | None
    regression_high90: float | None


class TrackAnswer(Answer):
    """How forecasts from past dates compared with what was published later; hidden until asked for."""

    case: str
    revealed: bool
    sentences: list[str]
    rows: list[OutcomeRow]
    rows_of: str
    dates: list[str]
    record: list[RecordRow] = Field(description="The track record by date; empty while hidden.")
    code: CodeEntry
    notes: list[str]
