"""Violence in the formats of others: draws as VIEWS takes them, quantiles as a modelling hub does.

VIEWS: Parquet with the index ``month_id, country_id, draw`` and the column ``outcome`` (deaths, int32). A comparison is
written as a submission to the VIEWS prediction challenge 2023/24: one file a window, and who submits it.

Hub (hubverse): ``model-output/TEAM-MODEL/ORIGIN_DATE-TEAM-MODEL.parquet`` with the columns ``origin_date, target,
target_end_date, location, output_type, output_type_id, value``. Dates are dates; levels and values are numbers
(double); the location is an ISO 3166-1 alpha-3 code, and the target end date the last day of the month. What a hub
would ask for to take the file is in ``hub-config/tasks.json``, by version 6 of the hubverse's schema; see `hub_files`
for the other files of a hub.

Countries of the case that the record of violence does not have are in neither; the metadata of each file name them
under the key `LEFT_OUT`.
"""

from __future__ import annotations

import datetime as dt
import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from afterfall.case.dates import month_name, month_number
from afterfall.case.text_rules import printable
from afterfall.conflict import open_record
from afterfall.conflict.violence_model import Violence
from afterfall.evaluate.views.views_challenge import ViewsComparison
from afterfall.report.violence.hub_files import write_hub_files

TARGET = "deaths in state-based conflict"
#: Team and model, as a hub names who submits: letters, digits and underscores, joined by a hyphen.
MODEL_ID = "afterfall-violence"
#: The levels that hubs ask for.
LEVELS = (0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99)
HUB_SCHEMA = pa.schema(
    [
        ("origin_date", pa.date32()),
        ("target", pa.string()),
        ("target_end_date", pa.date32()),
        ("location", pa.string()),
        ("output_type", pa.string()),
        ("output_type_id", pa.float64()),
        ("value", pa.float64()),
    ]
)
#: The schema by which tasks of a hub are written, and the days after the origin date in which it would take a file.
TASKS_SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v6.0.0/tasks-schema.json"
DUE = 31
#: Key of a file's metadata with the countries that are not in it, as JSON.
LEFT_OUT = b"afterfall.left_out"
#: Draws that the challenge takes.
CHALLENGE_DRAWS = 1000
#: Names of the folders of a window: as the challenge evaluates them, and as its compliance program expects them.
WINDOW, COMPLIANCE_WINDOW = "window=Y{year}", "test_window_{year}"
#: What the challenge asks of who submits. A submission in earnest needs names and an address.
DETAILS = """\
team: "afterfall"
short_title: "afterfall: own past and neighbours"
even_shorter_identifier: "afterfall"
authors:
  - name: "The afterfall authors"
    affil: "independent"
contact: "put-your-address-here@example.org"
"""


def export_violence(violence: Violence, folder: Path) -> tuple[Path, ...]:
    """Write all files into a folder (made if need be) and return their paths: draws, quantiles, other files of the hub.

    Other files that are there already are those of a hub, and are left as they are.
    """
    record, deaths, as_of = violence.record, violence.deaths.transpose(1, 2, 0), violence.run.as_of
    numbers = [record.views_ids[record.position[c]] for c in violence.countries]
    views = folder / "violence-views.parquet"
    hub = folder / "model-output" / MODEL_ID / f"{as_of.isoformat()}-{MODEL_ID}.parquet"
    hub.parent.mkdir(parents=True, exist_ok=True)
    lacking = {LEFT_OUT: json.dumps([asdict(one) for one in violence.left_out]).encode()}
    draws = pa.Table.from_pandas(views_table(deaths, violence.months, numbers))
    pq.write_table(draws.replace_schema_metadata({**draws.schema.metadata, **lacking}), views)
    quantiles = hub_table(deaths, violence.months, violence.countries, as_of)
    pq.write_table(pa.Table.from_pandas(quantiles, HUB_SCHEMA, False).replace_schema_metadata(lacking), hub)
    tasks = folder / "hub-config" / "tasks.json"
    if not tasks.exists():
        tasks.parent.mkdir(exist_ok=True)
        content = json.dumps(hub_tasks(quantiles), indent=2, ensure_ascii=False)
        tasks.write_text(content + "\n", encoding="utf-8")
    return views, hub, tasks, *write_hub_files(folder, MODEL_ID, violence.run.provenance.versions["afterfall"])


