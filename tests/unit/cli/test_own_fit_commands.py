"""``--draws`` and ``--prior-only`` mean the same in every command that forecasts."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from tests.unit.cli.conftest import Shell

from afterfall.case import open_case
from afterfall.cli.app import COMMANDS
from afterfall.model import build
from afterfall.posterior import bundled_posterior, thinned, write_posterior
from afterfall.run import open_run

SMALL = ("--trajectories", "3", "--horizon", "6")
ASKS = {
    "forecast": ("forecast", "tiny", *SMALL, "--no-picture"),
    "hindcast": ("hindcast", "tiny", "--as-of", "2015-06-30", *SMALL, "--no-picture"),
    "track-record": ("track-record", "tiny", "--as-of", "2015-06-30", "--trajectories", "3", "--horizon", "12"),
    "compare": ("compare", "tiny", "--lever", "detention-security=0.9", *SMALL, "--no-picture"),
    "screening": ("screening", "tiny", "--country", "arda", "--every", "3", *SMALL, "--no-picture"),
    "attacks": ("attacks", "tiny", *SMALL, "--no-picture"),
    "brief": ("brief", "tiny", "--country", "arda", *SMALL),
    "why": ("why", "tiny", *SMALL),
}


@pytest.fixture
def own_fit(tmp_path: Path) -> tuple[str, str]:
    """A file with draws of the user's own, and what a request calls them."""
    bundled = bundled_posterior(build(open_case("tiny")))
    assert bundled is not None
    own = thinned(bundled, 40)
    (tmp_path / "mine.nc").write_bytes(write_posterior(own))
    return "mine.nc", f"posterior {own.hash}"


@pytest.mark.parametrize("command", ASKS)
def test_a_command_draws_from_the_file(command: str, shell: Shell, own_fit: tuple[str, str]) -> None:
    file, named = own_fit
    done = shell(*ASKS[command], "--draws", file)
    assert done.code == 0, done.err
    drawn = {open_run(path).request.draws for path in Path("runs").glob("tiny-*")}
    assert drawn == {named}


@pytest.mark.parametrize("command", ASKS)
def test_both_options_at_once_are_refused(command: str, shell: Shell) -> None:
    done = shell(*ASKS[command], "--draws", "mine.nc", "--prior-only")
    assert done.code == 2
    assert "leave one out" in done.err
    assert not Path("runs").exists()


def test_priors_alone(shell: Shell) -> None:
    done = shell(*ASKS["compare"], "--prior-only")
    assert done.code == 0, done.err
    assert {open_run(path).request.draws for path in Path("runs").glob("tiny-*")} == {"prior"}


def test_every_forecasting_command_has_both_options() -> None:
    commands = {name.replace("-", "_"): module for name, module in COMMANDS.items()}
    for name in (*ASKS, "violence", "influence"):
        name = name.replace("-", "_")
        assert {"draws", "prior_only"} <= set(inspect.signature(getattr(commands[name], name)).parameters), name


def test_the_former_name_of_benchmark_works_with_a_notice(shell: Shell, tmp_path: Path) -> None:
    new, old = (shell(name, "--views", str(tmp_path)) for name in ("benchmark", "field"))
    assert old.code == new.code == 2
    assert "`field` is now `benchmark`" in old.err
    assert old.err.endswith(new.err)
    assert "field" not in shell("--help").out.split()
