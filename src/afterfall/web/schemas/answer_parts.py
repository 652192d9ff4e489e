"""Parts that answers share: the base of all, types for objects of the command line, stamps, ranges, tables, fans."""

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
MixObject = of_command("mix")


class Answer(BaseModel):
    """Base of all answers: names are fixed, and none is added by accident."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
