"""Definitions, covariates and parameters are names that are known, and covariates lie in the range of their unit.

A misspelt name would not be read, and the forecast would change without a word. A case that counts
something of its own declares it in the section ``[definitions]`` of ``case.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.captor_words import capturing, rival_captors
from afterfall.case.draft import Draft
from afterfall.case.known_values import COVARIATES, DEFINITIONS
from afterfall.case.parameter_names import parameter_names
from afterfall.case.problems import Problem, at, name_problem
from afterfall.case.records import Covariate


def check(draft: Draft) -> Iterator[Problem]:
    """Yield unknown definitions, covariates and parameters, and covariates out of range."""
    own = frozenset() if draft.header is None else frozenset(draft.header.definitions)
    known = frozenset(DEFINITIONS) | own
    for figure in draft.tables.figures:
        if figure.definition and figure.definition not in known:
            expected = "a known definition, or one declared in case.toml under [definitions]"
            where = figure.where
            assert where is not None, "records of a draft know their rows"
            yield name_problem(figure.definition, known, expected, file=where.file, row=where.row, column="definition")
    for covariate in draft.tables.covariates:
        yield from _covariate(covariate)
    yield from _parameters(draft)


def _parameters(draft: Draft) -> Iterator[Problem]:
    """Priors of no parameter of the model. Custodians whose rows could not be read count as known."""
    codes = {place.place for place in draft.tables.places if place.kind == "custodian"}
    takers = set(capturing(draft.tables.places))
    if "places" not in draft.whole:
        codes |= draft.names.get("places", frozenset())
        takers |= codes
    rivals = codes if "places" not in draft.whole else set(rival_captors(draft.tables.places))
    known = parameter_names(codes, takers, rivals, (e.event for e in draft.tables.custody_events))
    for prior in draft.tables.priors:
        if prior.parameter not in known:
            where, expected = prior.where, "a parameter of the model"
            assert where is not None, "records of a draft know their rows"
            yield name_problem(prior.parameter, known, expected, file=where.file, row=where.row, column="parameter")


def _covariate(covariate: Covariate) -> Iterator[Problem]:
    name, pair, _ = covariate.covariate.partition(":")
    where = covariate.where
    assert where is not None, "records of a draft know their rows"
    span = COVARIATES.get(name)
    if span is None:
        expected = f"one of {', '.join(sorted(COVARIATES))}"
        yield name_problem(name, COVARIATES, expected, file=where.file, row=where.row, column="covariate")
        return
    if span.of_pair != bool(pair):
        form = f"{name}:PLACE, since it describes a pair of places" if span.of_pair else f"{name}, without a place"
        yield at(where, "covariate", repr(covariate.covariate), form)
    if not span.at_least <= covariate.value <= span.at_most:
        expected = f"{span.at_least:,g} to {span.at_most:,g} ({span.unit})"
        yield at(where, "value", f"{covariate.value:g}", expected)
