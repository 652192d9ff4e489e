"""What the page's server sends: one model per answer, from which the OpenAPI description is made.

Whatever the command line prints with ``--json`` is sent as the same object, by a route of its own (``objects/NAME``)
or under a key named after its command (``compare``, ``why``, ``levers``): see `of_command`. The other answers hold what
pictures need: dots, fans, rows of a map. Sentences come from `afterfall.report`, so that the page and the command line
agree. Numbers are summaries over simulations; no single simulation is sent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

#: How names of packages, events and parameters look; a short text.
NAME = r"^[A-Za-z0-9_.:/ +\[\]-]{1,120}$"
Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]
#: Marks, in a schema of this file, an object whose own schema ships with the package.
MARK = "x-afterfall-schema"


def of_command(name: str) -> Any:
    """A type for the object that a command prints with ``--json``, described by the schema that ships for it."""
    return Annotated[dict[str, Any], WithJsonSchema({"type": "object", MARK: name})]


ForecastObject = of_command("forecast")
ViolenceObject = of_command("violence")
AttacksObject = of_command("attacks")
CompareObject = of_command("compare")
LeversObject = of_command("levers")
TrackRecordObject = of_command("track-record")
WhyObject = of_command("why")
CheckObject = of_command("check")


class Answer(BaseModel):
    """Base of all answers: names are fixed, and none is added by accident."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# ---------------------------------------------------------------- shared parts


class StampEntry(Answer):
    """Where numbers come from. `kind` is ``user`` once a lever, a condition or an assumption of the user's is set."""

    case: str
    case_hash: str
    as_of: str
    model_version: str
    model_hash: str
    draws: str
    seed: int
    simulations: int
    horizon_months: int
    run: str
    kind: Literal["published", "user"]
    prepared: bool = Field(description="Made with the package, not on this request.")
    source_line: str = Field(description="One line for the foot of a figure.")
    basis: str = Field(description="One sentence on what the parameters rest on.")
    notes: list[str] = Field(default=[], description="Sentences to show: stale, few simulations, beyond the data.")


class CodeEntry(Answer):
    """How to make exactly this: the command line and Python."""

    command: str
    python: str


class RangeEntry(Answer):
    """A simulated quantity in a few numbers, and as it is printed: ``5,100 (2,000–11,000)``."""

    mean: float
    median: float
    low90: float
    high90: float
    mean_share: float | None = None
    text: str


class TableEntry(Answer):
    """A table as the command line prints it."""

    title: str
    headings: list[str]
    numeric: list[bool] = Field(description="Which columns hold numbers, set to the right.")
    sections: list[list[list[str]]]
    note: str = ""


class FanEntry(Answer):
    """Quantiles by month: one list per level of `levels`, and the mean."""

    months: list[int]
    dates: list[str]
    levels: list[float]
    values: list[list[float]]
    mean: list[float] = []


class PastEntry(Answer):
    """The chance of more than a number: the probability, and the sentence that states it."""

    number: int
    probability: float
    text: str


# ---------------------------------------------------------------- meta


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


# ---------------------------------------------------------------- forecast


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


# ---------------------------------------------------------------- what follows


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


# ---------------------------------------------------------------- why, evidence, record


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


# ---------------------------------------------------------------- indicators and conditions


class WatchRow(Answer):
    """An indicator that the case lists: what to watch for, which pathway it bears on, who judged so."""

    id: str
    name: str
    watch: str
    pathways: list[str]
    direction: str
    places: list[str]
    judgement: str
    published: str
    source: str
    grade: str


class MoveEntry(Answer):
    """How a number moves where an event is seen."""

    code: str
    label: str
    without: str
    seen: str


class EventRow(Answer):
    """A simulated event that can be ticked: its chance, and what the forecast becomes in the simulations that have it."""

    id: str
    kind: str
    label: str
    probability: float
    text: str
    simulations: int = Field(description="Simulations that have it; under 20 it cannot be ticked.")
    can_tick: bool
    moves: list[MoveEntry]


class IndicatorsAnswer(Answer):
    """Indicators of the case, and events of the simulations."""

    stamp: StampEntry
    code: CodeEntry
    focus: str
    by: int
    by_date: str
    watch: list[WatchRow]
    events: list[EventRow]
    drivers: dict[str, list[DriverEntry]]
    notes: list[str]


