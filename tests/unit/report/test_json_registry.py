"""JSON objects: one head, no NaN, and a shipped schema that each keeps and that catches a broken one.

Objects of the other products are checked against their schemas where those are tested (``tests.json_schemas``).
"""

from __future__ import annotations

import datetime as dt
import json
import math
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell, shell  # noqa: F401
from tests.unit.posterior.conftest import made_up_posterior

from afterfall.case import case_hash, open_case
from afterfall.model import Model
from afterfall.model.levers import open_levers
from afterfall.report.brief import Brief
from afterfall.report.brief.brief_json import brief_json
from afterfall.report.comparison.lever_json import levers_json
from afterfall.report.explain.why import why
from afterfall.report.explain.why_json import why_json
from afterfall.report.fit.fit_json import fit_json
from afterfall.report.forecast.outlook_json import outlook_json
from afterfall.report.forecast.outlook_of_run import outlook_of, priors_of
from afterfall.report.kit.json_registry import json_object, plain, schema, versions
from afterfall.report.kit.stamp import PartialStamp
from afterfall.report.model.case_json import case_json
from afterfall.report.model.model_json import model_json
from afterfall.run import Run, UnknownName

HEAD = (
    *("schema", "schema_version", "case", "case_hash", "as_of", "model_version", "model_hash", "draws", "seed"),
    *("trajectories", "horizon_months", "run", "command"),
)


@pytest.fixture(scope="module")
def objects(tiny_run: Run, prior_run: Run, tiny_model: Model, arda: Brief) -> dict[str, dict[str, Any]]:
    case = open_case("tiny")
    outlook = outlook_of(tiny_run, priors=priors_of(tiny_model), command="afterfall forecast tiny")
    return {
        "forecast": outlook_json(outlook),
        "model": model_json(tiny_model, case_hash(case), "afterfall model tiny"),
        "check": case_json(case, tiny_model),
        "levers": levers_json(open_levers(()), case, "arda", "afterfall levers tiny"),
        "why": why_json(why(prior_run, tiny_model, quantity="returned", country="arda"), "afterfall why RUN"),
        "brief": brief_json(arda),
    }


def test_every_object_that_a_command_prints_is_registered() -> None:
    assert set(versions()) == {
        *(
            "add",
            "attacks",
            "benchmark",
            "brief",
            "changes",
            "check",
            "compare",
            "explore",
            "fit",
            "forecast",
            "import",
            "influence",
        ),
        *(
            "levers",
            "mix",
            "model",
            "new",
            "options",
            "reference",
            "runs",
            "score",
            "screening",
            "spread",
            "track-record",
        ),
        *("update", "violence", "watch", "why", "why-event", "why-founding"),
    }


@pytest.mark.parametrize("name", versions())
def test_every_schema_is_one_and_has_a_name_a_title_and_a_description(name: str) -> None:
    found = schema(name)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$id"] == f"urn:afterfall:schema:{name}:{versions()[name]}"
    assert found["properties"]["schema_version"] == {"const": versions()[name]}
    assert found["title"]
    assert found["description"]
    assert found["unevaluatedProperties"] is False


@pytest.mark.parametrize("name", ["forecast", "model", "check", "levers", "why", "brief"])
def test_objects_of_the_small_case_keep_their_schema(objects: dict[str, dict[str, Any]], name: str) -> None:
    content = objects[name]
    assert tuple(content)[: len(HEAD)] == HEAD
    assert content["schema"] == name
    assert problems(content) == []


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("forecast", {"pathways": {}}),
        ("forecast", {"total": None}),
        ("forecast", {"seed": None}),
        ("forecast", {"extra": 1}),
        ("check", {"counts": {"origins": -1}}),
        ("levers", {"levers": {"border": {}}}),
        ("why", {"figures": [{"read_for": "total"}]}),
        ("brief", {"judgements": [{"text": "It happens.", "probability": 1.2}]}),
        ("brief", {"sections": [{"key": "x", "title": "X", "page": 3, "blocks": [{"kind": "song"}]}]}),
        ("model", {"states": [{"name": "x"}]}),
    ],
)
def test_a_broken_object_fails(objects: dict[str, dict[str, Any]], name: str, broken: dict[str, Any]) -> None:
    assert problems({**objects[name], **broken})


def test_a_brief_has_its_judgements_with_probabilities_and_ranges(arda: Brief) -> None:
    content = brief_json(arda)
    assert [j["probability"] for j in content["judgements"]] == [j.probability for j in arda.judgements()]
    for one in content["judgements"]:
        assert one["range"]["low90"] <= one["range"]["median"] <= one["range"]["high90"]
    assert [s["key"] for s in content["sections"]] == [s.key for s in arda.sections]
    assert any(block["kind"] == "table" and block["rows"] for s in content["sections"] for block in s["blocks"])


def test_numbers_are_plain_and_what_is_none_is_null() -> None:
    day = dt.date(2017, 2, 13)
    given = {"a": (math.nan, np.float64(math.inf), np.int64(3)), 5: np.array([0.5, math.nan]), "day": day, "no": None}
    found = plain(given)
    assert found == {"a": [None, None, 3], "5": [0.5, None], "day": "2017-02-13", "no": None}
    json.dumps(found, allow_nan=False)


def test_a_name_that_is_not_registered_and_a_key_of_the_head_are_refused() -> None:
    with pytest.raises(UnknownName, match="forecast"):
        json_object("forcast", PartialStamp(), {})
    with pytest.raises(ValueError, match="seed"):
        json_object("forecast", PartialStamp(), {"seed": 1})


def test_a_fit_keeps_its_schema(tiny_model: Model) -> None:
    diagnosis = SimpleNamespace(
        kept=40, rhat=np.array([1.02]), ess=np.array([math.nan]), divergences=0, above=("x 1.020",), faults=()
    )
    density = SimpleNamespace(fit_figures=SimpleNamespace(observed=[1.0, 2.0]), model=tiny_model)
    fit = SimpleNamespace(posterior=made_up_posterior(tiny_model), diagnosis=diagnosis, density=density)
    three = (0.1, 0.2, 0.4)
    row = SimpleNamespace(name="x", unit="share", prior=three, posterior=three, contraction=0.2, word="weakly informed")
    row.rhat, row.ess, row.source = 1.0, 200.0, ""
    check = SimpleNamespace(quantity="returned", figures=4, inside90=3, mean=0.4)
    content = fit_json(fit, [row], [check])  # type: ignore[arg-type, list-item]
    assert problems(content) == []
    assert content["chains"]["smallest_ess"] is None
    assert problems({**content, "figures": "two"})


@pytest.mark.slow
def test_a_hindcast_of_the_main_case_keeps_its_schema(shell: Shell) -> None:  # noqa: F811
    ask = ("hindcast", "isis-2017", "--as-of", "2016-08-01", "--trajectories", "10", "--horizon", "24", "--no-picture")
    content = json.loads(shell(*ask, "--json").out)
    assert content["schema"] == "score"
    assert content["scores"]
    assert problems(content) == []
