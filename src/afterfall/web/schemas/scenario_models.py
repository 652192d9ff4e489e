"""Conditions and policies: indicators, events that can be ticked, and the stream of a comparison."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from afterfall.web.schemas.answer_parts import (
    Answer,
    CodeEntry,
    CompareObject,
    FanEntry,
    MixObject,
    RangeEntry,
    StampEntry,
    TableEntry,
)
from afterfall.web.schemas.forecast_models import (
    DriverEntry,
)


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


class SupportEntry(Answer):
    """What an event says for one pathway: the likelihood ratio of more people than in the median simulation."""

    code: str
    ratio: float | None
    mark: str = Field(description="++, +, 0, - or --; empty where there is no ratio.")


class EventRow(Answer):
    """A simulated event that can be ticked: its chance, and the forecast among simulations that have it."""

    id: str
    kind: str
    label: str
    probability: float
    text: str
    simulations: int = Field(description="Simulations that have it; under 20 it cannot be ticked.")
    can_tick: bool
    moves: list[MoveEntry]
    support: list[SupportEntry] = Field(default=[], description="By pathway, where the event can be ticked.")
    tells_apart: float = Field(default=0.0, description="Spread of the logarithms of the ratios that count.")


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


class OptionEntry(Answer):
    """An option: its name, its title, and its levers as the command line prints them."""

    name: str
    title: str
    settings: list[str]


class StandingEntry(Answer):
    """An option on one outcome: its difference from the status quo, and how it stands among all."""

    name: str
    mean: float
    low90: float
    high90: float
    dots: list[float]
    verdict: Literal["better", "worse", "neither"]
    best: float | None = Field(description="Share of simulations in which no other option is better.")
    regret: float | None = Field(description="How much better the best other option is, on average.")
    text: str


class OptionOutcome(Answer):
    """One outcome of all options."""

    quantity: str
    label: str
    group: str
    group_label: str
    direction: str
    matters: bool = Field(description="Whether some option changes it, beyond simulation error.")
    now: float = Field(description="Mean under the status quo.")
    rows: list[StandingEntry]


class OptionsStep(Answer):
    """A line of the stream of several options, on the simulations made so far."""

    kind: Literal["options"] = "options"
    simulations: int
    final: bool
    milliseconds: int
    stamp: StampEntry
    code: CodeEntry
    title: str
    headline: list[str]
    verdicts: list[str]
    options: list[OptionEntry]
    main: list[str] = Field(description="Outcomes that a verdict begins with.")
    outcomes: list[OptionOutcome]
    tables: list[TableEntry]
    notes: list[str]


class BudgetEntry(Answer):
    """A budget: at most so much more than now."""

    name: str
    amount: float
    unit: str


class MixRow(Answer):
    """A mix among the finalists: what it gains over now, how often it is best, and what it spends."""

    name: str = Field(description="Its settings as the command line takes them; now for the status quo.")
    settings: list[str] = Field(description="Its levers in words.")
    within: bool = Field(description="Whether it is within every budget on average.")
    small: bool = Field(description="Whether its gain or loss is of less than half a person, where people are judged.")
    gain: float = Field(description="Mean judged difference from now: positive is better.")
    low90: float
    high90: float
    dots: list[float] = Field(description="Twenty quantiles of the judged difference.")
    best: float | None = Field(description="Share in which no other mix within the budget is better.")
    spent: list[float] = Field(description="Mean extra spending, by budget.")
    over: float = Field(description="Share of simulations in which it exceeds a budget.")


class MixAnswer(Answer):
    """The best mix of levers under a budget: the end of a job of the kind ``mix``."""

    stamp: StampEntry
    code: CodeEntry
    title: str
    headline: str
    sentences: list[str]
    outcome: str
    outcome_label: str
    direction: str
    at_date: str
    candidates: int
    budgets: list[BudgetEntry]
    rows: list[MixRow] = Field(description="The finalists: those within the budget first, the best first.")
    tables: list[TableEntry]
    notes: list[str]
    mix: MixObject = Field(description="The object of the command.")


class CompareState(Answer):
    """A line of the stream that says what is being done, or why the stream ends."""

    kind: Literal["state"] = "state"
    state: Literal["queued", "opening", "compiling", "simulating", "superseded", "cancelled", "done", "failed"]
    done: int = Field(
        default=0, description="Simulations of the step that are made, of both sides; of options: options."
    )
    total: int = Field(default=0, description="How many the step has to make.")
    seconds_left: int | None = Field(default=None, description="What the step will still take, at the pace so far.")
    text: str = ""