class ConditionAnswer(Answer):
    """The forecast in those simulations in which ticked events are seen."""

    stamp: StampEntry
    code: CodeEntry
    focus: str
    at: int
    at_date: str
    seen: list[str]
    not_seen: list[str]
    effective: int
    simulations: int
    warn: bool
    sentence: str
    lines: list[ConditionLine]


class ConditionLine(Answer):
    """A quantity with and without the condition."""

    code: str
    label: str
    group: str
    before: RangeEntry
    after: RangeEntry
    dots: list[float]


# ---------------------------------------------------------------- compare


class DifferenceRow(Answer):
    """One outcome of a comparison: B minus A, simulation by simulation, with the words for it."""

    quantity: str
    label: str
    group: str
    group_label: str
    direction: str
    hindsight: bool
    shown: bool = Field(description="Whether the command's table shows it.")
    mean_a: float
    mean_b: float
    mean: float
    median: float
    low90: float
    high90: float
    dots: list[float]
    verdict: Literal["better", "worse", "neither"]
    better_words: str
    same_words: str
    text: str


class SideFan(Answer):
    """A quantity under A and under B by month."""

    code: str
    label: str
    a: FanEntry
    b: FanEntry


class CompareStep(Answer):
    """A line of the stream: the comparison on the simulations made so far."""

    kind: Literal["step"] = "step"
    simulations: int
    final: bool
    milliseconds: int
    stamp: StampEntry
    code: CodeEntry
    title: str
    headline: list[str]
    sentence: str
    rows: list[DifferenceRow]
    fans: list[SideFan]
    side_effects: TableEntry | None
    costs: TableEntry
    evidence: TableEntry
    notes: list[str]
    compare: CompareObject | None = Field(description="The object of the command, in the last step only.")


class CompareState(Answer):
    """A line of the stream that says what is being done, or why the stream ends."""

    kind: Literal["state"] = "state"
    state: Literal["queued", "opening", "compiling", "simulating", "superseded", "cancelled", "done", "failed"]
    done: int = 0
    total: int = 0
    text: str = ""


# ---------------------------------------------------------------- jobs, uploads, errors


class WorkAnswer(Answer):
    """How far the work for a page is."""

    state: Literal["idle", "queued", "running"]
    stage: str
    done: int
    total: int
    text: str


class JobRequest(BaseModel):
    """Long work to start."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["forecast", "compare", "fit"]
    case: str = Field(pattern=r"^(user:)?[a-z0-9][a-z0-9-]{0,60}$")
    as_of: str | None = Field(default=None, pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")
    horizon: int = Field(default=60, ge=1, le=120)
    simulations: int = Field(default=1000, ge=1, le=10_000)
    focus: str | None = Field(default=None, min_length=1, max_length=80)
    given: list[Short] = Field(default=[], max_length=20)
    levers: list[Short] = Field(default=[], max_length=40)
    package: str | None = Field(default=None, pattern=NAME)
    against: str | None = Field(default=None, pattern=NAME)


class JobAnswer(Answer):
    """A job: how far it is, and the folder of its run at the end."""

    job: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    stage: str
    done: int
    total: int
    seconds: float
    eta_s: float | None
    message: str
    folder: str | None
    run: str | None
    command: str


class JobList(Answer):
    """All jobs of this server, the newest first."""

    jobs: list[JobAnswer]


class ProblemEntry(Answer):
    """One problem of an upload: where, what was found, what was expected, and the nearest valid name."""

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    nearest: str | None


class EffectRow(Answer):
    """What a new figure would change: what was last published of the place and quantity, and what the figure says."""

    place: str
    name: str
    quantity: str
    before: str
    after: str
    used: str


class FiguresAnswer(Answer):
    """The check report of uploaded figures. `token` accepts them; nothing is written before."""

    ok: bool
    rows: int
    problems: list[ProblemEntry]
    warnings: list[ProblemEntry]
    effects: list[EffectRow]
    text: str
    token: str | None


class AcceptedAnswer(Answer):
    """A case of the user's own with the accepted figures; `case` is what to ask for from then on."""

    case: str
    folder: str
    text: str


class CodeAnswer(Answer):
    """How to make what a view shows."""

    code: CodeEntry


class ErrorEntry(Answer):
    """What is wrong, with every problem found and the nearest valid names."""

    kind: str
    message: str
    problems: list[str] = []
    nearest: list[str] = []


class ErrorAnswer(Answer):
    """Every answer with a status of 400 or more."""

    error: ErrorEntry
