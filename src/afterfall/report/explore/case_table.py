"""All explored cases as a table, parquet or CSV: one row for each option under each set of assumptions.

Columns: ``scenario``, ``option``, each assumption by its name, ``prior_weight`` of the scenario, and for each judged
outcome its mean number of people (by its name), the judged difference from the first option (``.judged``) and the
standard error of that over simulations (``.error``). Where the numbers come from is in the metadata of the parquet
file (key ``afterfall``), and in the first lines of a CSV file, which begin with ``#``. The bytes depend on the request
alone.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd

from afterfall.exploration.explored import Exploration
from afterfall.report.explore.explore_json import explore_stamp
from afterfall.report.kit.json_registry import plain
from afterfall.report.kit.stamp import stamp_json
from afterfall.run.atomic_files import write_whole
from afterfall.run.errors import SettingError

ENDINGS = (".parquet", ".csv")


def check_case_file(path: Path) -> None:
    """Refuse a file that is neither parquet nor CSV by its name, or whose folder is not there.

    Raises
    ------
    SettingError
        If it is.
    """
    if path.suffix.lower() not in ENDINGS:
        raise SettingError(f"{{0}} {path}: expected a name that ends in .parquet or .csv", "cases")
    if not path.parent.is_dir():
        raise SettingError(f"{{0}} {path}: there is no folder {path.parent}", "cases")


def case_frame(found: Exploration) -> pd.DataFrame:
    """The table."""
    scenarios, options = found.scenarios, len(found.options)
    columns: dict[str, object] = {
        "scenario": np.repeat(np.arange(scenarios), options),
        "option": list(found.options) * scenarios,
    }
    for i, assumption in enumerate(found.assumptions):
        columns[assumption.name] = np.repeat(found.values[:, i], options)
    columns["prior_weight"] = np.repeat(found.prior_weights, options)
    for outcome in found.judged:
        gaps = found.differences(outcome)
        columns[outcome.quantity] = found.means(outcome.quantity).ravel()
        columns[f"{outcome.quantity}.judged"] = gaps.mean(axis=2).ravel()
        columns[f"{outcome.quantity}.error"] = (gaps.std(axis=2) / np.sqrt(found.simulations)).ravel()
    return pd.DataFrame(columns)


def case_file(found: Exploration, ending: str) -> bytes:
    """The table as the content of a file that ends in ``.parquet`` or ``.csv``."""
    frame = case_frame(found)
    stamp = plain(stamp_json(explore_stamp(found, found.request.command())))
    stamp["options"] = plain(found.request.options)
    if ending == ".csv":
        head = "".join(f"# {key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in stamp.items())
        return (head + frame.to_csv(index=False)).encode()
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    table = pa.Table.from_pandas(frame, preserve_index=False)
    stream = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"afterfall": json.dumps(stamp, sort_keys=True)}), stream)
    return stream.getvalue()


def write_cases(found: Exploration, path: Path) -> None:
    """Write the table into a file, whole or not at all.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    write_whole(path, case_file(found, path.suffix.lower()))
