"""Tables and JSON of a country's screening: verdicts over time, predictive values, capacity; misses are not hidden."""

from __future__ import annotations

from typing import Any

import numpy as np

from afterfall.model.language.parameters import Known
from afterfall.policy.paired_differences import Floats
from afterfall.policy.screening import QUEUES, Screening
from afterfall.policy.test_accuracy import Verdicts, pooled
from afterfall.policy.test_accuracy import share as share_of
from afterfall.report.kit.number_formats import NOTHING, day, interval, json_number, month_year, share, two_figures
from afterfall.report.kit.table import TableColumn, TextTable

LEVELS = (0.05, 0.5, 0.95)
STOCKS = {
    "under_assessment": "under assessment",
    "flagged_waiting": "flagged, waiting",
    "monitored": "monitored",
    "in_programme": "in a programme",
    "imprisoned": "imprisoned",
    "undetected": "at risk, undetected",
}
YEARS = 5
RELAPSE = {
    "pacified": "pacified, back to sympathy",
    "adherent": "adherents, back to sympathy",
    "sympathiser": "sympathisers, to the committed",
}
PARTS = {
    "flagged_rightly": "flagged, at risk",
    "wrongly_flagged": "wrongly flagged",
    "missed": "missed",
    "cleared": "rightly let be",
}


