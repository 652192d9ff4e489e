"""``afterfall reference``: rates in 80 columns, one JSON object, and days that cannot be."""

from __future__ import annotations

import json

from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell


def test_the_tables_fit_80_columns_and_name_the_three_countries(shell: Shell) -> None:
    done = shell("reference", "--as-of", "2017-02-13")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    tables = [line for line in lines if "  " in line.strip() and not line.startswith(("Public", "First"))]
    assert len(tables) > 40
    assert max(map(len, tables)) <= 80
    assert "as of 2017-02-13" in lines[0]
    assert "Jordan 2016; Tunisia 2015; Saudi Arabia 2014" in " ".join(done.out.split())


def test_notes_on_how_to_read_are_folded_unless_asked_for(shell: Shell) -> None:
    short, full = (" ".join(shell("reference", *more).out.split()) for more in ((), ("--notes",)))
    assert "3 more notes on how to read this: the same command with --notes." in short
    assert "recalled rows weigh half" in full
    assert "recalled rows weigh half" not in short
    assert "A forecast uses the rates of first presence" in short


def test_json_has_its_schema_and_the_rates_of_the_day(shell: Shell) -> None:
    done = shell("reference", "--as-of", "2017-02-13", "--years-ahead", "3", "--json")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert problems(content) == []
    assert content["as_of"] == "2017-02-13"
    assert content["first_presences"]["any"]["until"] == "2020-02-13"
    rates = {(r["event"], r["stratum"]): r for r in content["rates"]}
    assert len(rates) == len(content["rates"])
    assert rates["split", "losing ground"]["events"] == 18
    assert all(r["low90"] <= r["mean"] <= r["high90"] for r in content["rates"] if r["events"] > 2)


def test_a_day_without_tables_is_refused(shell: Shell) -> None:
    done = shell("reference", "--as-of", "2001")
    assert done.code == 2
    assert "2005" in done.err
    late = shell("reference", "--as-of", "2026-03-13")
    assert (late.code, late.out) == (2, "")
    assert "the reference class ends on 2025-06-30: --as-of 2026-03-13 lies after it" in " ".join(late.err.split())
