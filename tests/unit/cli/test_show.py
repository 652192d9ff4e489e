"""``check`` and ``model``: what they print when all is well."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.conftest import Shell

from afterfall import __version__
from afterfall.case import case_hash, open_case
from afterfall.model import build


def test_check_says_ok_with_counts_and_hash(shell: Shell) -> None:
    case = open_case("tiny")
    outcome = shell("check", "tiny")
    assert outcome.code == 0
    assert outcome.out.startswith(f"ok: {case.title} (tiny), as of 30 Jun 2015, case hash {case_hash(case)}\n")
    counts = dict(line.rsplit(maxsplit=1) for line in outcome.out.splitlines()[3:])
    assert counts["figures"] == str(len(case.figures))
    assert counts["transitions"] == str(len(build(case).transitions))


def test_the_as_of_date_cuts_what_is_counted(shell: Shell) -> None:
    early, late = shell("check", "tiny", "--as-of", "2015-03"), shell("check", "tiny")
    assert early.code == 0
    assert "as of 31 Mar 2015" in early.out
    assert early.out.splitlines()[0].split()[-1] != late.out.splitlines()[0].split()[-1]


def test_model_prints_plain_columns_without_trailing_spaces(shell: Shell) -> None:
    outcome = shell("model", "tiny", "--all")
    assert outcome.code == 0
    for part in (
        "In short",
        "states, in the order people move",
        "exit_choice:",
        "quantities",
        "uninformed (a wide prior",
    ):
        assert part in outcome.out
    assert all(line == line.rstrip() for line in outcome.out.splitlines())
    assert "\x1b" not in outcome.out


def test_model_json_is_the_model(shell: Shell) -> None:
    model = build(open_case("tiny"))
    outcome = shell("model", "tiny", "--json")
    content = json.loads(outcome.out)
    assert [s["name"] for s in content["states"]] == [s.name for s in model.states]
    assert [(t["source"], t["dest"]) for t in content["transitions"]] == [(t.source, t.dest) for t in model.transitions]
    assert [q["name"] for q in content["quantities"]] == [q.name for q in model.quantities]
    priors = {p["name"]: p for p in content["parameters"]}
    assert len(priors) == len(model.parameters)
    assert all(
        priors[p.name]["low"] == p.low and priors[p.name]["uninformed"] == p.uninformed for p in model.parameters
    )
    sourced = [p for p in content["parameters"] if p["source"]]
    assert sourced
    assert all(p["source_title"] and not p["uninformed"] for p in sourced)


def test_model_draws_the_diagram(shell: Shell, tmp_path: Path) -> None:
    outcome = shell("model", "tiny", "--json", "--diagram", "states.svg")
    assert outcome.code == 0
    json.loads(outcome.out)
    assert "states.svg" in outcome.err
    assert (tmp_path / "states.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_ending_of_a_diagram_may_be_in_capitals(shell: Shell, tmp_path: Path) -> None:
    assert shell("model", "tiny", "--diagram", "states.PNG").code == 0
    assert (tmp_path / "states.PNG").read_bytes().startswith(b"\x89PNG")


def test_a_diagram_that_cannot_be_written_is_a_failure(shell: Shell) -> None:
    outcome = shell("model", "tiny", "--diagram", "no/such/folder/states.svg")
    assert outcome.code == 1
    assert "no/such/folder" in outcome.err


def test_version_and_help(shell: Shell) -> None:
    assert shell("--version").out == f"afterfall {__version__}\n"
    for arguments in ([], ["--help"], ["forecast", "--help"]):
        outcome = shell(*arguments)
        assert outcome.code == 0
        assert "afterfall" in outcome.out
    assert "afterfall forecast isis-2017 --country CAN" in outcome.out
