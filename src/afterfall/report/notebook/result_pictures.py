"""Which picture shows a result: for each type, what its command draws first, and words that say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Drawn = tuple[Any, str]
COMMAND = "a notebook"


def _run(run: Any) -> Drawn:
    from afterfall.report.forecast.forecast_charts import dots, in_words
    from afterfall.report.forecast.outlook_of_run import outlook_of_forecast

    outlook = outlook_of_forecast(run, at=None, country=None, command=COMMAND)
    return dots(outlook), in_words(outlook)


def _attacks(found: Any) -> Drawn:
    from afterfall.report.attacks.attack_answer import drawn_places
    from afterfall.report.attacks.attack_picture import attack_chart, attack_words

    places = drawn_places(found, None)
    return attack_chart(found, places, ()), attack_words(found, places)


def _violence(found: Any) -> Drawn:
    from afterfall.report.violence.violence_picture import most_violent, violence_chart, violence_words

    places = most_violent(found)
    return violence_chart(found, places), violence_words(found, places)


def _comparison(found: Any) -> Drawn:
    from afterfall.report.comparison.comparison_picture import comparison_words, paired_differences

    return paired_differences(found, COMMAND), comparison_words(found)


def _options(found: Any) -> Drawn:
    from afterfall.report.comparison.option_picture import option_words, options_chart

    return options_chart(found, COMMAND), option_words(found)


def _screening(found: Any) -> Drawn:
    from afterfall.report.screening.screening_picture import screening_picture, screening_words

    return screening_picture(found, COMMAND), screening_words(found)


def _scores(found: Any) -> Drawn:
    from afterfall.report.scores.score_pictures import score_pictures

    _, chart, words = next(iter(score_pictures(found)))
    return chart, words


def _track(found: Any) -> Drawn:
    from afterfall.report.track_record.record_picture import picture_words, track_picture

    return track_picture(found), picture_words(found)


def _benchmark(found: Any) -> Drawn:
    from afterfall.report.benchmark.benchmark_picture import field_chart, field_words

    return field_chart(found), field_words(found)


def _fit(found: Any) -> Drawn:
    from afterfall.report.fit.fit_answer import fit_picture

    chart, words = fit_picture(found)
    return chart, words


def _watch(found: Any) -> Drawn:
    from afterfall.report.watch.watch_picture import indicator_board
    from afterfall.report.watch.watch_tables import watch_headline

    return indicator_board(found, COMMAND), " ".join(watch_headline(found))


def _changes(found: Any) -> Drawn:
    from afterfall.report.changes.change_tables import changes_headline
    from afterfall.report.changes.changes_picture import changes_picture

    return changes_picture(found, COMMAND), " ".join(changes_headline(found))


def _model(found: Any) -> Drawn:
    from afterfall.report.model.case_headlines import model_headline
    from afterfall.report.model.state_diagram import state_diagram

    return state_diagram(found), model_headline(found.case)


PICTURES: Mapping[str, Callable[[Any], Drawn]] = {
    "Attacks": _attacks,
    "Changes": _changes,
    "Comparison": _comparison,
    "Fit": _fit,
    "Model": _model,
    "OptionSet": _options,
    "Run": _run,
    "Scores": _scores,
    "Screening": _screening,
    "Track": _track,
    "ViewsComparison": _benchmark,
    "Violence": _violence,
    "WatchList": _watch,
}
