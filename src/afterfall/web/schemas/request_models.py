"""Jobs, uploads, how far work is, and errors."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from afterfall.web.schemas.answer_parts import (
    NAME,
    Answer,
    CodeEntry,
    Short,
)


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

    kind: Literal["forecast", "compare", "mix", "fit"]
    case: str = Field(pattern=r"^(user:)?[a-z0-9][a-z0-9-]{0,60}$")
    as_of: str | None = Field(default=None, pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")
    horizon: int = Field(default=60, ge=1, le=120)
    simulations: int = Field(default=1000, ge=1, le=10_000)
    focus: str | None = Field(default=None, min_length=1, max_length=80)
    at: str | None = Field(default=None, pattern=r"^([0-9]{1,3}|[0-9]{4}(-[0-9]{2}){0,2})$")
    given: list[Short] = Field(default=[], max_length=20)
    levers: list[Short] = Field(default=[], max_length=40)
    package: str | None = Field(default=None, pattern=NAME)
    against: str | None = Field(default=None, pattern=NAME)
    budget: list[Short] = Field(default=[], max_length=10, description="Of mix: NAME=AMOUNT, as for --budget.")
    mix: list[Short] = Field(default=[], max_length=12, description="Of mix: LEVER or LEVER=0.4,0.8, as for --mix.")
    outcome: str | None = Field(default=None, pattern=NAME, description="Of mix: the quantity that is judged.")


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
    problems: list[str] = Field(default=[])
    nearest: list[str] = Field(default=[])


class ErrorAnswer(Answer):
    """Every answer with a status of 400 or more."""

    error: ErrorEntry
