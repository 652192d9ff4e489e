"""The request: its hash changes with every field, survives a round trip, and refuses what cannot be run."""

from __future__ import annotations

from datetime import date

import pytest
from tests.made_up.batches import request

from afterfall.run.errors import RunError
from afterfall.run.request import Request

CHANGES = {
    "case": "other",
    "case_hash": "d" * 16,
    "as_of": date(2017, 2, 1),
    "model_version": "1",
    "model_hash": "n" * 16,
    "program_hash": "q" * 16,
    "code_hash": "t" * 16,
    "horizon": 7,
    "record_months": (0, 6),
    "trajectories": 8,
    "seed": 12,
    "chunk_size": 4,
    "draws": "fit",
    "policy": ("border=0.6 for everyone from month 1",),
    "format": 2,
}


def test_every_field_changes_the_hash_and_all_are_listed() -> None:
    assert set(CHANGES) == set(request().as_dict())
    hashes = {request(**{field: value}).hash for field, value in CHANGES.items()} | {request().hash}
    assert len(hashes) == len(CHANGES) + 1


def test_conditions_change_the_hash_and_the_name_and_their_absence_neither() -> None:
    given = request(given=("all fall by 2019-03",))
    assert given.hash != request().hash
    assert given.name == f"{given.case}-given-{given.hash}"
    assert Request.from_json(given.to_json()) == given
    assert "given" not in request().as_dict()
    assert given.differences(request()) == {"given": (["all fall by 2019-03"], None)}


def test_the_hash_does_not_depend_on_the_process() -> None:
    assert request().hash == "c86576b24d38"


def test_json_round_trip() -> None:
    assert Request.from_json(request().to_json()) == request()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a request"),
        ("{}", "missing"),
        (request().to_json().replace('"seed"', '"sede"'), r"missing \['seed'\], unknown \['sede'\]"),
        (request().to_json().replace("2017-01-31", "2017-01-32"), "not a request"),
    ],
)
def test_what_is_no_request_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(RunError, match=said):
        Request.from_json(text)


def test_all_bad_numbers_are_named_together() -> None:
    with pytest.raises(ValueError, match="seed must lie in"):
        request(seed=2**63)
    with pytest.raises(ValueError, match=r"trajectories .* found 0; .*horizon .* found -1; seed .* found -5"):
        request(trajectories=0, horizon=-1, seed=-5)


def test_chunks_cover_all_trajectories_once() -> None:
    asked = request(trajectories=7, chunk_size=3)
    assert [list(asked.chunk(i)) for i in range(asked.chunks)] == [[0, 1, 2], [3, 4, 5], [6]]
    with pytest.raises(ValueError, match=r"0\.\.2"):
        asked.chunk(3)


def test_differences_name_the_fields() -> None:
    assert request().differences(request(seed=12, case="b")) == {"seed": (11, 12), "case": ("made-up", "b")}
