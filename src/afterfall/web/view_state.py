"""What a page shows, as the query of a request: the same names as in the address of the page.

A `ViewQuery` is checked for its form only. `Session`, `Run` and case decide whether names and dates can be used, and
say so in the words of the command line.
"""

from __future__ import annotations

import json
import shlex
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED
from afterfall.web.schemas import NAME, CodeEntry, Short

#: The case, the country and the number of simulations with which the page opens; most in one request.
OPENING_CASE, OPENING_FOCUS = "isis", "CAN"
PAGE_SIMULATIONS, MOST_SIMULATIONS, FEWEST_SIMULATIONS = 200, 1000, 20
WORLD = "WLD"
LARGEST_SEED = 2**63 - 1

CaseText = Annotated[str, StringConstraints(pattern=r"^(user:)?[a-z0-9][a-z0-9-]{0,60}$")]
DateText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")]
AtText = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,3}|[0-9]{4}(-[0-9]{2}){0,2})$")]
PlaceText = Annotated[str, StringConstraints(min_length=1, max_length=80)]
NameText = Annotated[str, StringConstraints(pattern=NAME)]
#: A name, a colon, then levers and a package: the form of ``--option``, but never the name of a file.
OptionText = Annotated[str, StringConstraints(pattern=r"^[^:/\\]{1,60}:[A-Za-z0-9_=@., -]{1,240}$")]


ViewName = Literal["outlook", "flows", "violence", "attacks", "compare", "drivers", "track", "evidence", "brief", "why"]


class ViewQuery(BaseModel):
    """The state of a view. What is left out has its default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    case: CaseText = OPENING_CASE
    as_of: DateText | None = None
    horizon: int = Field(default=DEFAULT_HORIZON, ge=1, le=120)
    focus: PlaceText = WORLD
    at: AtText | None = None
    simulations: int | None = Field(default=None, ge=FEWEST_SIMULATIONS, le=MOST_SIMULATIONS)
    seed: int = Field(default=DEFAULT_SEED, ge=0, le=LARGEST_SEED)
    words: Literal["icd203", "phia", "ipcc"] = "icd203"
    given: list[Short] = Field(default=[], max_length=20)
    within: int = Field(default=24, ge=1, le=120, description="Months within which a ticked event is seen.")
    seen: list[NameText] = Field(default=[], max_length=20)
    unseen: list[NameText] = Field(default=[], max_length=20)
    lever: list[Short] = Field(default=[], max_length=40)
    option: list[OptionText] = Field(default=[], max_length=12, description="Of options: NAME: SETTING SETTING ...")
    package: NameText | None = None
    against: NameText | None = None
    budget: list[Short] = Field(default=[], max_length=10, description="Of code: NAME=AMOUNT, for the best mix.")
    mix: list[Short] = Field(default=[], max_length=12, description="Of code: a lever that the best mix may have.")
    outcome: NameText | None = Field(default=None, description="Of code: what the best mix is judged by.")
    assume: list[Short] = Field(default=[], max_length=20)
    quantity: NameText = Field(default="returned", description="Of why: a quantity of the model.")
    view: ViewName = Field(default="outlook", description="Of code: the view of the page.")
    form: Literal["html", "json", "md"] = Field(default="html", description="Of brief.")
    reveal: bool = Field(default=False, description="Of track: show what was published later.")

    @property
    def world(self) -> bool:
        """Whether the world is meant."""
        return self.focus.strip().lower() in ("wld", "world", "the world")

    @property
    def kind(self) -> Literal["published", "user"]:
        """``user`` once anything is set that the published forecast does not have."""
        scenario = self.lever or self.package or self.option or self.against or self.searches
        own = self.given or self.seen or self.unseen or scenario or self.assume
        return "user" if own or self.case.startswith("user:") else "published"

    @property
    def searches(self) -> bool:
        """Whether the best mix is meant."""
        return bool(self.budget or self.mix or self.outcome)

    @property
    def plain(self) -> bool:
        """Whether nothing is set but case, date, focus: what is prepared answers to such a view."""
        return (
            self.kind == "published"
            and self.horizon == DEFAULT_HORIZON
            and self.at in (None, str(DEFAULT_HORIZON))
            and self.seed == DEFAULT_SEED
            and self.words == "icd203"
        )

    def key(self, *parts: str) -> str:
        """A text that is the same for two requests of the same answer."""
        return json.dumps([*parts, self.model_dump(exclude_defaults=True)], sort_keys=True)


def code_of(verb: str, view: ViewQuery, case: str, simulations: int, **more: str) -> CodeEntry:
    """The command and the Python that give what a view shows.

    Parameters
    ----------
    verb
        Name of the command.
    view
        The view.
    case
        The case as a command names it.
    simulations
        Simulations of the view.
    more
        Further options by name, such as ``quantity``.
    """
    given = _settings(verb, view, simulations) | {name: value for name, value in more.items() if value}
    words, calls = ["afterfall", verb, case], [repr(case)]
    if verb == "compare" and (options := given.pop("options", None)):
        words += [part for one in options for part in ("--option", one)]  # type: ignore[union-attr]
        calls.append(repr(options))
    for name, value in given.items():
        option, argument = _names(name)
        for one in value if isinstance(value, list) else [value]:
            words += [f"--{option}", str(one)]
        calls.append(f"{argument}={value!r}")
    return CodeEntry(command=shlex.join(words), python=f"afterfall.{_function(verb, view)}({', '.join(calls)})")


def _settings(verb: str, view: ViewQuery, simulations: int) -> dict[str, str | int | list[str]]:
    """Settings that a command needs to give the same numbers, those with their defaults left out."""
    found: dict[str, str | int | list[str]] = {}
    if view.as_of is not None:
        found["as_of"] = view.as_of
    if not view.world:
        found["country"] = view.focus
    if view.at is not None and verb not in ("brief", "violence", "attacks"):
        found["at"] = view.at
    if view.horizon != DEFAULT_HORIZON:
        found["horizon"] = view.horizon
    if simulations:
        found["trajectories"] = simulations
    if view.seed != DEFAULT_SEED:
        found["seed"] = view.seed
    if view.given:
        found["given"] = list(view.given)
    if verb == "compare" and view.searches:
        found |= {name: list(texts) for name in ("budget", "mix") if (texts := getattr(view, name))}
        return found | {name: text for name in ("outcome", "against") if (text := getattr(view, name))}
    if verb in ("compare", "brief") and view.option:
        found["options"] = list(view.option)
        return found | ({"against": view.against} if view.against else {})
    if verb == "compare":
        found |= {"levers": list(view.lever)} if view.lever else {}
        found |= {name: text for name in ("package", "against") if (text := getattr(view, name))}
    return found


def _names(setting: str) -> tuple[str, str]:
    """The option of the command line and the argument in Python."""
    return {"levers": "lever", "options": "option"}.get(setting, setting.replace("_", "-")), setting


def _function(verb: str, view: ViewQuery) -> str:
    if verb == "compare":
        return "best_mix" if view.searches else "compare_options" if view.option else verb
    return {"why": "explain", "track-record": "track_record"}.get(verb, verb)
