"""A bundled posterior and an edited copy of its case: reweighted for added figures, else named as not used."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pytest

from afterfall.case import Case, PartialDate, open_case
from afterfall.model import Model, build
from afterfall.posterior import bundled_posterior, posterior_for
from afterfall.posterior.bundled import why_unused
from afterfall.posterior.edited_case import (
    EditedCases,
    Reweighting,
    UnusedPosterior,
    bundled_twin,
    edits_between,
    is_edited,
)


@pytest.fixture(scope="module")
def tiny() -> Case:
    return open_case("tiny")


def with_more(case: Case, **changes: object) -> Case:
    """The case with a copy of one of its figures under another name."""
    old = next(f for f in case.figures if f.figure == "arda-returned-2015")
    new = replace(old, figure="more", source="lesson-field", refers_to=PartialDate("2015-05"), **changes)  # type: ignore[arg-type]
    return replace(case, figures=(*case.figures, new))


def test_added_figures_are_told_from_other_edits(tiny: Case) -> None:
    assert edits_between(tiny, tiny).added == edits_between(tiny, tiny).other == ()
    more = edits_between(tiny, with_more(tiny))
    assert ([f.figure for f in more.added], more.other) == (["more"], ())
    changed = tuple(replace(f, value=46.0) if f.figure == "arda-returned-2015" else f for f in tiny.figures)
    assert edits_between(tiny, replace(tiny, figures=changed)).other == ("figures.csv (changed: arda-returned-2015)",)
    fewer = edits_between(tiny, replace(tiny, figures=tiny.figures[1:], holding_events=(), mobilisation=tiny.as_of))
    assert fewer.other == (
        "case.toml (mobilisation)",
        "holding_events.csv (removed: harbour captured 2013-09)",
        f"figures.csv (removed: {tiny.figures[0].figure})",
    )


def test_names_titles_and_sources_are_no_edits(tiny: Case) -> None:
    other = replace(tiny, title="Mine", description="", sources=tiny.sources[:1])
    assert edits_between(tiny, other).other == ()


def test_the_bundled_case_is_not_edited_and_a_copy_of_it_is(tiny: Case) -> None:
    assert bundled_twin(tiny) == tiny
    assert not is_edited(tiny)
    assert is_edited(with_more(tiny))
    assert bundled_twin(replace(tiny, id="mine", declared_id="mine")) is None


def test_other_edits_draw_from_priors_with_a_warning_that_names_them(tiny: Case) -> None:
    changed = tuple(replace(f, high=90.0) if f.figure == "arda-returned-2015" else f for f in tiny.figures)
    model = build(replace(tiny, figures=changed, opened_from="./mine"), horizon=6)
    with pytest.warns(UnusedPosterior) as caught:
        assert posterior_for(model) is None
    (text,) = [str(one.message) for one in caught]
    assert "differs from the bundled one in figures.csv (changed: arda-returned-2015)" in text
    assert "afterfall fit ./mine --as-of 2015-06-30" in text
    assert why_unused(model) == text


def test_added_figures_are_handed_to_what_reweights(tiny: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, int]] = []
    model, bundled = build(with_more(tiny), horizon=6), bundled_posterior(build(tiny, horizon=6))
    assert bundled is not None

    def reweight(_: object, before: Model, after: Model, added: int) -> Reweighting:
        asked.append((before.case.opened_from or "", after.model_hash, added))
        return Reweighting(bundled, 300.0, 500, 0.2, 0.6)

    monkeypatch.setattr(EditedCases, "reweight", reweight)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert posterior_for(model) is bundled
    assert asked == [("tiny", model.model_hash, 1)]


def test_weights_that_are_not_reliable_leave_priors_with_a_warning(tiny: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    model = build(with_more(tiny, high=70.0), horizon=6)

    def reweight(*_: object) -> Reweighting:
        return Reweighting(None, 12.0, 500, 0.9, 0.6, "reweighting is not reliable (Pareto k 0.90)")

    monkeypatch.setattr(EditedCases, "reweight", reweight)
    with pytest.warns(UnusedPosterior, match="figures were added, and reweighting is not reliable"):
        assert posterior_for(model) is None
    assert "though only figures were added" in why_unused(model)


def test_a_figure_that_no_fit_reads_leaves_the_posterior_as_it_is(tiny: Case) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = posterior_for(build(with_more(tiny, quantity="prosecuted"), horizon=6))
    assert found is not None
    assert not found.origin.reweighted_from
