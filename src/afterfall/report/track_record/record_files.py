"""The track record as files: a page, its JSON, and its picture."""

from __future__ import annotations

import json
from pathlib import Path

from afterfall.evaluate.record.forecast_record import Track
from afterfall.report.kit.saving import save_chart
from afterfall.report.track_record.record_json import track_json
from afterfall.report.track_record.record_page import track_markdown
from afterfall.report.track_record.record_picture import picture_words, track_picture
from afterfall.run.atomic_files import write_durably


def write_record(record: Track, folder: Path, command: str) -> tuple[Path, ...]:
    """Write page, JSON and picture into a folder, made if need be, and return their paths.

    Raises
    ------
    RunError
        If the folder cannot be written.
    """
    page = track_markdown(record, command, "track-record.svg", record.checks)
    content = json.dumps(track_json(record, command, record.checks), indent=1, allow_nan=False) + "\n"
    paths = [folder / "track-record.md", folder / "track-record.json"]
    for path, text in zip(paths, (page, content), strict=True):
        write_durably(path, text.encode())
    svg, png = save_chart(track_picture(record), folder / "track-record", picture_words(record))
    return (*paths, png, svg)
