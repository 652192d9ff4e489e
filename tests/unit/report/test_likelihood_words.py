"""Words of likelihood: each published scale as published, and each rule of how they are used."""

from __future__ import annotations

import re

import numpy as np
import pytest

from afterfall.report.kit.likelihood_words import (
    FAR,
    ICD203,
    IPCC,
    PARAMETERS,
    PHIA,
    SCALES,
    Ingredient,
    Scale,
    confidence,
    judgement,
    likelihood,
    odds,
)

GOOD = tuple(Ingredient(name, 2, f"{name} is good") for name in ("evidence", "agreement", "parameters"))
POOR = Ingredient("track record", 0, "nothing is known of it")


def graded(*grades: int) -> tuple[Ingredient, ...]:
    return tuple(Ingredient(f"i{n}", grade, f"reason {n}") for n, grade in enumerate(grades))


@pytest.mark.parametrize(
    ("scale", "percent", "term"),
    [
        (ICD203, 1, "almost no chance"),
        (ICD203, 5, "very unlikely"),
        (ICD203, 20, "unlikely"),
        (ICD203, 44, "unlikely"),
        (ICD203, 45, "roughly even chance"),
        (ICD203, 55, "likely"),
        (ICD203, 80, "very likely"),
        (ICD203, 95, "almost certain"),
        (ICD203, 99, "almost certain"),
        (PHIA, 5, "remote chance"),
        (PHIA, 10, "highly unlikely"),
        (PHIA, 35, "unlikely"),
        (PHIA, 40, "realistic possibility"),
        (PHIA, 75, "likely"),
        (PHIA, 90, "highly likely"),
        (PHIA, 95, "almost certain"),
        (IPCC, 9, "very unlikely"),
        (IPCC, 30, "unlikely"),
        (IPCC, 50, "about as likely as not"),
        (IPCC, 70, "likely"),
        (IPCC, 92, "very likely"),
    ],
)
def test_terms_are_the_published_ones(scale: Scale, percent: int, term: str) -> None:
    found = scale.term(percent / 100)
    assert found is not None
    assert found.text == term


@pytest.mark.parametrize("percent", [7, 22, 38, 52, 78, 93])
def test_gaps_of_the_uk_yardstick_have_no_term(percent: int) -> None:
    assert PHIA.term(percent / 100) is None
    said = judgement("it happens", percent / 100, 1000, PHIA)
    assert f"{percent} in 100" in said
    assert not any(term.text in said for term in PHIA.terms)


def test_icd_terms_touch_and_leave_no_gap() -> None:
    assert all(ICD203.term(p / 100) is not None for p in range(1, 100))
    assert all(a.high == b.low for a, b in zip(ICD203.terms, ICD203.terms[1:], strict=False))


def test_nested_terms_stay_nested() -> None:
    likely, very = (next(t for t in IPCC.terms if t.text == name) for name in ("likely", "very likely"))
    assert likely.low < very.low <= very.high == likely.high == 1.0


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_a_sentence_has_its_term_its_range_and_its_number(scale: Scale) -> None:
    for probability in np.linspace(0.0, 1.0, 401):
        said = judgement("it happens", float(probability), 1000, scale)
        assert odds(float(probability), 1000) in said
        assert said.endswith(".")
        assert ". " not in said
        word = likelihood(float(probability), scale)
        if word is not None:
            assert word in said
            low, high = (int(n) for n in re.findall(r"(\d+)–(\d+)%", word)[0])
            assert low <= round(100 * probability) <= high


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
@pytest.mark.parametrize("probability", [0.0, 0.0004, 0.003, 0.0099, 0.9901, 0.9995, 1.0])
def test_rare_and_sure_things_are_said_in_numbers_only(scale: Scale, probability: float) -> None:
    said = judgement("it happens", probability, 1000, scale)
    assert likelihood(probability, scale) is None
    assert not any(term.text in said for term in scale.terms)


def test_three_in_a_thousand() -> None:
    assert judgement("it happens", 0.003, 1000) == "The simulated chance that it happens: about 3 in 1,000."


def test_none_of_the_simulations_is_printed_as_such() -> None:
    assert "none of 400 simulations" in judgement("it happens", 0.0, 400)


def test_confidence_is_high_only_when_everything_is_good() -> None:
    assert confidence(GOOD, 12).level == "high"
    assert confidence((*GOOD[1:], Ingredient("evidence", 1, "one family")), 12).level == "moderate"
    assert confidence((*GOOD, POOR), 12).level == "moderate"
    assert confidence((*GOOD, POOR, POOR), 12).level == "low"


def test_confidence_is_low_where_no_data_inform_what_drives_a_number() -> None:
    """Words such as "moderate: the data inform none of its main drivers" would contradict themselves."""
    bare = Ingredient(PARAMETERS, 0, "the data inform none of its main drivers")
    found = confidence((*GOOD[:2], bare), 12)
    assert found.level == "low"
    assert found.sentence() == "Our confidence in this is low: the data inform none of its main drivers."
    assert confidence((*GOOD[:2], Ingredient(PARAMETERS, 1, "some")), 12).level == "moderate"


@pytest.mark.parametrize("month", [FAR + 1, 36, 60])
def test_confidence_is_never_high_past_two_years(month: int) -> None:
    assert confidence(GOOD, month).level == "moderate"
    assert confidence(GOOD, FAR).level == "high"


def test_more_poor_ingredients_never_raise_confidence() -> None:
    order = ("low", "moderate", "high")
    for grades in np.ndindex(3, 3, 3, 3):
        level = order.index(confidence(graded(*grades), 12).level)
        for i in range(4):
            worse = [*grades]
            worse[i] = max(worse[i] - 1, 0)
            assert order.index(confidence(graded(*worse), 12).level) <= level


@pytest.mark.parametrize("month", [12, 60])
@pytest.mark.parametrize("grades", [(2, 2, 2), (1, 2, 0), (0, 0, 2)])
def test_confidence_has_a_sentence_of_its_own(grades: tuple[int, ...], month: int) -> None:
    found = confidence(graded(*grades), month)
    assert found.level in found.sentence()
    for scale in SCALES.values():
        assert not any(re.search(rf"\b{term.text}\b", found.sentence() + found.change()) for term in scale.terms)
    assert "reason" in found.sentence()
