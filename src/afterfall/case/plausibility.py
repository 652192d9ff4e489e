"""Warnings: rows that can be read but are most likely wrong, or will not do what their author expects.

A warning stops nothing. ``check`` lists all of them, every other command counts them, and outputs on a country repeat
those of the rows that they rest on. Each rule looks at a case as cut, so that no warning reveals what was published
later.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations, pairwise
from statistics import median

from afterfall.case.case import Case
from afterfall.case.place_names import ISO_CODE, country_codes, is_country_code, nearest_country
from afterfall.case.problems import Problem, at
from afterfall.case.records import COUNTRY_KINDS, Figure, Holding, Organisation, Place, Where

WORLD = "WLD"
#: Definitions that count everyone who travelled, and so can be set against each other.
WHOLE = frozenset({"", "affiliates", "fighters"})
#: Factor by which two figures of one thing may differ before they contradict each other.
TEN = 10.0
#: Factor between the ends of a published range beyond which one of them is most likely a slip.
HUNDRED = 100.0
#: Factor by which a world total may exceed the sum of its origins where no remainder takes the rest.
TWICE = 2.0
#: Quantities of people whom an event moves all at once.
AT_ONCE = frozenset({"transferred", "escaped", "released", "unrecorded"})
#: Days within which two figures speak of one time.
YEAR = 366
#: Part by which a running total may fall before it is reported: corrections are common.
CORRECTION = 0.1
#: Degrees within which a holding is near the others.
NEAR = 8.0


def warnings_of(case: Case) -> tuple[Problem, ...]:
    """Everything implausible in a case as cut, in the order of the rules.

    Each warning names file, row and column, what was found, and what would be plausible. Rows of a case that was not
    read from files are not looked at.
    """
    return tuple(warning for rule in RULES for warning in rule(case))


def warnings_about(case: Case, places: frozenset[str]) -> tuple[Problem, ...]:
    """Warnings of rows about any of the places, and of rows about no place, such as holdings and sources."""
    of_row: dict[tuple[str, int], str] = {}
    records: Iterator[Place | Figure | Organisation] = chain(case.places, case.figures, case.organisations)
    for record in records:
        if record.where is not None:
            of_row[record.where.file, record.where.row] = record.place
    return tuple(one for one in case.warnings if one.row is None or of_row.get((one.file, one.row)) in places | {None})


def parts_above_whole(case: Case) -> Iterator[Problem]:
    """An origin above the world, or one role above everyone, on comparable counts."""
    for figure in _running(case, "travelled"):
        if figure.role or figure.place == WORLD or figure.bound:
            continue
        world = [f for f in _running(case, "travelled", WORLD) if not f.role and _comparable(f, figure)]
        highest = _most(world)
        if figure.low > highest:
            found = f"{figure.low:,.0f} for {_thing(case, figure)}"
            yield from _warn(figure.where, found, f"no more than the world's {highest:,.0f}")
    for figure in case.figures:
        if not figure.role or figure.bound:
            continue
        wholes = [f for f in case.figures_of(figure.quantity, place=figure.place) if not f.role]
        alike = [f for f in wholes if f.basis == figure.basis and f.definition in WHOLE and _one_time(f, figure)]
        highest = _most(alike)
        if figure.low > highest:
            found = f"{figure.low:,.0f} for {_thing(case, figure)}"
            yield from _warn(figure.where, found, f"no more than the {highest:,.0f} of all roles")


def whole_above_parts(case: Case) -> Iterator[Problem]:
    """A world total far above the sum of the origins, where the case has no remainder for the people left over.

    The forecast would give them to the listed origins, most to the one that is known least.
    """
    origins = case.origins()
    if not origins or any(p.kind == "remainder" for p in case.places):
        return
    counts = [[f for f in _running(case, "travelled", o) if not f.role and f.bound != "at_least"] for o in origins]
    if not all(counts):
        return
    highest = sum(max(f.high for f in figures) for figures in counts)
    for figure in _running(case, "travelled", WORLD):
        if not figure.role and not figure.bound and figure.high > TWICE * highest:
            expected = f"about the {highest:,.0f} of all origins together, or a place of kind remainder for the others"
            yield from _warn(figure.where, f"up to {figure.high:,.0f} for {_thing(case, figure)}", expected, "high")


def odd_ranges(case: Case) -> Iterator[Problem]:
    """A range whose ends differ by more than a factor of a hundred, or one of which is far from the value."""
    for figure in case.figures:
        if figure.bound or not figure.low < figure.high or figure.basis == "share":
            continue
        below, above = figure.value - figure.low, figure.high - figure.value
        found = f"{figure.value:,.0f} between {figure.low:,.0f} and {figure.high:,.0f} for {_thing(case, figure)}"
        if figure.high > HUNDRED * max(figure.low, 1.0):
            yield from _warn(figure.where, found, "ends within a factor of a hundred", "high")
        elif 0.0 < TEN * below < above or (below == 0.0 and figure.high > TEN * figure.value):
            yield from _warn(figure.where, found, "an upper end that is not so much further than the lower", "high")
        elif 0.0 < TEN * above < below:
            yield from _warn(figure.where, found, "a lower end that is not so much further than the upper", "low")


def returned_above_travelled(case: Case) -> Iterator[Problem]:
    """More people returned (or were killed) than had travelled by any count of the case."""
    for quantity in ("returned", "killed"):
        for figure in _running(case, quantity):
            if figure.role or figure.place == WORLD:
                continue
            highest = _most(f for f in _running(case, "travelled", figure.place) if not f.role)
            if figure.low > highest:
                found = f"{figure.low:,.0f} for {_thing(case, figure)}"
                yield from _warn(figure.where, found, f"no more than the {highest:,.0f} who travelled")


def falling_totals(case: Case) -> Iterator[Problem]:
    """A running total that falls by more than a correction, within one source or family of reports."""
    series: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in case.figures:
        if figure.basis == "cumulative" and not figure.bound:
            told_by = figure.family or figure.source
            what = (figure.quantity, figure.place, figure.organisation, figure.role, figure.definition)
            series[(*what, told_by)].append(figure)
    for figures in series.values():
        ordered = sorted(figures, key=lambda f: (f.refers_to.last_day, f.published.last_day))
        for earlier, later in pairwise(ordered):
            in_order = earlier.refers_to.last_day < later.refers_to.first_day
            if in_order and later.high < (1.0 - CORRECTION) * earlier.low:
                expected = f"at least the {earlier.low:,.0f} of {earlier.refers_to}, since it is a running total"
                found = f"{later.high:,.0f} on {later.refers_to} for {_thing(case, later)}"
                yield from _warn(later.where, found, expected)


def contradictions(case: Case) -> Iterator[Problem]:
    """Two figures of one thing and one time that differ by more than a factor of ten.

    Of people whom an event moves all at once, an earlier count may be that much smaller.
    """
    alike: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in case.figures:
        if not figure.bound and figure.basis in ("cumulative", "stock"):
            what = (figure.quantity, figure.place, figure.organisation, figure.role, figure.basis, figure.definition)
            alike[what].append(figure)
    for figures in alike.values():
        for one, other in combinations(figures, 2):
            small, large = sorted((one, other), key=lambda f: f.value)
            if small.quantity in AT_ONCE and small.refers_to.last_day < large.refers_to.first_day:
                continue
            if _one_time(one, other) and small.high > 0 and large.low > TEN * small.high:
                expected = f"within a factor of ten of {small.figure!r} ({small.value:,.0f})"
                yield from _warn(large.where, f"{large.value:,.0f} for {_thing(case, large)}", expected)


def far_from_all(case: Case) -> Iterator[Problem]:
    """A count of everyone more than ten times, or less than a tenth of, every other count of its place and quantity.

    The others may have any definition and any date; there must be two without a bound. A running total that is earlier
    than all others may be small: they may have grown since. What `contradictions` names is not named again.
    """
    named = {(one.file, one.row) for one in contradictions(case)}
    alike: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in case.figures:
        if not figure.role and figure.basis in ("cumulative", "stock"):
            alike[figure.quantity, figure.place, figure.organisation].append(figure)
    for figures in alike.values():
        for one in figures:
            others = [other for other in figures if other is not one]
            closed = [other for other in others if not other.bound]
            if one.bound or len(closed) < 2 or (one.where and (one.where.file, one.where.row) in named):
                continue
            how = _how_far(one, others)
            if how:
                least, most = min(f.value for f in others), max(f.value for f in others)
                found = (
                    f"{one.value:,.0f} for {_thing(case, one)}, {how} every other published count "
                    f"({_whole(least)} to {_whole(most)})"
                )
                yield from _warn(one.where, found, "a count within a factor of ten of one of them")


def older_than_source(case: Case) -> Iterator[Problem]:
    """A figure published before the source that it cites."""
    published = {source.source: source.published for source in case.sources}
    for figure in case.figures:
        source = published.get(figure.source)
        if source is not None and figure.published.last_day < source.first_day:
            expected = f"a date from {source}, when {figure.source!r} was published"
            yield from _warn(figure.where, f"{figure.published} for {_thing(case, figure)}", expected, "published")


def swapped_coordinates(case: Case) -> Iterator[Problem]:
    """A holding far from the others that would lie among them with latitude and longitude swapped."""
    placed = [h for h in case.holdings if h.lat is not None and h.lon is not None]
    if len(placed) < 3:
        return
    lat, lon = median(h.lat or 0.0 for h in placed), median(h.lon or 0.0 for h in placed)
    for holding in placed:
        here, there = _degrees(holding, lat, lon), _degrees(holding, lon, lat)
        if here > NEAR and there < NEAR / 2.0:
            found = f"latitude {holding.lat:g}, longitude {holding.lon:g} for {holding.name}"
            yield from _warn(holding.where, found, "coordinates near the other holdings: they may be swapped", "lat")


def shared_names(case: Case) -> Iterator[Problem]:
    """Two places, or two organisations, with one name."""
    places = {(p.name.casefold(), p.place): p.where for p in case.places}
    organisations = {(o.name.casefold(), o.organisation): o.where for o in case.organisations}
    for named in (places, organisations):
        seen: dict[str, str] = {}
        for (name, code), where in sorted(named.items(), key=lambda item: item[0]):
            if seen.setdefault(name, code) != code:
                found = f"{code!r} with the name of {seen[name]!r}, {name!r}"
                yield from _warn(where, found, "a name of its own", "name")


def unused_places(case: Case) -> Iterator[Problem]:
    """A place that no output shows: an origin nobody has counted, in a region without a remainder."""
    counted = {f.place for f in case.figures_of("travelled") if not f.role and f.basis == "cumulative"}
    counted |= {f.place for f in case.figures_of("in_theatre") if f.counts_everyone and f.basis == "stock"}
    remainders = {p.region for p in case.places if p.kind == "remainder"}
    for place in case.places:
        if place.kind == "origin" and place.place not in counted:
            shown = "only within the remainder of its region" if place.region in remainders else "in no output"
            found = f"{place.name} ({place.place!r}), without a count of travellers or a stock; it appears {shown}"
            expected = "a cumulative figure of quantity travelled, or a stock of in_theatre, no role"
            yield from _warn(place.where, found, expected, "place")


def unknown_countries(case: Case) -> Iterator[Problem]:
    """A place with a code like a country's that is none: what is known of the country does not reach it."""
    told: set[str] = set()
    for place in case.places:
        code = place.place
        if place.kind not in COUNTRY_KINDS or not ISO_CODE.fullmatch(code) or is_country_code(code) or code in told:
            continue
        told.add(code)
        found = f"{code!r}, which is no country's code; violence by country and its exports will not show {place.name}"
        for warning in _warn(place.where, found, "an ISO 3166-1 code of three letters, or XKX", "place"):
            yield replace(warning, nearest=nearest_country(code, place.name, country_codes()))


