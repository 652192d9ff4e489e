"""When a bundled posterior is left alone, and when it is made again."""

from dataclasses import replace
from pathlib import Path

import pytest

import fit_bundled
from afterfall.infer.stacking import STACKING_VERSION
from afterfall.model import Model
from afterfall.posterior import Posterior


class Fitted(Exception):
    """A fit was asked for."""


@pytest.mark.parametrize(
    ("stacking", "key", "again", "left_alone"),
    [
        (STACKING_VERSION, None, False, True),
        (STACKING_VERSION - 1, None, False, False),
        (STACKING_VERSION, "other", False, False),
        (STACKING_VERSION, None, True, False),
    ],
)
def test_only_what_belongs_to_its_model_with_a_weight_of_the_present_version_is_left_alone(
    tiny: Model,
    posterior: Posterior,
    monkeypatch: pytest.MonkeyPatch,
    stacking: int,
    key: str | None,
    again: bool,
    left_alone: bool,
) -> None:
    def fit(*_: object, **__: object) -> None:
        raise Fitted

    origin = replace(posterior.origin, stacking=stacking, key=key or posterior.origin.key)
    monkeypatch.setattr(fit_bundled, "fit", fit)
    monkeypatch.setattr(fit_bundled, "build", lambda _: tiny)
    monkeypatch.setattr(fit_bundled, "bundled_posterior", lambda _: replace(posterior, origin=origin))
    one = f"tiny@{tiny.case.as_of}"
    if left_alone:
        assert fit_bundled.refit(one, Path("fits"), again=again) == 0
    else:
        with pytest.raises(Fitted):
            fit_bundled.refit(one, Path("fits"), again=again)