def quantiles(values: Floats) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % of the values that are numbers; NaN where none is."""
    known = values[np.isfinite(values)]
    if not known.size:
        return (float("nan"),) * 3
    low, median, high = np.quantile(known, LEVELS, method="inverted_cdf")
    return float(low), float(median), float(high)


def _number(values: Floats) -> str:
    low, median, high = quantiles(values)
    return f"{two_figures(median)} ({interval(low, high)})"


def _share(values: Floats) -> str:
    low, median, high = quantiles(values)
    if not np.isfinite(median):
        return NOTHING
    return f"{share(median)} ({share(low)}–{share(high)})"


def _counted_share(value: float, values: Floats) -> str:
    """A share over all futures, with nine in ten of those of single futures."""
    low, _, high = quantiles(values)
    return f"{share(value)} ({share(low)}–{share(high)})" if np.isfinite(value) else NOTHING


def screening_headline(found: Screening) -> tuple[str, ...]:
    """Lines that say whose screening this is, and what a flag is worth over the whole run."""
    request = found.run.request
    whole, over_all = found.whole, pooled(found.whole)
    flags = _counted_share(over_all.positive_value, whole.positive_value)
    cleared = _counted_share(over_all.negative_value, whole.negative_value)
    return (
        f"Screening in {found.run.title} ({request.case}), as of {day(found.run.as_of)}: {found.name}",
        f"{request.horizon} months, {request.trajectories:,} futures, seed {request.seed}, run {request.hash}",
        f"Of those flagged, {flags} are at risk; of those let be, {cleared} are not. "
        "Counts are medians, shares of counts are over all futures together, with 90% intervals.",
    )


def screening_grids(found: Screening) -> tuple[TextTable, ...]:
    """What happens, what the instrument can tell, and whether there is room."""
    shown = (_over_time, _stocks, _instrument, _at_base_rates, _capacity, _relapse)
    return tuple(table(found) for table in shown)


def screening_notes(found: Screening) -> tuple[str, ...]:
    """What to keep in mind."""
    told = tuple(f"Prior of relapse, {d}: {known.note}." for d, known in found.priors.items() if known.source)
    return (
        "At risk: committed or sympathiser. Rejecting violence: pacified or adherent, whatever else they believe.",
        "Sensitivity and specificity rest on judgement and on studies of known outcomes, which flatter any instrument.",
        "Intervals of shares are of futures with anyone assessed, flagged or let be in the stretch: with few people "
        "they reach from none to all.",
        *told,
    )


def _columns(words: tuple[str, ...], numbers: tuple[str, ...]) -> tuple[TableColumn, ...]:
    return (*(TableColumn(w) for w in words), *(TableColumn(n, "right") for n in numbers))


def _over_time(found: Screening) -> TextTable:
    numbers = ("at risk of assessed", *PARTS.values(), "flag is right", "clearance is right")
    rows = tuple((_span(found, s.start, s.end), *_counted_cells(s.verdicts)) for s in found.periods)
    whole = ("all months", *_counted_cells(found.whole))
    return TextTable(_columns(("months",), numbers), (rows, (whole,)), "Verdicts over time, in people")


def _counted_cells(one: Verdicts) -> tuple[str, ...]:
    over_all = pooled(one)
    return (
        _counted_share(over_all.base_rate, one.base_rate),
        *_people(one),
        _counted_share(over_all.positive_value, one.positive_value),
        _counted_share(over_all.negative_value, one.negative_value),
    )


def _people(one: Verdicts) -> tuple[str, ...]:
    return tuple(_number(getattr(one, part)) for part in PARTS)


def _span(found: Screening, start: int, end: int) -> str:
    return f"{month_year(found.run.date(start))} – {month_year(found.run.date(end))}"


def _stocks(found: Screening) -> TextTable:
    rows = tuple((month_year(found.run.date(s.end)), *(_number(s.stocks[q]) for q in QUEUES)) for s in found.periods)
    return TextTable(_columns(("at the end of",), tuple(STOCKS[q] for q in QUEUES)), (rows,), "Who is where, in people")


def _instrument(found: Screening) -> TextTable:
    """The chance of a flag as people were assessed, and, where levers act on it, on the as-of date and at the end."""
    rows = tuple(
        (f"flags the {d}", _share(chance), _share(found.now[d]), _share(found.last[d]))
        for d, chance in found.by_disposition.items()
    )
    mixed = (
        ("sensitivity", _share(found.sensitivity), "", ""),
        ("specificity", _share(found.specificity), "", ""),
    )
    numbers = ("as people are assessed", "as of today", "in the last month") if found.under_levers else ("chance",)
    shown = tuple(tuple(row[: 1 + len(numbers)] for row in section) for section in (rows, mixed))
    return TextTable(_columns(("the instrument",), numbers), shown, "What the instrument can tell")


def _at_base_rates(found: Screening) -> TextTable:
    numbers = (*PARTS.values(), "flag is right", "clearance is right")
    rows = tuple(
        (share(rate), *_people(one), _share(one.positive_value), _share(one.negative_value))
        for rate, one in sorted(found.at_base_rate.items())
    )
    title = "Of 1,000 assessed, by the share at risk among them (closed form, medians)"
    return TextTable(_columns(("at risk",), numbers), (rows,), title)


def _capacity(found: Screening) -> TextTable:
    label = found.run.dataset["ration_label"]
    rows = tuple((str(label.sel(ration=name).item()), _share(late)) for name, late in found.over_capacity.items())
    return TextTable(
        _columns(("capacity",), ("months beyond it",)), (rows,), "Share of months in which demand is beyond it"
    )


def _relapse(found: Screening) -> TextTable:
    """Is rejecting violence enough? Adherents against the pacified, of everyone in the run."""
    rows = tuple(
        (
            RELAPSE[d],
            _source(found.priors[d]),
            _share(within(hazard, YEARS)),
            _number(1200.0 * hazard),
        )
        for d, hazard in found.relapse.items()
    )
    ratio = share_of(found.relapse["adherent"], found.relapse["pacified"])
    more = float(np.mean(ratio[np.isfinite(ratio)] > 1.0)) if np.isfinite(ratio).any() else float("nan")
    told = "the same prior for both: not told apart" if alike(found) else ""
    last = ("adherents against the pacified", told, f"more in {share(more)} of futures", f"{_number(ratio)} times")
    columns = _columns(("who moves back", "prior from"), (f"within {YEARS} years", "moves a hundred person-years"))
    return TextTable(
        columns, (rows, (last,)), "Is rejecting violence enough? Relapse by disposition, everyone at large"
    )


def _source(known: Known) -> str:
    return known.source or "nothing public: wide"


def alike(found: Screening) -> bool:
    """Whether one prior stands behind relapse of adherents and of the pacified, so that their ratio tells nothing."""
    adherent, pacified = (found.priors[d] for d in ("adherent", "pacified"))
    return (adherent.low, adherent.high) == (pacified.low, pacified.high)


def within(hazard: Floats, years: int) -> Floats:
    """Chance of at least one move in so many years at a constant hazard a month."""
    return np.asarray(-np.expm1(-12.0 * years * hazard), dtype=float)


def screening_json(found: Screening, command: str) -> dict[str, Any]:
    """The object that ``afterfall screening --json`` prints."""
    return {
        "schema_version": 1,
        "kind": "screening",
        **found.run.stamp,
        "command": command,
        "country": found.country,
        "periods": [
            {
                "start": s.start,
                "end": s.end,
                "end_date": found.run.date(s.end).isoformat(),
                **_verdict_json(s.verdicts),
                "pooled": _pooled_json(s.verdicts),
                "stocks": {q: _json(values) for q, values in s.stocks.items()},
            }
            for s in found.periods
        ],
        "whole": {**_verdict_json(found.whole), "pooled": _pooled_json(found.whole)},
        "sensitivity": _json(found.sensitivity),
        "specificity": _json(found.specificity),
        "chance_of_a_flag": {d: _json(values) for d, values in found.by_disposition.items()},
        "chance_of_a_flag_now": {d: _json(values) for d, values in found.now.items()},
        "chance_of_a_flag_last": {d: _json(values) for d, values in found.last.items()},
        "per_1000_at_base_rate": {f"{rate:g}": _verdict_json(one) for rate, one in found.at_base_rate.items()},
        "relapse_hazard_a_month": {d: _json(values) for d, values in found.relapse.items()},
        "relapse_prior": {d: _prior(known) for d, known in found.priors.items()},
        "share_of_months_beyond_capacity": {name: _json(values) for name, values in found.over_capacity.items()},
    }


def _json(values: Floats) -> dict[str, float | None]:
    return {
        name: json_number(value) for name, value in zip(("low90", "median", "high90"), quantiles(values), strict=True)
    }


def _pooled_json(one: Verdicts) -> dict[str, float | None]:
    over_all = pooled(one)
    return {name: json_number(getattr(over_all, name)) for name in ("base_rate", "positive_value", "negative_value")}


def _prior(known: Known) -> dict[str, float | str | None]:
    return {"low90": known.low, "high90": known.high, "source": known.source, "note": known.note}


def _verdict_json(one: Verdicts) -> dict[str, Any]:
    parts = {part: _json(getattr(one, part)) for part in PARTS}
    shares = ("base_rate", "positive_value", "negative_value")
    return {**parts, **{name: _json(getattr(one, name)) for name in shares}}
