"""Figures made up for tests of scores, and a case that knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from afterfall.case import Case, Figure, PartialDate, open_case

LATEST = dt.date(9999, 12, 31)


def figure(name: str, **changed: Any) -> Figure:
    """A figure published after the as-of date of `tiny`, 2015-06-30, that passes every rule but for what is changed."""
    value = float(changed.pop("value", 60.0))
    dates = {
        key: PartialDate(changed.pop(key, default))
        for key, default in (("refers_to", "2016-01"), ("published", "2016-02"))
    }
    plain: dict[str, Any] = {
        "quantity": "returned",
        "place": "arda",
        "basis": "cumulative",
        "definition": "affiliates",
        "family": "survey",
        "source": "lesson-later",
        "grade": "B2",
        "verified": True,
    }
    bounds = {"low": value, "value": value, "high": value}
    return Figure(figure=name, **{**plain, **bounds, **dates, **changed})


def known_later(name: str, figures: Iterable[Figure] = ()) -> Case:
    """A bundled case with all that it knows, its later figures replaced by these."""
    case = open_case(name, as_of=LATEST)
    as_of = open_case(name).as_of
    kept = [f for f in case.figures if f.published.last_day <= as_of]
    return replace(case, figures=(*kept, *figures))