def export_benchmark(found: ViewsComparison, folder: Path, window: str = WINDOW) -> tuple[Path, ...]:
    """Write our draws of each year of a comparison as a submission to the VIEWS challenge, and return the paths.

    Parameters
    ----------
    found
        The comparison.
    folder
        Folder of submissions (made if need be); ours is ``afterfall`` in it.
    window
        How the folder of a year is named: `WINDOW` or `COMPLIANCE_WINDOW`.
    """
    record = open_record()
    submission = folder / "afterfall"
    paths = [submission / "submission_details.yml"]
    submission.mkdir(parents=True, exist_ok=True)
    paths[0].write_text(DETAILS, encoding="utf-8")
    for year in found.years:
        first = month_number(f"{year.year}-01")
        numbers = [record.views_ids[record.position[c]] for c in year.countries]
        path = submission / "cm" / window.format(year=year.year) / f"predictions_{year.year}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        months = range(first, first + year.ours.shape[1])
        views_table(year.ours.transpose(1, 0, 2), months, numbers).to_parquet(path)
        paths.append(path)
    return tuple(paths)


def exported(violence: Violence, folder: Path) -> list[str]:
    """Write all files of an export; a line for each, and for what they leave out."""
    return [*(f"export: {path}" for path in export_violence(violence, folder)), *export_notes(violence)]


def export_notes(violence: Violence) -> tuple[str, ...]:
    """What one who hands the files in should know of them."""
    notes = []
    if violence.left_out:
        notes.append(printable(f"not in the exports: {', '.join(map(str, violence.left_out))}"))
    if violence.run.request.trajectories != CHALLENGE_DRAWS:
        notes.append(
            f"the files have {violence.run.request.trajectories:,} draws; VIEWS takes {CHALLENGE_DRAWS:,} "
            f"(--trajectories {CHALLENGE_DRAWS})"
        )
    return tuple(notes)


def views_table(deaths: npt.NDArray[np.generic], months: Sequence[int], numbers: Sequence[int]) -> pd.DataFrame:
    """Draws ``(month, country, draw)`` in the format of VIEWS, by months, countries and draws in rising order."""
    order = np.argsort(numbers)
    draws = deaths.shape[2]
    index = pd.MultiIndex.from_product(
        [list(months), [numbers[i] for i in order], range(draws)], names=["month_id", "country_id", "draw"]
    )
    return pd.DataFrame({"outcome": np.asarray(deaths)[:, order].reshape(-1).astype(np.int32)}, index=index)


def hub_table(
    deaths: npt.NDArray[np.generic], months: Sequence[int], countries: Sequence[str], as_of: dt.date
) -> pd.DataFrame:
    """Quantiles of draws ``(month, country, draw)`` in the format of a hub."""
    found = np.quantile(np.asarray(deaths), LEVELS, axis=2, method="inverted_cdf")
    index = pd.MultiIndex.from_product(
        [[_end(m) for m in months], list(countries), LEVELS],
        names=["target_end_date", "location", "output_type_id"],
    )
    table = pd.DataFrame({"value": found.transpose(1, 2, 0).reshape(-1).astype(float)}, index=index).reset_index()
    table.insert(0, "origin_date", as_of)
    table.insert(1, "target", TARGET)
    table.insert(4, "output_type", "quantile")
    return table


def hub_tasks(quantiles: pd.DataFrame) -> dict[str, Any]:
    """The round of a hub that asks for a table of quantiles: its dates, places, target and levels."""
    days = sorted(day.isoformat() for day in quantiles["target_end_date"].unique())
    task_ids = {
        "origin_date": {
            "required": None,
            "optional": sorted(day.isoformat() for day in quantiles["origin_date"].unique()),
        },
        "target": {"required": [TARGET], "optional": None},
        "target_end_date": {"required": days, "optional": None},
        "location": {"required": None, "optional": sorted(map(str, quantiles["location"].unique()))},
    }
    output = {
        "output_type_id": {"required": list(LEVELS)},
        "value": {"type": "double", "minimum": 0},
        "is_required": True,
    }
    target = {
        "target_id": TARGET,
        "target_name": "Deaths in state-based armed conflict in a calendar month",
        "target_units": "count",
        "target_keys": {"target": TARGET},
        "description": "Best estimate of UCDP, by country and month.",
        "target_type": "discrete",
        "is_step_ahead": True,
        "time_unit": "month",
    }
    model_task = {"task_ids": task_ids, "output_type": {"quantile": output}, "target_metadata": [target]}
    one = {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "model_tasks": [model_task],
        "submissions_due": {"relative_to": "origin_date", "start": 0, "end": DUE},
    }
    return {"schema_version": TASKS_SCHEMA, "rounds": [one]}


def _end(month: int) -> dt.date:
    """Last day of a month."""
    year, number = map(int, month_name(month).split("-"))
    return dt.date(year, number, monthrange(year, number)[1])
