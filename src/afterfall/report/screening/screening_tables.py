"""Tables of a country's screening: verdicts over time, predictive values, capacity; misses are not hidden."""

from __future__ import annotations

import numpy as np

from afterfall.model.language.parameters import Known
from afterfall.policy.paired_differences import Floats
from afterfall.policy.screening import QUEUES, Screening
from afterfall.policy.test_accuracy import Verdicts, pooled
from afterfall.policy.test_accuracy import share as share_of
from afterfall.report.kit.number_formats import NOTHING, day, median_range, month_year, share
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run.quantile_levels import low_median_high

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
    "cleared": "rightly cleared",
}


def quantiles(values: Floats) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % of the values that are numbers; NaN where none is."""
    known = values[np.isfinite(values)]
    if not known.size:
        return (float("nan"),) * 3
    return low_median_high(known)


def _number(values: Floats) -> str:
    low, median, high = quantiles(values)
    return median_range(median, low, high)


def _share(values: Floats) -> str:
    low, median, high = quantiles(values)
    if not np.isfinite(median):
        return NOTHING
    return f"{share(median)} ({share(low)}–{share(high)})"


def _counted_share(value: float, values: Floats) -> str:
    """A share over all simulations, with the 90 % interval over single simulations."""
    low, _, high = quantiles(values)
    return f"{share(value)} ({share(low)}–{share(high)})" if np.isfinite(value) else NOTHING


def screening_headline(found: Screening) -> tuple[str, ...]:
    """Whose screening this is, and the predictive values over the whole run."""
    request = found.run.request
    whole, over_all = found.whole, pooled(found.whole)
    flags = _counted_share(over_all.positive_value, whole.positive_value)
    cleared = _counted_share(over_all.negative_value, whole.negative_value)
    return (
        f"Screening in {found.run.title} ({request.case}), as of {day(found.run.as_of)}: {found.name}",
        f"{request.horizon} months, {request.trajectories:,} simulations, seed {request.seed}, run {request.hash}",
        f"Of those flagged, {flags} are at risk; of those cleared, {cleared} are not. "
        "Counts are medians, shares of counts are over all simulations together, with 90% intervals.",
    )


def screening_grids(found: Screening) -> tuple[TextTable, ...]:
    """Verdicts, accuracy of the instrument, and capacity."""
    shown = (_over_time, _stocks, _instrument, _at_base_rates, _capacity, _relapse)
    return tuple(table(found) for table in shown)


def screening_notes(found: Screening) -> tuple[str, ...]:
    """How to read the tables."""
    priors = tuple(f"Prior of relapse, {d}: {known.note}." for d, known in found.priors.items() if known.source)
    return (
        HowToRead(
            "At risk: committed or sympathiser. Rejecting violence: pacified or adherent, whatever else they believe."
        ),
        "Sensitivity and specificity rest on judgement and on studies of known outcomes, which flatter any instrument.",
        HowToRead(
            "Intervals of shares are over simulations with anyone assessed, flagged or cleared in the period: with few "
            "people they reach from none to all."
        ),
        *priors,
    )


def _over_time(found: Screening) -> TextTable:
    numbers = ("at risk of assessed", *PARTS.values(), "flag is right", "clearance is right")
    rows = tuple((_span(found, s.start, s.end), *_counted_cells(s.verdicts)) for s in found.periods)
    whole = ("all months", *_counted_cells(found.whole))
    return TextTable(
        (*word_columns("months"), *number_columns(*numbers)), (rows, (whole,)), "Verdicts over time, in people"
    )


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
    return TextTable(
        (*word_columns("at the end of"), *number_columns(*(STOCKS[q] for q in QUEUES))),
        (rows,),
        "Who is where, in people",
    )


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
    return TextTable((*word_columns("the instrument"), *number_columns(*numbers)), shown, "Accuracy of the instrument")


def _at_base_rates(found: Screening) -> TextTable:
    numbers = (*PARTS.values(), "flag is right", "clearance is right")
    rows = tuple(
        (share(rate), *_people(one), _share(one.positive_value), _share(one.negative_value))
        for rate, one in sorted(found.at_base_rate.items())
    )
    title = "Of 1,000 assessed, by the share at risk among them (closed form, medians)"
    return TextTable((*word_columns("at risk"), *number_columns(*numbers)), (rows,), title)


def _capacity(found: Screening) -> TextTable:
    label = found.run.dataset["ration_label"]
    rows = tuple((str(label.sel(ration=name).item()), _share(late)) for name, late in found.over_capacity.items())
    columns = (*word_columns("capacity"), *number_columns("months beyond it"))
    return TextTable(columns, (rows,), "Share of months in which demand is beyond capacity")


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
    remark = "the same prior for both: no difference can be inferred" if alike(found) else ""
    last = (
        "adherents against the pacified",
        remark,
        f"more in {share(more)} of simulations",
        f"{_number(ratio)} times",
    )
    columns = (
        *word_columns("disposition", "prior from"),
        *number_columns(f"within {YEARS} years", "moves per 100 person-years"),
    )
    return TextTable(
        columns, (rows, (last,)), "Is rejecting violence enough? Relapse by disposition, everyone at large"
    )


def _source(known: Known) -> str:
    return known.source or "nothing public: wide"


def alike(found: Screening) -> bool:
    """Whether relapse of adherents and of the pacified has one prior, so that their ratio carries no information."""
    adherent, pacified = (found.priors[d] for d in ("adherent", "pacified"))
    return (adherent.low, adherent.high) == (pacified.low, pacified.high)


def within(hazard: Floats, years: int) -> Floats:
    """Chance of at least one move in so many years at a constant hazard a month."""
    return np.asarray(-np.expm1(-12.0 * years * hazard), dtype=float)
