"""Attacks in Western countries and shares of who attempted them, as they were public on a day.

The list covers completed attacks in the name of the Islamic State or al-Qaida in nineteen countries, by day and by who
attempted (`data/README.md`). It serves cases whose core is the Islamic State: elsewhere it would be about others, and
nothing is read. An attack is known from its day, a published share from its publication. No attack is behind two shares
of the same sort: a share leaves out the months that one of an earlier time covers. The list's own shares begin after
these months; the numbers of a published share are reduced in proportion to the months left.

Rows that were recalled and not read at their source count half (`RECALLED_WEIGHT`).
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from afterfall.case import PartialDate
from afterfall.case.dates import month_number
from afterfall.reference.event_rate import RECALLED_WEIGHT
from afterfall.reference.families import family_of

#: The family that the list is about.
FAMILY = "ISIS"
#: First and last day of the list.
FIRST_DAY, LAST_DAY = dt.date(2014, 1, 1), dt.date(2017, 2, 13)
SENT, RETURNED, INSPIRED = "sent", "returned", "inspired"


@dataclass(frozen=True, slots=True)
class PublicAttack:
    """One completed attack: country, day, by whom, and its weight."""

    country: str
    day: dt.date
    by: str
    weight: float


@dataclass(frozen=True, slots=True)
class AttackShare:
    """Attempts in Western countries by some of those who attempt, of all of them.

    Attributes
    ----------
    by
        ``sent``, ``returned``, or both.
    first, last
        VIEWS numbers of the months covered.
    part, whole
        Attempts by them, and all.
    weight
        One, or less where it was recalled, times the share of its months that no share before it covers.
    """

    by: tuple[str, ...]
    first: int
    last: int
    part: float
    whole: float
    weight: float


@dataclass(frozen=True, slots=True)
class PublicAttacks:
    """What was public on a day: attacks, shares, the countries covered, and the months that the list covers."""

    attacks: tuple[PublicAttack, ...]
    shares: tuple[AttackShare, ...]
    countries: tuple[str, ...]
    months: tuple[int, ...]

    @property
    def years(self) -> float:
        """Years that the list covers."""
        return len(self.months) / 12.0

    @property
    def weight(self) -> float:
        """Mean weight of the attacks, which all of them have alike: verifying some must not favour their countries."""
        return sum(a.weight for a in self.attacks) / len(self.attacks) if self.attacks else 1.0

    def inspired(self, country: str) -> int:
        """Inspired attacks of a country."""
        return sum(a.country == country and a.by == INSPIRED for a in self.attacks)


NOTHING = PublicAttacks((), (), (), ())


def public_attacks(core: str, day: dt.date) -> PublicAttacks:
    """Attacks and shares that were public on a day; nothing for another core or before the list begins."""
    last = min(day, LAST_DAY)
    months = tuple(range(month_number(f"{FIRST_DAY:%Y-%m}"), month_number(f"{last:%Y-%m}")))
    if family_of(core) != FAMILY or not months:
        return NOTHING
    known = tuple(a for a in _attacks() if a.day <= last and month_number(f"{a.day:%Y-%m}") in months)
    published = sorted((share for share, since in _shares() if since <= day), key=lambda s: s.first)
    listed = PublicAttacks(known, (), _countries(), months)
    reduced = [_reduced(share, published[:k]) for k, share in enumerate(published)]
    return replace(listed, shares=(*reduced, *_own_shares(listed, published)))


def _own_shares(known: PublicAttacks, published: list[AttackShare]) -> list[AttackShare]:
    """The list's own shares of the sent and of the returned, over the months that no published one covers."""
    found = []
    for by in (SENT, RETURNED):
        left = _left((by,), known.months, published)
        some = [a for a in known.attacks if month_number(f"{a.day:%Y-%m}") in left]
        part = float(sum(a.by == by for a in some))
        if some:
            found.append(AttackShare((by,), min(left), max(left), part, float(len(some)), known.weight))
    return found


def _reduced(share: AttackShare, before: list[AttackShare]) -> AttackShare:
    """A share with the weight of the months that no share before it covers."""
    months = tuple(range(share.first, share.last + 1))
    return replace(share, weight=share.weight * len(_left(share.by, months, before)) / len(months))


def _left(by: tuple[str, ...], months: tuple[int, ...], others: list[AttackShare]) -> set[int]:
    """Months after those of other shares that are about any of the same sort."""
    last = max((s.last for s in others if set(by) & set(s.by)), default=0)
    return {m for m in months if m > last}


@cache
def _attacks() -> tuple[PublicAttack, ...]:
    return tuple(
        PublicAttack(row["country"], dt.date.fromisoformat(row["date"]), row["by"], _weight(row))
        for row in _rows("western_attacks.csv")
    )


@cache
def _shares() -> tuple[tuple[AttackShare, dt.date], ...]:
    return tuple(
        (
            AttackShare(
                tuple(row["by"].split(" or ")),
                month_number(row["first"]),
                month_number(row["last"]),
                float(row["part"]),
                float(row["whole"]),
                _weight(row),
            ),
            PartialDate(row["published"]).last_day,
        )
        for row in _rows("attack_shares.csv")
    )


@cache
def _countries() -> tuple[str, ...]:
    return tuple(row["country"] for row in _rows("western_countries.csv"))


def _weight(row: dict[str, str]) -> float:
    return 1.0 if row["verified"] == "yes" else RECALLED_WEIGHT


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("afterfall.attack").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
