"""All pictures of the scores of one run: predicted and observed, reliability, and one country if it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.evaluate.record.country_forecast import country_forecasts
from afterfall.evaluate.record.reliability_of_record import reliability_by_quantity
from afterfall.evaluate.record.scoring import Scores
from afterfall.report.kit.chart_frame import Chart
from afterfall.report.kit.country_picture import country_picture, country_words
from afterfall.report.kit.reliability_picture import reliability_picture, reliability_words
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.scores.score_picture import predicted_and_observed, score_words


def score_pictures(scores: Scores, country: str | None = None) -> Iterator[tuple[str, Chart, str]]:
    """Each picture with the stem of its file and what it shows in words.

    Raises
    ------
    UnknownPlace
        If the run has no such country.
    """
    yield "scores", predicted_and_observed(scores), score_words(scores)
    reliability = reliability_by_quantity([scores])
    if reliability:
        foot = stamp_of(scores.run).foot()
        yield "reliability", reliability_picture(reliability, foot), reliability_words(reliability)
    forecasts = country_forecasts(scores, country) if country is not None else ()
    if forecasts:
        yield "country", country_picture(forecasts, scores), country_words(forecasts, scores)
