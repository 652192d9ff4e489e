"""The track record as files: a page, its JSON, and its pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from afterfall.evaluate.core.reliability import Reliability
from afterfall.evaluate.record.country_forecast import CountryShown
from afterfall.evaluate.record.forecast_record import Track
from afterfall.evaluate.record.reliability_of_record import reliability_by_quantity
from afterfall.report.kit.chart_frame import Chart
from afterfall.report.kit.country_picture import country_picture, country_words
from afterfall.report.kit.reliability_picture import reliability_picture, reliability_words
from afterfall.report.kit.saving import save_chart
from afterfall.report.track_record.record_json import track_json
from afterfall.report.track_record.record_page import RecordPictures, track_markdown
from afterfall.report.track_record.record_picture import picture_words, record_foot, track_picture
from afterfall.run.atomic_files import write_durably

PAGE, NUMBERS = "track-record.md", "track-record.json"
CHANGES, RELIABILITY, COUNTRY = "track-record", "track-record-reliability", "track-record-country"


def write_record(record: Track, folder: Path, command: str, shown: CountryShown | None = None) -> tuple[Path, ...]:
    """Write page, JSON and pictures into a folder, made if need be, and return their paths.

    Parameters
    ----------
    record, command
        The record, and the command that made it.
    folder
        Where the files are written.
    shown
        The country whose forecast and figures the page shows.

    Raises
    ------
    RunError
        If the folder cannot be written.
    """
    reliability = reliability_by_quantity(record.scores)
    pictures = RecordPictures(
        changes=f"{CHANGES}.svg",
        reliability=f"{RELIABILITY}.svg" if reliability else None,
        country=f"{COUNTRY}.svg" if shown else None,
    )
    page = track_markdown(record, command, pictures, record.checks)
    content = json.dumps(track_json(record, command, record.checks), indent=1, allow_nan=False) + "\n"
    paths = [folder / PAGE, folder / NUMBERS]
    for path, text in zip(paths, (page, content), strict=True):
        write_durably(path, text.encode())
    saved = [save_chart(chart, folder / stem, words) for stem, chart, words in _pictures(record, shown, reliability)]
    return (*paths, *(path for svg, png in saved for path in (png, svg)))


def _pictures(
    record: Track, shown: CountryShown | None, reliability: Mapping[str, Reliability]
) -> Iterator[tuple[str, Chart, str]]:
    """Each picture with the stem of its file and what it shows in words."""
    if shown is not None:
        yield COUNTRY, country_picture(shown.forecasts, shown.scores), country_words(shown.forecasts, shown.scores)
    yield CHANGES, track_picture(record), picture_words(record)
    if reliability:
        yield RELIABILITY, reliability_picture(reliability, record_foot(record)), reliability_words(reliability)
