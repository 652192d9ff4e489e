"""``violence`` and ``field`` as the shell runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Shell, shell  # noqa: F401

pytestmark = pytest.mark.usefixtures("shell")


def test_a_case_of_made_up_countries_has_no_violence(shell: Shell) -> None:  # noqa: F811
    outcome = shell("violence", "tiny", "--trajectories", "2", "--horizon", "3")
    assert outcome.code == 2
    assert "no country of case 'tiny' is in the record" in outcome.err
    assert outcome.out == ""


def test_settings_beside_a_finished_run_are_refused(shell: Shell) -> None:  # noqa: F811
    made = shell("forecast", "tiny", "--trajectories", "2", "--horizon", "3", "--no-picture")
    folder = next(line.split()[1] for line in made.err.splitlines() if line.startswith("run: "))
    outcome = shell("violence", folder, "--seed", "3", "--horizon", "4")
    assert outcome.code == 2
    assert "leave out --horizon, --seed" in outcome.err


def test_missing_tables_of_the_field_are_listed(shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    outcome = shell("field", "--views", str(tmp_path))
    assert outcome.code == 2
    assert outcome.err.count("found no file") == 3


@pytest.mark.parametrize("years", ["2017", "2018-2030", "soon", "2023-2018"])
def test_years_outside_the_challenge_are_refused(shell: Shell, years: str, tmp_path: Path) -> None:  # noqa: F811
    outcome = shell("field", "--views", str(tmp_path), "--years", years)
    assert outcome.code == 2
    assert "2018-2023" in outcome.err or "2018 to 2023" in outcome.err


@pytest.mark.slow
def test_violence_of_the_first_case(shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    outcome = shell("violence", "isis-2017", "--trajectories", "20", "--country", "nigeria", "--export", "out")
    assert outcome.code == 0
    assert "Record known to 2015-12" in outcome.out
    assert "Nigeria, month by month" in outcome.out
    assert (tmp_path / "out" / "violence-views.parquet").is_file()
    run = next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: "))
    assert (Path(run) / "violence-NGA.png").stat().st_size > 1000
    again = shell("violence", run, "--country", "NGA", "--no-picture")
    assert again.out == outcome.out
    nearest = shell("violence", run, "--country", "Nigera", "--no-picture")
    assert nearest.code == 2
    assert "Nigeria" in nearest.err
