"""A model under a policy, made by redoing only what levers touch, is the one that `build` makes."""

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest

from afterfall.case import Case, open_case
from afterfall.model import Model, build, under_policy
from afterfall.model.levers import AS_NOW, Policy, Setting, open_levers

RHO = {"leaving.retained": 0.5}
HORIZON = 6
LEVERS = open_levers().levers


@pytest.fixture(scope="module")
def real() -> Case:
    return open_case("isis-2017")


@pytest.fixture(scope="module")
def plain(real: Case) -> Model:
    return build(real, horizon=HORIZON, record_months=[5])


def whole(case: Case, policy: Policy, fixed: dict[str, float]) -> Model:
    return build(case, horizon=HORIZON, record_months=[5], policy=policy, fixed=fixed)


def differing(one: Model, other: Model) -> list[str]:
    """Names of what differs: fields of the models, and arrays of their programs, in content, shape or type."""
    found = [
        f"{part}.{name}"
        for part in ("program", "history", "bands")
        for name, value in getattr(one, part)._asdict().items()
        if not same(value, getattr(getattr(other, part), name))
    ]
    plain = [f.name for f in fields(Model) if f.name not in ("program", "history", "bands", "structure", "plain")]
    found += [
        f"lists.{place}" for place, value in arrays(one.lists) if not same(value, dict(arrays(other.lists))[place])
    ]
    found += [name for name in plain if getattr(one, name) != getattr(other, name)]
    declared = ("rates", "parameters", "widenings", "states", "transitions")
    found += [
        f"structure.{n}" for n in declared if repr(getattr(one.structure, n)) != repr(getattr(other.structure, n))
    ]
    return found + (["model_hash"] if one.model_hash != other.model_hash else [])


def arrays(lists: tuple[object, ...], place: str = "") -> Iterator[tuple[str, object]]:
    """Every array of nested named tuples, with its place."""
    for name, value in zip(getattr(lists, "_fields", ()), lists, strict=True):
        if isinstance(value, tuple):
            yield from arrays(value, f"{place}.{name}")
        else:
            yield f"{place}.{name}", value


def same(one: object, other: object) -> bool:
    a, b = np.asarray(one), np.asarray(other)
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def setting(name: str, intensity: float = 0.9, start: int = 1) -> Setting:
    one = LEVERS[name]
    return Setting(one, intensity, ("CAN",) if one.scope == "origin" else None, start)


@pytest.mark.parametrize("name", sorted(LEVERS))
def test_every_lever_alone(real: Case, plain: Model, name: str) -> None:
    policy = Policy(name, name, (setting(name),))
    assert differing(under_policy(plain, policy), whole(real, policy, {})) == []


def test_all_levers_together_with_a_fixed_parameter(real: Case, plain: Model) -> None:
    policy = Policy("all", "all", tuple(setting(name, 0.1, 3) for name in LEVERS))
    policy = replace(policy, settings=(*policy.settings, Setting(LEVERS["border"], 0.6)))
    assert differing(under_policy(plain, policy, fixed=RHO), whole(real, policy, RHO)) == []


def test_no_lever_and_a_fixed_parameter(real: Case, plain: Model) -> None:
    assert differing(under_policy(plain, AS_NOW), plain) == []
    assert differing(under_policy(plain, AS_NOW, fixed=RHO), whole(real, AS_NOW, RHO)) == []


def test_a_difference_would_be_found(real: Case, plain: Model) -> None:
    one = whole(real, Policy("b", "b", (setting("border"),)), {})
    two = under_policy(plain, Policy("b", "b", (setting("border", 0.8),)))
    assert {"program.x_time", "policy"} <= set(differing(one, two))


def test_what_cannot_be_made_is_refused(plain: Model) -> None:
    under = under_policy(plain, Policy("b", "b", (setting("border"),)))
    with pytest.raises(ValueError, match=r"expected a model without a policy, found one under border=0\.9"):
        under_policy(under, AS_NOW)
    with pytest.raises(ValueError, match=r"does not have: no\.such"):
        under_policy(plain, AS_NOW, fixed={"no.such": 1.0})
    with pytest.raises(ValueError, match="unknown origin 'XXX'"):
        under_policy(plain, Policy("b", "b", (Setting(LEVERS["border"], 0.5, ("XXX",)),)))
