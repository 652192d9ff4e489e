"""Results as data frames: the parts of the JSON object of a result, each as a table of numbers with dates as dates.

What a command prints with ``--json`` has every number of a result under a name. A list of objects becomes a row for
each; an object of objects a row for each of its names, in the index. Objects within them become columns, with a dot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from afterfall.case.case import CaseTables
from afterfall.run.errors import UnknownName

COMMAND = "a notebook"
#: A whole day, and what is read as a day where a whole column is like it.
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def frame_of(result: Any, part: str | None = None) -> pd.DataFrame:
    """One part of a result, or its main part, as a data frame.

    Raises
    ------
    UnknownName
        If it has no such part.
    TypeError
        If nothing is known of its type.
    """
    for one in type(result).__mro__:
        if one.__name__ in WHOLE:
            if part is not None:
                raise UnknownName("part", part, ["(none: leave it out)"])
            return dated(WHOLE[one.__name__](result))
        if one.__name__ in PARTS:
            content, main = PARTS[one.__name__]
            return _part(content(result), part or main)
    if hasattr(result, "figures") and hasattr(result, "mobilisation"):
        return case_frame(result, part or "figures")
    raise TypeError(f"no data frame of a {type(result).__name__}")


def _part(content: Mapping[str, Any], part: str) -> pd.DataFrame:
    parts = [key for key, value in content.items() if _is_table(value)]
    if part not in content or not (part in parts or content[part] in ([], {})):
        raise UnknownName("part", part, parts)
    value = content[part]
    if isinstance(value, Mapping):
        return dated(pd.json_normalize(list(value.values())).set_axis(pd.Index(value, name="name"), axis=0))
    return dated(pd.json_normalize(value))


def _is_table(value: Any) -> bool:
    rows = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return bool(rows) and all(isinstance(row, Mapping) for row in rows)


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with columns of whole days as dates of pandas."""
    for name in frame.columns:
        days = frame[name].dropna()
        if len(days) and all(isinstance(one, str) and DAY.fullmatch(one) for one in days):
            frame[name] = pd.to_datetime(frame[name])
    return frame


# ---------------------------------------------------------------- cases


def case_tables() -> tuple[str, ...]:
    """Names of the tables of a case."""
    return tuple(one.name for one in fields(CaseTables))


def case_frame(case: Any, table: str) -> pd.DataFrame:
    """A table of a case; a partial date is the last day that it may mean, and is kept as text in ``COLUMN_text``.

    Raises
    ------
    UnknownName
        If there is no such table.
    """
    if table not in case_tables():
        raise UnknownName("table", table, list(case_tables()))
    rows = getattr(case, table)
    frame = pd.DataFrame([{one.name: getattr(row, one.name) for one in fields(row)} for row in rows])
    for name in list(frame.columns):
        days = [getattr(value, "last_day", None) for value in frame[name]]
        if any(day is not None for day in days):
            frame[f"{name}_text"] = [None if value is None else str(value) for value in frame[name]]
            frame[name] = pd.to_datetime(pd.Series(days, index=frame.index))
    return frame


# ---------------------------------------------------------------- whole results


def _run(run: Any) -> pd.DataFrame:
    """Pathways, fates and counters at every month, of the world, by quantity and date."""
    months = [int(month) for month in run.dataset["month"].values]
    frames = [run.summary(month).assign(month=month, date=pd.Timestamp(run.date(month))) for month in months]
    whole: pd.DataFrame = pd.concat(frames).reset_index(names="quantity").set_index(["quantity", "date"])
    return whole.sort_index()


def _draws(found: Any) -> pd.DataFrame:
    return pd.DataFrame(np.asarray(found.values), columns=list(found.names)).rename_axis(index="draw")


def _exploration(found: Any) -> pd.DataFrame:
    from afterfall.report.explore.case_table import case_frame as explored_cases

    return explored_cases(found)


