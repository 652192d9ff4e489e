"""What can be asked for: cases with their vintages, words of likelihood, pathways and how they look, limits."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from afterfall import __version__
from afterfall.defaults import DEFAULT_HORIZON
from afterfall.report.kit.likelihood_words import SCALES
from afterfall.report.kit.number_formats import GROUPS_ONLY, MONTHS
from afterfall.report.kit.theme import look
from afterfall.web.prepared_answers import PreparedAnswers
from afterfall.web.schemas import (
    CaseEntry,
    Defaults,
    Meta,
    PathwayEntry,
    ScaleEntry,
    TermEntry,
    VintageEntry,
)
from afterfall.web.view_state import OPENING_CASE, OPENING_FOCUS, PAGE_SIMULATIONS

API_VERSION = "1"
#: Cases in the order of the list; one that is not named here comes after these.
ORDER = ("isis", "isis-2017", "mali-2013", "tiny")
LIMITS = (
    "Ranges contain 90% of simulations: the uncertainty of the model, not whether it is right.",
    "Cells under 5 of published counts are withheld.",
    "Policy stays as it was on the as-of date unless a lever is set; what you set is your scenario, not the forecast.",
)


def meta_answer(prepared: PreparedAnswers, own: dict[str, str], model_version: str) -> Meta:
    """The first answer that the page needs.

    Parameters
    ----------
    prepared
        What is prepared.
    own
        Titles of the cases of the user's own on this server, by name.
    model_version
        The version of the model.
    """
    cases = [_case(name, title, text, day, prepared) for name, title, text, day in _bundled()]
    cases += [_own(name, title) for name, title in own.items()]
    opening = next((c for c in cases if c.name == OPENING_CASE), cases[0])
    return Meta(
        api=API_VERSION,
        version=__version__,
        model_version=model_version,
        defaults=Defaults(
            case=opening.name,
            as_of=opening.as_of,
            horizon=DEFAULT_HORIZON,
            focus=OPENING_FOCUS,
            simulations=PAGE_SIMULATIONS,
        ),
        cases=cases,
        scales=[
            ScaleEntry(
                code=scale.code,
                name=scale.name,
                source=scale.source,
                terms=[TermEntry(text=t.text, low=t.low, high=t.high, range=t.range) for t in scale.terms],
                legend=scale.legend(),
            )
            for scale in SCALES.values()
        ],
        pathways=[
            PathwayEntry(
                code=m.code, letter=m.letter, short=m.short, fill=m.fill, text=m.text, texture=m.texture, shape=m.shape
            )
            for m in look().pathways.values()
        ],
        groups_only=GROUPS_ONLY,
        limits=list(LIMITS),
        steps=[8, 16, 48, 200, 1000],
    )


def _own(name: str, title: str) -> CaseEntry:
    return CaseEntry(
        name=f"user:{name}",
        title=title,
        description="A case of your own: the bundled one with the figures that you accepted.",
        as_of="",
        living=False,
        horizon_months=DEFAULT_HORIZON,
        vintages=[],
    )


def _case(name: str, title: str, text: str, day: str, prepared: PreparedAnswers) -> CaseEntry:
    mine = [one for one in prepared.vintages if one.case == name and one.file not in prepared.stale]
    entries = {
        one.as_of: VintageEntry(
            as_of=one.as_of,
            label=_label(one.as_of),
            prepared=True,
            simulations=one.simulations,
            fitted=one.fitted,
            outcomes=one.outcomes,
        )
        for one in mine
    }
    if day not in entries:
        entries[day] = VintageEntry(
            as_of=day, label=_label(day), prepared=False, simulations=None, fitted=False, outcomes=False
        )
    opening = next((one.as_of for one in mine if one.default), day)
    return CaseEntry(
        name=name,
        title=title,
        description=text,
        as_of=opening,
        living=name == OPENING_CASE,
        horizon_months=DEFAULT_HORIZON,
        vintages=[entries[date] for date in sorted(entries)],
    )


def _label(day: str) -> str:
    """A date in words, without opening the calendar of the machine.

    >>> _label("2017-02-13")
    '13 Feb 2017'
    """
    year, month, date = day.split("-")
    return f"{int(date)} {MONTHS[int(month) - 1]} {year}"


@cache
def _bundled() -> tuple[tuple[str, str, str, str], ...]:
    """Name, title, description and date of every bundled case and view, from the headers alone: no case is opened."""
    found: dict[str, dict[str, Any]] = {}
    for folder in resources.files("afterfall.case").joinpath("data").iterdir():
        header = folder.joinpath("case.toml")
        if header.is_file():
            read = tomllib.loads(header.read_text(encoding="utf-8"))
            found[read["case"]["id"]] = read["case"]
            found |= {view["id"]: view for view in read.get("view", [])}
    names = sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return tuple((n, found[n]["title"], found[n].get("description", ""), str(found[n]["as_of"])) for n in names)
