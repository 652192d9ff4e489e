"""A forecast in a few lines: where most people are, what falls, which organisations are left, and what may happen.

The lines repeat numbers of the tables below them, and add none.
"""

from __future__ import annotations

from afterfall.report.forecast.organisation_outlook import OrganisationsOutlook
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.kit.number_formats import chance, day, median_range, published_count, share, two_figures
from afterfall.report.kit.spread import Range, Spread

#: Places and fates named, countries named.
NAMED, COUNTRIES = 3, 3
#: Kinds of event named, in this order.
EVENTS = ("retaking_month", "split", "merger", "absorption")
#: What scores of past dates say of one of them.
TOO_MANY = "(Scored on past dates, recaptures were expected too often.)"


def in_short(outlook: Outlook) -> tuple[str, ...]:
    """The forecast in at most five lines, after one that says for which day and how to read the brackets."""
    lines = (_people(outlook), _falls(outlook), *_organisations(outlook), _foundings(outlook), _counts(outlook))
    head = f"In short, for {day(outlook.at_date)} (medians, with 90% intervals in brackets):"
    return (head, *(f"- {line}" for line in lines if line))


def _people(outlook: Outlook) -> str:
    """The pathways and fates in which most people are."""
    largest = sorted((*outlook.pathways, *outlook.fates), key=lambda one: -one.then.mean_share)[:NAMED]
    parts = [f"{one.label} {_range(one.then)}" for one in largest]
    return f"People: of {_range(outlook.total)} who travelled or were born there, {'; '.join(parts)}."


def _falls(outlook: Outlook) -> str:
    """How many strongholds are expected to fall, and which is likeliest to hold."""
    towns = [fall for fall in outlook.falls if "not a stronghold" not in fall.label]
    if not towns or outlook.country is not None:
        return ""
    last = min(towns, key=lambda fall: fall.within)
    expected = two_figures(sum(fall.within for fall in towns))
    rest = f"; {last.label} is the likeliest to hold (it falls in {chance(last.within, outlook.stamp.trajectories)})"
    months = f"within {outlook.stamp.horizon} months"
    return f"Strongholds: {expected} of {len(towns)} are expected to fall {months}{rest if len(towns) > 1 else ''}."


def _organisations(outlook: Outlook) -> tuple[str, ...]:
    """What is left of the core, and the chances of some events."""
    found, n = outlook.organisations, outlook.stamp.trajectories
    if found is None or outlook.country is not None or not found.organisations:
        return ()
    core = next((one for one in found.organisations if one.kind == "core"), None)
    parts = [f"{core.label} exists in {chance(core.exists, n)}, with {_range(core.then)} people"] if core else []
    parts.append(f"{_range(found.count)} successor organisations exist")
    return (f"Organisations: {'; '.join(parts)}.", _events(outlook, found))


def _events(outlook: Outlook, found: OrganisationsOutlook) -> str:
    n = outlook.stamp.trajectories
    chances = {one.kind: one for one in found.chances}
    parts = [f"{chances[kind].label} in {chance(chances[kind].any, n)}" for kind in EVENTS if kind in chances]
    if outlook.breaks is not None and outlook.breaks.lines:
        likeliest = max(outlook.breaks.lines, key=lambda one: one.by)
        parts.append(f"a break of custody at {likeliest.label} in {chance(likeliest.by, n)}")
    caveat = f" {TOO_MANY}" if "retaking_month" in chances else ""
    return f"At least once by then: {'; '.join(parts)}.{caveat}" if parts else ""


def _foundings(outlook: Outlook) -> str:
    """The countries likeliest to see a first presence, and how many do."""
    found = outlook.foundings
    if found is None:
        return ""
    likeliest = [one for one in found.countries if one.at_risk][:COUNTRIES]
    month = found.months[-1]
    named = ", ".join(f"{one.name} {share(one.within[-1])}" for one in likeliest)
    total = found.total("presence", month).number
    return f"First presences in new countries within {month} months: {_range(total)}; likeliest {named}."


def _counts(outlook: Outlook) -> str:
    """What a published count of the returned may say, for one country."""
    if outlook.country is None or not outlook.counts:
        return ""
    parts = []
    for one in outlook.counts:
        last = "none published" if one.last is None else f"last published {published_count(one.last)}"
        parts.append(f"{one.label} {_range(one.forecast)} ({last})")
    return f"A published count may say: {'; '.join(parts)}."


def _range(of: Spread | Range) -> str:
    return median_range(of.median, of.low90, of.high90)
