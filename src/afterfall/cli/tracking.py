"""``afterfall track-record``: forecast a case from several past days, score each, and write the record."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from afterfall.case import Case, open_case
from afterfall.cli.asking import Question
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, FAILURE, Failure, reading_input
from afterfall.cli.forecasting import command, run_asked
from afterfall.cli.hindcasting import LATEST, recording
from afterfall.cli.setting_beside import beside
from afterfall.cli.streams import show_json, stderr
from afterfall.evaluate import Scores, score
from afterfall.evaluate.record.forecast_record import CrossChecks, Track, track
from afterfall.report.track_record.record_page import track_json, track_markdown


def keep_record(question: Question, dates: Sequence[str], out: Path, *, as_json: bool) -> None:
    """Forecast and score every date, then write the page, its JSON and its picture into `out`."""
    for day in dates:
        check_day("--as-of", day)
    with reading_input():
        whole = open_case(str(question.case), as_of=LATEST)
        for day in dates:
            open_case(str(question.case), as_of=day)
    err = stderr()
    found: list[Scores] = []
    for day in dates or _within(whole):
        err.print(f"as of {day}")
        found.append(_scored(replace(question, as_of=day), whole))
    if not found:
        raise Failure(
            f"case {whole.id} has no as-of dates of a record: give --as-of DATE, or add them to its case.toml as\n"
            '  [evaluation]\n  record = ["YYYY-MM-DD"]',
            BAD_INPUT,
        )
    record, more = track(found, chosen_by=whole.evaluation.chosen_by), beside(question, whole, found)
    _write(record, more, out)
    err.print(f"written: {out / 'track-record.md'}, track-record.json, track-record.png and .svg")
    if as_json:
        show_json(track_json(record, command(), more))


def _within(whole: Case) -> list[str]:
    """The dates of the record that lie after mobilisation and before the last figure of the case."""
    last = max((figure.published.last_day for figure in whole.figures), default=dt.date.min)
    return [day.isoformat() for day in whole.evaluation.record if whole.mobilisation < day < last]


def _scored(question: Question, whole: Case) -> Scores:
    with reading_input():
        asked = recording(question, whole)
    return score(run_asked(asked, question.threads, stderr()), whole)


def _write(record: Track, more: CrossChecks, out: Path) -> None:
    from afterfall.report.kit.saving import save_chart
    from afterfall.report.track_record.record_picture import picture_words, track_picture

    try:
        out.mkdir(parents=True, exist_ok=True)
        save_chart(track_picture(record), out / "track-record", picture_words(record))
        texts = {
            "track-record.md": track_markdown(record, command(), "track-record.svg", more),
            "track-record.json": json.dumps(track_json(record, command(), more), indent=1, allow_nan=False) + "\n",
        }
        for name, text in texts.items():
            part = out / f"{name}.part"
            part.write_text(text, encoding="utf-8")
            part.replace(out / name)
    except OSError as problem:
        raise Failure(f"cannot write into {out}: {problem.strerror}", FAILURE) from problem