RULES: tuple[Callable[[Case], Iterable[Problem]], ...] = (
    parts_above_whole,
    whole_above_parts,
    odd_ranges,
    returned_above_travelled,
    falling_totals,
    contradictions,
    far_from_all,
    older_than_source,
    swapped_coordinates,
    shared_names,
    unused_places,
    unknown_countries,
)


def _running(case: Case, quantity: str, place: str | None = None) -> list[Figure]:
    found = case.figures_of(quantity, place=place)
    return [f for f in found if f.basis == "cumulative" and f.definition in WHOLE]


def _most(figures: Iterable[Figure]) -> float:
    """The most that counts of one thing allow: their highest end, or ten times what is all "at least"."""
    counts = list(figures)
    closed = [f.high for f in counts if f.bound != "at_least"]
    return max(closed or [TEN * f.low for f in counts], default=math.inf)


def _how_far(one: Figure, others: Iterable[Figure]) -> str:
    """How one count stands to all others: words where it is ten times further than any, otherwise nothing."""
    counts = list(others)
    if one.low > TEN * max(other.high for other in counts):
        return "more than ten times"
    grown = one.basis == "cumulative" and all(one.refers_to.last_day < f.refers_to.first_day for f in counts)
    if not grown and 0.0 < TEN * one.high < min(other.low for other in counts):
        return "less than a tenth of"
    return ""


