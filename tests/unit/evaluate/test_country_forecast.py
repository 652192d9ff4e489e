"""One country over time: the forecast of published counts, and the counts before and after the as-of date."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from afterfall.case import UnknownPlace
from afterfall.evaluate import Scores
from afterfall.evaluate.record.country_forecast import country_forecasts, date_to_show, most_published
from afterfall.evaluate.record.scoring import MODEL
from afterfall.report.kit.country_picture import country_picture, country_words
from afterfall.report.kit.saving import save_chart
from afterfall.report.scores.score_pictures import score_pictures


def test_every_later_figure_of_the_country_and_every_earlier_one_stands_in_it(scores: Scores) -> None:
    for one in country_forecasts(scores, "Brom"):
        rows = [i for i, o in enumerate(scores.scored.outcomes) if o.cluster == (one.place, one.quantity)]
        later = [count for count in one.counts if count.inside90 is not None]
        assert sorted(count.value for count in later) == sorted(scores.scored.outcomes[i].value for i in rows)
        assert sum(count.inside90 for count in later) == scores.scored.inside_range(MODEL)[rows].sum()
        assert all(count.date > scores.run.as_of for count in later)
        earlier = [count for count in one.counts if count.inside90 is None]
        assert [count.value for count in earlier] == [f.value for f in scores.published[one.place, one.quantity]]


def test_bands_are_those_of_a_published_count_and_the_line_of_people(scores: Scores) -> None:
    one = next(f for f in country_forecasts(scores, "brom") if f.quantity == "returned")
    assert np.all(np.diff(one.quantiles, axis=1) >= 0)
    assert one.quantiles.shape == (len(one.dates), 5)
    like = next(o for o in scores.scored.outcomes if o.cluster == (one.place, "returned"))
    month = scores.run.month(one.dates[-1])
    assert one.people[-1] == np.median(scores.forecast.people(replace(like, month=month)))


def test_an_unknown_country_is_refused_and_one_without_figures_has_none(scores: Scores) -> None:
    with pytest.raises(UnknownPlace, match="Narnia"):
        country_forecasts(scores, "Narnia")
    with pytest.raises(UnknownPlace, match="Narnia"):
        date_to_show([scores], "Narnia")
    none = replace(scores, scored=replace(scores.scored, outcomes=()))
    assert country_forecasts(none, "brom") == ()
    assert most_published([none]) is None


def test_the_country_with_most_quantities_is_shown_by_default(scores: Scores) -> None:
    assert most_published([scores]) == "brom"
    assert date_to_show([scores], "brom") is scores


def test_the_picture_has_hollow_filled_and_red_points(scores: Scores, tmp_path: Path) -> None:
    forecasts = country_forecasts(scores, "arda")
    drawn = json.dumps(country_picture(forecasts, scores).to_dict())
    assert "5000" in drawn  # the miss
    svg, png = save_chart(country_picture(forecasts, scores), tmp_path / "c", country_words(forecasts, scores))
    assert "Returned so far" in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")
    assert [stem for stem, _, _ in score_pictures(scores, "arda")] == ["scores", "reliability", "country"]
    assert [stem for stem, _, _ in score_pictures(scores)] == ["scores", "reliability"]


def test_a_published_count_under_five_is_not_shown(scores: Scores) -> None:
    forecasts = country_forecasts(scores, "cern")
    layers = json.dumps(country_picture(forecasts, scores).to_dict())
    assert '"count": 5.0' in layers
    assert '"count": 3' not in layers
