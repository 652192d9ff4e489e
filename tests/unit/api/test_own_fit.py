"""A fit of the user's own drives every verb that forecasts: given as a posterior, or as the folder of the fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import afterfall
from afterfall import Posterior, Run

SMALL: dict[str, Any] = {"trajectories": 5, "horizon": 6}
#: Each verb with the run that it makes of `tiny`.
VERBS: dict[str, Callable[[Any], Run | None]] = {
    "forecast": lambda draws: afterfall.forecast("tiny", draws=draws, **SMALL),
    "hindcast": lambda draws: afterfall.hindcast("tiny", as_of="2015-06-30", draws=draws, **SMALL).run,
    "track_record": lambda draws: (
        afterfall.track_record("tiny", as_of=["2015-06-30"], draws=draws, trajectories=5, horizon=12).scores[0].run
    ),
    "compare": lambda draws: afterfall.compare("tiny", levers=["detention-security=0.9"], draws=draws, **SMALL).b.run,
    "screen": lambda draws: afterfall.screen("tiny", country="arda", every=3, draws=draws, **SMALL).run,
    "attacks": lambda draws: afterfall.attacks("tiny", draws=draws, **SMALL).run,
    "brief": lambda draws: afterfall.brief("tiny", country="arda", draws=draws, **SMALL).run,
    "explain": lambda draws: afterfall.explain("tiny", draws=draws, **SMALL).run,
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_draws_from_it(verb: str, own_fit: Posterior) -> None:
    run = VERBS[verb](own_fit)
    assert run is not None
    assert run.request.draws == f"posterior {own_fit.hash}"


def test_both_sides_of_a_comparison_draw_from_it(own_fit: Posterior, fit_file: Path) -> None:
    found = afterfall.compare("tiny", levers=["border=0.6"], draws=fit_file, **SMALL)
    assert found.a.run.request.draws == found.b.run.request.draws == f"posterior {own_fit.hash}"
    assert found.at_rho, "runs at each rho draw from it too"
    left, right = (
        side.run.dataset["parameters"].sel(parameter="killing.fighter").values for side in (found.a, found.b)
    )
    assert np.array_equal(left, right)


def test_the_folder_of_a_fit_stands_for_its_posterior(own_fit: Posterior, fit_file: Path) -> None:
    by_path = afterfall.forecast("tiny", draws=str(fit_file), **SMALL)
    by_value = afterfall.forecast("tiny", draws=own_fit, **SMALL)
    assert by_path.request == by_value.request
    assert by_path.dataset["world"].equals(by_value.dataset["world"])


def test_priors_and_the_bundled_posterior_are_named(own_fit: Posterior) -> None:
    assert afterfall.forecast("tiny", draws="prior", **SMALL).request.draws == "prior"
    default = afterfall.forecast("tiny", **SMALL).request.draws
    assert default.startswith("posterior ")
    assert own_fit.hash not in default


def test_a_posterior_of_a_track_record_is_used_on_its_own_day(own_fit: Posterior) -> None:
    with pytest.raises(ValueError, match="fitted as of 2015-06-30, which is no as-of date"):
        afterfall.track_record("tiny", as_of=["2015-12-31"], draws=own_fit, **SMALL)


def test_influence_draws_from_it_or_from_priors(own_fit: Posterior) -> None:
    pytest.importorskip("jax")
    ask: dict[str, Any] = {"country": "Brom", "at": 6, "trajectories": 50}
    own = afterfall.influence("tiny", draws=own_fit, **ask)
    assert own.posterior is not None
    assert own.posterior.hash == own_fit.hash
    prior = afterfall.influence("tiny", draws="prior", **ask)
    assert prior.posterior is None
    assert prior.number == own.number


def test_a_posterior_of_another_case_is_refused(own_fit: Posterior) -> None:
    with pytest.raises(ValueError, match="fitted to another model"):
        afterfall.brief("mali-2013", country="FRA", draws=own_fit, **SMALL)
