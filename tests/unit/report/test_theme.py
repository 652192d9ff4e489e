"""The look keeps its promises: readable on white, told apart by more than colour, in the model's order."""

from __future__ import annotations

from afterfall.model.compile.quantities import PATHWAYS
from afterfall.report.kit.theme import look
from afterfall.report.model.state_diagram import TEXTURES


def _luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast_on_white(colour: str) -> float:
    return 1.05 / (_luminance(colour) + 0.05)


def test_contrast_is_computed_as_defined() -> None:
    assert round(_contrast_on_white("#1b1f24"), 1) == 16.6
    assert round(_contrast_on_white("#1d9c92"), 1) == 3.4


def test_text_reads_on_white_and_fills_are_seen() -> None:
    tokens = look()
    for colour in (tokens.ink, tokens.muted, tokens.other_text, *(m.text for m in tokens.pathways.values())):
        assert _contrast_on_white(colour) >= 4.5, colour
    for mark in tokens.pathways.values():
        assert _contrast_on_white(mark.fill) >= 3.0, mark


def test_text_of_the_page_reads_on_both_its_grounds() -> None:
    tokens = look()
    for ground in (tokens.paper, tokens.backdrop):
        for colour in (tokens.ink, tokens.muted, tokens.link):
            assert (_luminance(ground) + 0.05) / (_luminance(colour) + 0.05) >= 4.5, (colour, ground)


def test_pathways_are_those_of_the_model_in_its_order() -> None:
    assert list(look().pathways) == list(PATHWAYS)


def test_each_pathway_differs_in_letter_texture_and_shape() -> None:
    marks = look().pathways.values()
    for trait in ("letter", "texture", "shape", "fill"):
        assert len({getattr(m, trait) for m in marks}) == len(marks), trait
    assert {m.texture for m in marks} == set(TEXTURES)