def _thing(case: Case, figure: Figure) -> str:
    """What a figure counts, for the end of a clause: place, quantity, organisation and role.

    For example "Canada (CAN), travelled" or "the world, in_theatre, role fighter".
    """
    name = next((p.name for p in case.places if p.place == figure.place), "")
    group = case.group(figure.place)
    name = name or (group.name if group else "")
    place = "the world" if figure.place == WORLD else f"{name} ({figure.place})" if name else figure.place
    more = [figure.organisation, f"role {figure.role}" if figure.role else ""]
    return ", ".join([place, figure.quantity, *filter(None, more)])


def _whole(value: float) -> str:
    """A count as people round it: halves up."""
    return f"{math.floor(value + 0.5):,}"


def _comparable(one: Figure, other: Figure) -> bool:
    return one.refers_to.last_day >= other.refers_to.first_day or _one_time(one, other)


def _one_time(one: Figure, other: Figure) -> bool:
    return abs((one.refers_to.last_day - other.refers_to.last_day).days) <= YEAR


def _degrees(holding: Holding, lat: float, lon: float) -> float:
    return max(abs((holding.lat or 0.0) - lat), abs((holding.lon or 0.0) - lon))


def _warn(where: Where | None, found: str, expected: str, column: str = "value") -> Iterator[Problem]:
    if where is not None:
        yield at(where, column, found, expected)
