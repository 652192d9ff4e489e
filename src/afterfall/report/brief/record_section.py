"""How right this has been: the scores of earlier forecasts, misses first, or a plain word that none are at hand."""

from __future__ import annotations

import math

from afterfall.report.brief.content import BriefTable, Paragraphs, Section
from afterfall.report.kit.number_formats import NOTHING, share
from afterfall.report.kit.table import TableColumn, TextTable
from afterfall.report.track_record.earlier_scores import TrackRecord, TrackRow

UNKNOWN = (
    "Not known to this brief: no scores of earlier forecasts of this case are at hand. afterfall hindcast CASE "
    "--as-of DATE --json makes them, and --track FILE brings them here."
)
NAMES = {
    "all": "all figures together",
    "returned": "returned so far",
    "travelled": "travelled so far",
    "killed_so_far": "killed so far",
    "prosecuted": "imprisoned at home so far",
    "in_theatre": "in the theatre",
    "holdings": "falls of strongholds",
}


def record_section(track: TrackRecord | None) -> Section:
    """The section on the track record."""
    title = "How right this has been"
    if track is None or not track.rows:
        return Section("record", title, (Paragraphs((UNKNOWN,)),))
    rows = tuple(_row(r) for r in track.latest)
    columns = (
        TableColumn("forecasts of, all countries"),
        *(TableColumn(h, "right") for h in ("figures", "inside 90%", "against naive", "skill (90%)")),
    )
    note = (
        f"The forecast from {track.latest[0].as_of}, judged since by figures published later; the worst first. Skill "
        "is 1 less the score over a naive forecast's: 0 is a draw, below 0 a loss. * Rests on hindsight."
    )
    return Section("record", title, (BriefTable(TextTable(columns, (rows,)), note),))


def _row(row: TrackRow) -> tuple[str, ...]:
    name = NAMES.get(row.quantity, row.quantity) + (" *" if row.hindsight else "")
    skill = "–" if math.isnan(row.skill) else f"{row.skill:.2f} ({row.low:.2f} to {row.high:.2f})"
    held = NOTHING if math.isnan(row.coverage90) else share(row.coverage90)
    return name, str(row.figures), held, row.verdict, skill
