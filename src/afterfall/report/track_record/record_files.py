"""The track record as files: a page, its JSON, and its pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from afterfall.evaluate.record.country_forecast import CountryForecast, country_forecasts, date_to_show, most_published
from afterfall.evaluate.record.forecast_record import Track
from afterfall.evaluate.record.reliability_of_record import reliability_by_quantity
from afterfall.evaluate.record.scoring import Scores
from afterfall.report.kit.chart_frame import Chart
from afterfall.report.kit.saving import save_chart
from afterfall.report.scores.country_picture import country_picture, country_words
from afterfall.report.scores.reliability_picture import reliability_picture, reliability_words
from afterfall.report.track_record.record_json import track_json
from afterfall.report.track_record.record_page import RecordPictures, track_markdown
from afterfall.report.track_record.record_picture import picture_words, record_foot, track_picture
from afterfall.run.atomic_files import write_durably

PAGE, NUMBERS = "track-record.md", "track-record.json"
CHANGES, RELIABILITY, COUNTRY = "track-record", "track-record-reliability", "track-record-country"


def write_record(record: Track, folder: Path, command: str, country: str | None = None) -> tuple[Path, ...]:
    """Write page, JSON and pictures into a folder, made if need be, and return their paths.

    Parameters
    ----------
    record, command
        The record, and the command that made it.
    folder
        Where the files are written.
    country
        The country whose forecast and figures the page shows; by default the one with later figures of the most
        quantities.

    Raises
    ------
    RunError
        If the folder cannot be written.
    UnknownPlace
        If there is no such country: before anything is written.
    """
    shown = _country(record, country)
    pictures = RecordPictures(f"{CHANGES}.svg", f"{RELIABILITY}.svg", f"{COUNTRY}.svg" if shown else None)
    page = track_markdown(record, command, pictures, record.checks)
    content = json.dumps(track_json(record, command, record.checks), indent=1, allow_nan=False) + "\n"
    paths = [folder / PAGE, folder / NUMBERS]
    for path, text in zip(paths, (page, content), strict=True):
        write_durably(path, text.encode())
    saved = [save_chart(chart, folder / stem, words) for stem, chart, words in _pictures(record, shown)]
    return (*paths, *(path for svg, png in saved for path in (png, svg)))


def _country(record: Track, country: str | None) -> tuple[Scores, tuple[CountryForecast, ...]] | None:
    """The as-of date that the page shows of a country, and its forecasts; None without later figures."""
    chosen = country or most_published(record.scores)
    if chosen is None:
        return None
    scores = date_to_show(record.scores, chosen)
    forecasts = country_forecasts(scores, chosen)
    return (scores, forecasts) if forecasts else None


def _pictures(
    record: Track, shown: tuple[Scores, tuple[CountryForecast, ...]] | None
) -> Iterator[tuple[str, Chart, str]]:
    """Each picture with the stem of its file and what it shows in words."""
    if shown is not None:
        scores, forecasts = shown
        yield COUNTRY, country_picture(forecasts, scores), country_words(forecasts, scores)
    yield CHANGES, track_picture(record), picture_words(record)
    reliability = reliability_by_quantity(record.scores)
    yield RELIABILITY, reliability_picture(reliability, record_foot(record)), reliability_words(reliability)
