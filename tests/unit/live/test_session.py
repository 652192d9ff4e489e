"""A session refines one keyed run: each step is what `compare` gives, only side B is new, the latest request wins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

import afterfall
from afterfall.live import Refined, Session, Sharing, open_session
from afterfall.model.levers import open_levers
from afterfall.policy import Comparison
from afterfall.run import chunk, starting_states

SETTINGS = {"horizon": 9, "seed": 5, "draws": "prior"}
MOST = 20
BORDER = ["border=0.9"]


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with open_session("tiny", country="Arda", trajectories=MOST, threads=2, **SETTINGS) as found:  # type: ignore[arg-type]
        yield found


def whole(levers: list[str], trajectories: int) -> Comparison:
    return afterfall.compare("tiny", country="Arda", levers=levers, trajectories=trajectories, **SETTINGS)  # type: ignore[arg-type]


def contents(found: Comparison) -> dict[str, object]:
    """All that a comparison says, and the requests of its runs."""
    of = ("country", "month", "endpoints", "differences", "others", "at_rho", "costs")
    said = {name: repr(getattr(found, name)) for name in of}
    return said | {side: (getattr(found, side).policy, getattr(found, side).run.request) for side in ("a", "b")}


def test_every_step_is_what_compare_gives_with_as_many_simulations(session: Session) -> None:
    steps = list(session.compare(BORDER))
    assert [one.simulations for one in steps] == [8, 16, MOST, MOST]
    assert [one.final for one in steps] == [False, False, False, True]
    for one in steps:
        expected = whole(BORDER, one.simulations)
        assert contents(one.comparison) == contents(expected if one.final else replace(expected, at_rho={}))
    assert steps[-1].comparison.at_rho.keys() == {0.0, 0.5, 1.0}


def test_a_lever_that_moves_no_exit_is_done_without_fixed_rho(session: Session) -> None:
    steps = list(session.compare("monitoring=0.9"))
    assert [(one.simulations, one.final) for one in steps] == [(8, False), (16, False), (MOST, True)]
    assert contents(steps[-1].comparison) == contents(whole(["monitoring=0.9"], MOST))


def test_only_side_b_is_simulated_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    list(session.compare(BORDER))
    seen: list[str] = []
    for room, name in ((chunk, "run_trajectory"), (starting_states, "nowcast")):
        of = getattr(room, name)
        monkeypatch.setattr(room, name, lambda *a, name=name, of=of, **k: (seen.append(name), of(*a, **k))[1])
    next(session.compare("border=0.5"))
    assert seen == ["run_trajectory"] * 8


def test_the_latest_request_wins(session: Session) -> None:
    first = session.compare(BORDER)
    assert next(first).simulations == 8
    second = session.compare("border=0.4")
    assert first.superseded
    assert not second.superseded
    assert list(first) == []
    assert len(list(second)) == 4


def test_a_cancelled_request_stops_while_it_works(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    going, made = session.compare("border=0.7"), list[Refined]()
    begun, cancelled, of = threading.Event(), threading.Event(), chunk.run_trajectory

    def held(*args: object) -> object:
        begun.set()
        assert cancelled.wait(60)
        return of(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(chunk, "run_trajectory", held)
    worker = threading.Thread(target=lambda: made.extend(going))
    worker.start()
    assert begun.wait(60)
    going.cancel()
    cancelled.set()
    worker.join(60)
    assert not worker.is_alive()
    assert made == []
    assert going.superseded


def test_a_comparison_lets_others_go_first_and_ends_the_same(session: Session) -> None:
    """Others come after each few simulations of every step but the first."""
    passed, read, waiting = [], [], []

    def let_pass() -> None:
        passed.append(len(steps))
        waiting.clear()

    def others_first() -> bool:
        if steps and not waiting and len(passed) < 3:
            waiting.append("somebody")
            return True
        return bool(waiting)

    steps: list[Refined] = []
    for step in session.compare("border=0.37", sharing=Sharing(others_first, let_pass, lambda: read.append(1))):
        steps.append(step)
    alone = list(session.compare("border=0.37"))
    assert passed == [1, 1, 1]
    assert len(read) == len({step.simulations for step in steps})
    assert [contents(one.comparison) for one in steps] == [contents(one.comparison) for one in alone]


def test_a_step_says_how_many_simulations_it_has_to_make(session: Session) -> None:
    """Of both sides: side A is there from the first comparison on; then those with rho held, as parts of one step."""
    list(session.compare(BORDER))
    said: list[tuple[int, int]] = []
    list(session.compare("border=0.44", sharing=Sharing(report=lambda done, total: said.append((done, total)))))
    by_step = [total for _, total in said]
    assert list(dict.fromkeys(by_step)) == [8, 4, 60]
    assert all(0 <= done <= total for done, total in said)
    assert {total for done, total in said if done == total} == {8, 4, 60}


def test_what_does_not_fit_is_refused_at_once_and_supersedes_nothing(session: Session) -> None:
    going = session.compare(BORDER)
    with pytest.raises(ValueError, match=r"unknown lever 'bordr' \(did you mean 'border'"):
        session.compare("bordr=0.5")
    assert not going.superseded


def test_another_side_a() -> None:
    case = afterfall.open_case("tiny")
    now = open_levers().policy(case, None, ["monitoring=0.9"])
    with open_session(case, against=now, trajectories=8, **SETTINGS) as found:  # type: ignore[arg-type]
        last = list(found.compare("programmes=0.7"))[-1]
    expected = afterfall.compare(case, levers="programmes=0.7", against=now, trajectories=8, **SETTINGS)  # type: ignore[arg-type]
    assert contents(last.comparison) == contents(expected)
    assert last.final
