"""The table of influence: what exceeds the Monte Carlo error first, and what reweighting cannot estimate apart."""

from dataclasses import replace

import pytest
from tests.json_schemas import problems

from afterfall.case import open_case
from afterfall.model import Model, build
from afterfall.report.explain.case_deletion_json import influence_json
from afterfall.report.explain.case_deletion_tables import influence_grids, influence_headline

pytest.importorskip("jax")
pytest.importorskip("arviz_stats")

from tests.unit.posterior.conftest import made_up_posterior

from afterfall.infer.case_deletion import CaseDeletion, DeletionEffect, Number


@pytest.fixture(scope="module")
def model() -> Model:
    return build(open_case("tiny"), horizon=6)


@pytest.fixture(scope="module")
def found(model: Model) -> CaseDeletion:
    figures = {f.figure: f for f in model.case.figures}
    clear = DeletionEffect(figures["brom-returned-2015"], 40.0, -10.0, 1.0, 0.2, "drawn again", trusted=True)
    faint = replace(clear, figure=figures["arda-returned-2015"], mean=52.0, shift=2.0, error=1.5, way="reweighted")
    heavy = replace(clear, figure=figures["brom-killed-2015"], khat=0.9, trusted=False)
    not_deleted = ((figures["league-2015"], "draws the arrival curve"),)
    posterior = made_up_posterior(model)
    moved = (clear, heavy, faint)
    return CaseDeletion(Number("returned", "brom", 6), posterior, 200, 3, 50.0, 30.0, 70.0, moved, not_deleted, model)


def test_clear_ones_first_and_heavy_ones_apart(found: CaseDeletion, model: Model) -> None:
    first, heavy, rest = influence_grids(found, model, most=5)
    assert [row[0] for row in first.sections[0]] == ["returned, Brom, 2015-05"]
    assert "-10" in first.sections[0][0][3]
    assert len(heavy.sections[0]) == 1
    assert "--refit" in heavy.title
    counts = dict(rest.sections[0])
    assert counts["move it by no more than two Monte Carlo errors"] == "1"
    assert counts["not left out: draws the arrival curve"] == "1"


def test_what_is_cut_off_is_counted(found: CaseDeletion, model: Model) -> None:
    twice = replace(found, moved=(*found.moved, replace(found.moved[0], shift=-9.0)))
    first, *_, rest = influence_grids(twice, model, most=1)
    assert len(first.sections[0]) == 1
    assert dict(rest.sections[0])["move it less than these"] == "1"


def test_headline_and_json_say_what_was_asked(found: CaseDeletion, model: Model) -> None:
    first, second = influence_headline(found, model)
    assert "mean 50 (90% interval 30–70)" in first
    assert found.posterior is not None
    assert found.posterior.hash in second
    prior = replace(found, posterior=None)
    assert "parameters from priors" in influence_headline(prior, model)[1]
    assert influence_json(prior, model, "")["posterior"] is None
    assert problems(influence_json(prior, model, "afterfall influence tiny --prior-only")) == []
    content = influence_json(found, model, "afterfall influence tiny")
    assert problems(content) == []
    assert content["figures"][0]["shift"] == -10.0
    assert content["figures"][1]["trusted"] is False
    assert content["posterior"] == found.posterior.hash
    assert content["command"] == "afterfall influence tiny"
