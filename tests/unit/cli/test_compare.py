"""``afterfall compare`` and ``levers`` as a user types them."""

import json
from pathlib import Path

from tests.json_schemas import problems
from tests.made_up.levers import GOOD
from tests.unit.cli.conftest import Shell

SMALL = ("--trajectories", "4", "--horizon", "6")


def test_compare_prints_json_and_keeps_runs(shell: Shell, tmp_path: Path) -> None:
    done = shell("compare", "tiny", "--lever", "programmes=0.7", "--country", "Brom", *SMALL, "--json")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert problems(content) == []
    assert content["country"] == "brom"
    assert content["b"]["settings"] == ["programmes=0.7 for brom from month 1"]
    assert len(list((tmp_path / "runs").glob("tiny-*"))) >= 2
    assert list((tmp_path / "runs").glob("*/brom-against-as-now-month-6.png"))


def test_compare_prints_tables(shell: Shell) -> None:
    done = shell("compare", "tiny", "--lever", "detention-security=0.9", *SMALL, "--no-picture")
    assert done.code == 0, done.err
    assert "What B changes against A" in done.out
    assert "picture" not in done.err


def test_wrong_names_exit_two_with_the_nearest(shell: Shell) -> None:
    done = shell("compare", "tiny", "--lever", "programs=0.7")
    assert done.code == 2
    assert "did you mean 'programmes'" in done.err
    assert shell("compare", "tiny", "--package", "leave-in-camp").code == 2
    assert shell("compare", "tiny").code == 2
    assert shell("compare", "tiny", "--lever", "border=0.5", "--country", "Nowhere").code == 2


def test_levers_are_listed(shell: Shell) -> None:
    done = shell("levers", "tiny", "--country", "arda")
    assert done.code == 0
    for word in ("border", "too late", "counterfactual", "assumption", "repatriate-and-prosecute"):
        assert word in done.out, word


def test_own_levers_from_a_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    done = shell("levers", "tiny", "--levers", "mine.toml")
    assert "help" in done.out
    (tmp_path / "bad.toml").write_text(GOOD.replace("now = 0.2", "now = 2"))
    done = shell("levers", "tiny", "--levers", "bad.toml")
    assert done.code == 2
    assert "bad.toml, levers.help.now" in done.err
    absent = shell("levers", "tiny", "--levers", "absent.toml", "--levers", "gone.toml")
    assert absent.code == 2
    assert "absent.toml: No such file" in absent.err
    assert "gone.toml: No such file" in absent.err


def test_screening_prints_tables_and_json(shell: Shell, tmp_path: Path) -> None:
    done = shell("screening", "tiny", "--country", "arda", *SMALL, "--every", "3", "--base-rate", "0.02")
    assert done.code == 0, done.err
    assert "Verdicts over time" in done.out
    assert list((tmp_path / "runs").glob("*/arda-screening.png"))
    done = shell("screening", "tiny", "--country", "arda", *SMALL, "--every", "3", "--base-rate", "0.02", "--json")
    content = json.loads(done.out)
    assert set(content["per_1000_at_base_rate"]) == {"0.02"}
    assert problems(content) == []
    assert "reused" in done.err
    assert shell("screening", "tiny", "--country", "nowhere").code == 2


def test_screening_takes_levers_of_ones_own(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    asked = ("screening", "tiny", "--country", "arda", *SMALL, "--every", "3", "--lever", "help=0.9", "--no-picture")
    done = shell(*asked, "--levers", "mine.toml")
    assert done.code == 0, done.err
    assert shell(*asked).code == 2


def test_options_are_compared_side_by_side(shell: Shell) -> None:
    given = ["--option", "safe: detention-security=0.9", "--option", "programmes=0.7", "--country", "Brom"]
    done = shell("compare", "tiny", *given, *SMALL, "--json")
    assert done.code == 0, done.err
    made = json.loads(done.out)
    assert problems(made) == []
    assert [one["option"] for one in made["options"]] == ["now", "safe", "programmes=0.7"]
    assert (
        "\nsafe: too few simulations to say on at risk and undetected"
        in shell("compare", "tiny", *given, *SMALL, "--no-picture").out
    )


def test_levers_can_be_what_others_are_compared_with(shell: Shell) -> None:
    done = shell("compare", "tiny", "--lever", "border=0.6", "--against", "programmes=0.7", *SMALL, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["a"]["settings"] == ["programmes=0.7 for everyone from month 1"]


def test_wrong_options_are_refused(shell: Shell) -> None:
    done = shell("compare", "tiny", "--option", "x: bordr=0.6")
    assert done.code == 2
    assert "did you mean" in done.err
    assert shell("compare", "tiny", "--option", "border=0.6", "--lever", "border=0.6").code == 2


def test_the_best_mix_is_searched_and_what_does_not_go_with_it_is_refused(shell: Shell) -> None:
    asked = ("compare", "tiny", "--country", "Brom", "--budget", "in_programme=5", "--mix", "programmes=0.6", *SMALL)
    done = shell(*asked, "--no-picture", "--json")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert problems(content) == []
    assert content["candidates"] == 2
    assert shell(*asked, "--lever", "border=0.5").code == 2
    wrong = shell("compare", "tiny", "--budget", "in_programm=5", "--mix", "programmes=0.6", *SMALL)
    assert wrong.code == 2
    assert "did you mean 'in_programme'" in wrong.err


def test_options_fit_a_narrow_terminal(shell: Shell) -> None:
    """As plain columns every line of words is short; numbers stand under each other with their intervals below."""
    given = ["--option", "safe: detention-security=0.9", "--option", "more: programmes=0.7", "--option", "border=0.9"]
    done = shell("compare", "tiny", *given, "--country", "Brom", *SMALL, "--no-picture")
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= 140
