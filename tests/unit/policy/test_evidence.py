"""What is cited bears what it is cited for: no measured effect without a measurement, no default that leans unasked."""

import datetime as dt
import math

import pytest

from afterfall.case import open_case
from afterfall.model import build
from afterfall.model.language.parameters import Known
from afterfall.model.levers import open_levers
from afterfall.model.mechanisms.human_sources import COOPERATION

#: As-of dates on either side of the rows on relapse, cooperation and time since return.
DAYS = ("2015-08-31", "2016-06-30", "2017-02-13", "2019-06-30", "2021-12-31")


def known(case: str, day: str | None = None) -> dict[str, Known]:
    return {k.name: k for k in build(open_case(case, as_of=day), horizon=1).parameters}


def test_every_effect_is_an_assumption_or_the_governments_own_act() -> None:
    """As `docs/levers.md` says; who adds a measured effect changes both."""
    found = {e.status for x in open_levers().levers.values() for effect in x.effects for e in effect.evidence}
    assert found == {"assumption", "decision"}


@pytest.mark.parametrize("day", DAYS)
def test_adherents_and_the_pacified_relapse_by_one_prior(day: str) -> None:
    """No source tells them apart, so that no as-of date may."""
    adherent, pacified = (known("isis-2017", day)[f"relapse.{d}"] for d in ("adherent", "pacified"))
    assert (adherent.low, adherent.high, adherent.source) == (pacified.low, pacified.high, pacified.source)
    assert "by analogy" in adherent.note if adherent.source else adherent.uninformed


def test_defaults_that_later_literature_would_turn_lean_neither_way() -> None:
    """Whatever is known of it only since 2018 (time since return) or 2016 (who cooperates) is no default."""
    plain = known("mali-2013")
    settled = plain["attack.settled"]
    assert settled.uninformed
    assert math.log(settled.low) == pytest.approx(-math.log(settled.high))
    assert (
        len({(plain[f"sources.cooperates.{d}"].low, plain[f"sources.cooperates.{d}"].high) for d in COOPERATION}) == 1
    )
    assert plain["relapse.adherent"].low == plain["relapse.pacified"].low


@pytest.mark.parametrize(
    ("name", "public"), [("attack.settled", "2018-12-31"), ("sources.cooperates.committed", "2016-12-31")]
)
def test_what_was_published_later_enters_on_its_day(name: str, public: str) -> None:
    eve = (dt.date.fromisoformat(public) - dt.timedelta(days=1)).isoformat()
    assert known("isis-2017", eve)[name].uninformed
    assert not known("isis-2017", public)[name].uninformed


@pytest.mark.parametrize("case", ["isis-2017", "mali-2013"])
def test_the_ledger_owns_up_to_time_since_return(case: str) -> None:
    entry = {h.id: h for h in open_case(case).hindsight}["newly-back"]
    assert entry.known_from.last_day == dt.date(2018, 12, 31)
