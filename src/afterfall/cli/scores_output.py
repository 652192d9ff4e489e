"""How the scores of a run are shown: by ``score`` and by ``hindcast`` alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afterfall.cli.failures import failing
from afterfall.cli.output import drawing, note_few, note_run, save_picture, show, show_json

if TYPE_CHECKING:
    from afterfall import Scores


def show_scores(scores: Scores, *, all_notes: bool, picture: bool, as_json: bool, country: str | None = None) -> None:
    """Print scores on stdout; say on stderr where the run and its pictures are, one of a country if it is given."""
    from afterfall.report.scores.score_json import score_json
    from afterfall.report.scores.score_tables import score_grids, score_headline, score_notes

    if country is not None:
        with failing():
            scores.run.origin(country)  # refuses a country that the run does not have
    if as_json:
        show_json(score_json(scores))
    else:
        show(score_headline(scores), score_grids(scores), score_notes(), all_notes=all_notes)
    note_run(scores.run)
    note_few(scores.run)
    if picture and scores.run.path is not None:
        with drawing(scores.run.path):
            from afterfall.report.scores.score_pictures import score_pictures

            for stem, chart, words in score_pictures(scores, country):
                save_picture(chart, scores.run.path / stem, words)
