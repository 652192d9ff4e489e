"""What chose how first presences become organisations and armed conflicts: each forecast from those before its year.

    python benchmarks/growth_of_firsts.py

Every first presence of ISIS and al-Qaida from 2010 to 2016-08-01 is forecast as of the first of January of its year:
whether it is an organisation, and whether it grows into an armed conflict by the end of 2015, the last year that had
been published. Log scores, higher is better. Growth has one hazard here, the same early and later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.events.founding_scores import CHOSEN_BY
from afterfall.reference.affiliate_survival import FAMILY_GROUPS, first_presences, year_of
from afterfall.reference.founding_growth import FIRST_DYAD_YEAR, GROWTH_YEARS, PLEDGE, PUBLISHED, insurgency
from afterfall.reference.reference_class import ReferenceClass, open_reference_class

#: First year of the first presences that learn, and last year whose dyads had been published.
LEARNED_FROM, LAST_DYAD_YEAR = 2000, 2015


@dataclass(frozen=True)
class First:
    """One first presence: family, year, country, and what was known of it and what became of it."""

    family: str
    year: int
    country: str
    organisation: bool
    insurgency: bool
    coded: bool
    pledge: bool


Alike = Callable[[First, First], bool]
SHARES: dict[str, Alike] = {
    "same family": lambda x, y: x.family == y.family,
    "same rule, both families": lambda x, y: x.insurgency == y.insurgency,
    "same family and rule": lambda x, y: (x.family, x.insurgency) == (y.family, y.insurgency),
    "same family, no pledges": lambda x, y: x.family == y.family and not y.pledge,
    "same family and rule, no pledges (kept)": lambda x, y: (
        (x.family, x.insurgency) == (y.family, y.insurgency) and not y.pledge
    ),
}
GROWTH: dict[str, Alike] = {
    "same family": lambda x, y: x.family == y.family,
    "same family, coder's judgement": lambda x, y: (x.family, x.coded) == (y.family, y.coded),
    "same family and rule": lambda x, y: (x.family, x.insurgency) == (y.family, y.insurgency),
    "same rule, both families": lambda x, y: x.insurgency == y.insurgency,
}


def main() -> None:
    """Print every score."""
    known = open_reference_class(CHOSEN_BY)
    firsts = list(_firsts(known))
    print("A first presence is an organisation")
    for name, alike in SHARES.items():
        _show(name, [(x, _share(firsts, x, alike), x.organisation) for x in firsts if x.year >= FIRST_DYAD_YEAR])
    print("It grows into an armed conflict by the end of 2015")
    wars = {(w.family, w.country, w.year) for w in known.wars}
    some = [x for x in firsts if FIRST_DYAD_YEAR <= x.year <= LAST_DYAD_YEAR]
    for name, alike in GROWTH.items():
        _show(name, [(x, _grows(firsts, wars, x, alike), _grew(wars, x, LAST_DYAD_YEAR) is not None) for x in some])
    for name, alike in GROWTH.items():
        kept = " (kept)" if name == "same family" else ""
        rows = [(x, _by_scale(firsts, wars, x, alike), _grew(wars, x, LAST_DYAD_YEAR) is not None) for x in some]
        _show(f"by scale, {name}{kept}", rows)


def _firsts(known: ReferenceClass) -> Iterable[First]:
    for family, families in FAMILY_GROUPS.items():
        for a in first_presences(known.affiliates, families):
            if year_of(a) >= LEARNED_FROM:
                before = bool(insurgency(known, dt.date(year_of(a), 1, 1), (a.country,))[0])
                yield First(
                    family, year_of(a), a.country, a.scale == "org", before, a.insurgency_before, a.kind == PLEDGE
                )


def _share(firsts: list[First], x: First, alike: Alike) -> float:
    past = [y for y in firsts if y.year < x.year and alike(x, y)]
    return (sum(y.organisation for y in past) + 0.5) / (len(past) + 1)


def _grows(firsts: list[First], wars: set[tuple[str, str, int]], x: First, alike: Alike, mean: float = 0.1) -> float:
    """Chance of a conflict by the last published year, from a gamma posterior worth half an event at a mean."""
    events, years = _counts(wars, [y for y in firsts if y.year < x.year and alike(x, y)], x.year)
    shape, rate = events + 0.5, years + 0.5 / mean
    ahead = min(GROWTH_YEARS, LAST_DYAD_YEAR - x.year) + 1
    return float(1 - (rate / (rate + ahead)) ** shape)


def _by_scale(firsts: list[First], wars: set[tuple[str, str, int]], x: First, alike: Alike) -> float:
    """The same for an organisation and for cells, each with its chance; the prior is that of both families."""
    share, found = _share(firsts, x, SHARES["same family and rule, no pledges (kept)"]), 0.0
    for scale, chance in ((True, share), (False, 1 - share)):
        own = [y for y in firsts if y.organisation == scale]
        events, years = _counts(wars, [y for y in own if y.year < x.year], x.year)
        found += chance * _grows(own, wars, x, alike, (events + 0.5) / (years + 5.0))
    return found


def _counts(wars: set[tuple[str, str, int]], past: list[First], year: int) -> tuple[float, float]:
    """Events and years at risk as of the first of January of a year."""
    last = year - (1 if PUBLISHED <= (1, 1) else 2)
    events = years = 0.0
    for y in past:
        if y.year < FIRST_DYAD_YEAR:
            continue
        grew = _grew(wars, y, last)
        events += grew is not None
        years += max(min(GROWTH_YEARS, last - y.year) + 1, 0) if grew is None else grew + 0.5
    return events, years


def _grew(wars: set[tuple[str, str, int]], x: First, last: int) -> int | None:
    """Years after the first presence in which it grew, None if it had not by a year."""
    ages = range(min(GROWTH_YEARS, last - x.year) + 1)
    return next((age for age in ages if (x.family, x.country, x.year + age) in wars), None)


def _show(name: str, rows: list[tuple[First, float, bool]]) -> None:
    scores = dict.fromkeys(FAMILY_GROUPS, 0.0)
    for x, p, happened in rows:
        scores[x.family] += float(np.log(p if happened else 1 - p))
    by_family = ", ".join(f"{family} {score:.1f}" for family, score in scores.items())
    expected, observed = sum(p for _, p, _ in rows), sum(happened for *_, happened in rows)
    print(f"  {name:46s} {by_family}, both {sum(scores.values()):.1f}; expected {expected:.1f}, observed {observed}")


if __name__ == "__main__":
    main()