def _catalogue(found: Any) -> pd.DataFrame:
    rows = [
        {
            "lever": x.name,
            "none": x.words.none,
            "now": x.words.now,
            "full": x.words.full,
            "scope": x.scope,
            "published": pd.Timestamp(x.published.last_day),
        }
        for x in found.levers.values()
    ]
    return pd.DataFrame(rows).set_index("lever")


WHOLE: Mapping[str, Callable[[Any], pd.DataFrame]] = {
    "Catalogue": _catalogue,
    "Draws": _draws,
    "Exploration": _exploration,
    "Posterior": _draws,
    "Run": _run,
}

# ---------------------------------------------------------------- results with a JSON object


def _json(module: str, function: str, *settings: Any) -> Callable[[Any], dict[str, Any]]:
    def content(found: Any) -> dict[str, Any]:
        from importlib import import_module

        made: dict[str, Any] = getattr(import_module(f"afterfall.report.{module}"), function)(found, *settings)
        return made

    return content


def _attacks(found: Any) -> dict[str, Any]:
    """The JSON object, with a row for each place and year."""
    content = _json("attacks.attack_answer", "attack_content", None, None, COMMAND)(found)
    rows = [
        {"place": place, "name": one["name"], "year": int(year), **numbers}
        for place, one in content["places"].items()
        for year, numbers in one["years"].items()
    ]
    return {**content, "years": rows}


def _update(found: Any) -> dict[str, Any]:
    from afterfall.report.keeping.keeping_json import update_json

    return update_json(found, COMMAND, at=found.before.request.horizon)


def _model(found: Any) -> dict[str, Any]:
    from afterfall.case import case_hash
    from afterfall.report.model.model_json import model_json

    return model_json(found, case_hash(found.case), COMMAND)


def _influence(found: Any) -> dict[str, Any]:
    return _json("explain.case_deletion_json", "influence_json", found.model, COMMAND)(found)


#: By type: its JSON object, and the part that is the main one.
PARTS: Mapping[str, tuple[Callable[[Any], dict[str, Any]], str]] = {
    "AddedFigures": (_json("keeping.keeping_json", "add_json", COMMAND), "figures"),
    "Attacks": (_attacks, "years"),
    "BestMix": (_json("comparison.mix_json", "mix_json", COMMAND), "mixes"),
    "Brief": (_json("brief.brief_json", "brief_json"), "judgements"),
    "CaseDeletion": (_influence, "figures"),
    "Changes": (_json("changes.changes_json", "changes_json", COMMAND), "headlines"),
    "Comparison": (_json("comparison.comparison_json", "comparison_json", COMMAND), "differences"),
    "EventWhy": (_json("explain.event_why", "event_why_json"), "rates"),
    "FigureUpdate": (_update, "tables"),
    "Fit": (_json("fit.fit_answer", "fit_content"), "parameters"),
    "FoundingWhy": (_json("explain.founding_why", "founding_why_json"), "rates"),
    "Model": (_model, "parameters"),
    "OptionSet": (_json("comparison.option_json", "option_json", COMMAND), "outcomes"),
    "ReferenceRates": (_json("reference.rates_json", "reference_json", COMMAND), "rates"),
    "Scores": (_json("scores.score_json", "score_json"), "scores"),
    "Screening": (_json("screening.screening_json", "screening_json", COMMAND), "periods"),
    "SpreadScores": (_json("scores.spread_json", "spread_json"), "strengths"),
    "Track": (_json("track_record.record_json", "track_json", COMMAND), "dates"),
    "ViewsComparison": (_json("benchmark.benchmark_json", "field_json", COMMAND), "years"),
    "Violence": (_json("violence.violence_json", "violence_json", None, COMMAND), "countries"),
    "WatchList": (_json("watch.watch_json", "watch_json", COMMAND), "indicators"),
    "Why": (_json("explain.why_json", "why_json", COMMAND), "drivers"),
}
