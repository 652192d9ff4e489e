"""JSON objects of keeping a case up to date: a new folder, figures added, a forecast before and after."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from afterfall.case import case_hash, cut
from afterfall.case.intake.figure_intake import IntakeFigure
from afterfall.model import MODEL_VERSION
from afterfall.posterior.edited_case import Reweighting
from afterfall.report.keeping.added_figures import AddedFigure, AddedFigures
from afterfall.report.keeping.before_after import UpdateTable, update_rows
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp, stamp_of
from afterfall.run.case_writing import NewFolder
from afterfall.run.figure_update import FigureUpdate


def new_json(made: NewFolder, command: str) -> dict[str, Any]:
    """The object that ``afterfall new --json`` prints (schema ``new``)."""
    stamp = PartialStamp(case=made.case, as_of=made.as_of, model_version=MODEL_VERSION, command=command)
    body = {"folder": str(made.path), "copy_of": made.source, "views": made.views, "files": made.files}
    return json_object("new", stamp, body)


def add_json(found: AddedFigures, command: str) -> dict[str, Any]:
    """The object that ``afterfall add --json`` prints (schema ``add``)."""
    case = cut(found.intake.after, found.intake.before.as_of)
    stamp = PartialStamp(
        case=case.id, case_hash=case_hash(case), as_of=case.as_of, model_version=MODEL_VERSION, command=command
    )
    body = {
        "folder": str(found.folder),
        "file": found.intake.file,
        "written": found.written,
        "files": sorted(found.intake.files),
        "notes": found.intake.notes,
        "figures": [_weighed(one) for one in found.figures],
        "changed": [{"figure": one.figure, "before": one.before, "after": one.after} for one in found.changed],
    }
    return json_object("add", stamp, body)


def _weighed(one: AddedFigure) -> dict[str, Any]:
    account = one.account
    return {
        **_row(one.row),
        "use": one.use,
        "start_weight": None if account is None else account.start.weight,
        "fit_weight": None if account is None else account.fit.weight,
    }


def _row(row: IntakeFigure) -> dict[str, Any]:
    figure = row.figure
    return {
        "row": row.row,
        "figure": figure.figure,
        "quantity": figure.quantity,
        "place": figure.place,
        "role": figure.role or None,
        "definition": figure.definition or None,
        "low": figure.low,
        "value": figure.value,
        "high": figure.high,
        "bound": figure.bound or None,
        "refers_to": figure.refers_to.text,
        "published": figure.published.text,
        "source": figure.source,
        "grade": figure.grade,
        "status": row.status,
        "after_as_of": row.late,
        "remarks": row.remarks,
    }


def update_json(found: FigureUpdate, command: str, *, at: int) -> dict[str, Any]:
    """The object that ``afterfall update --json`` prints (schema ``update``)."""
    run = found.after or found.before
    body = {
        "file": found.intake.file,
        "notes": found.intake.notes,
        "figures": [_row(row) for row in found.intake.rows],
        "method": found.way,
        "reason": found.reason or None,
        "reweighting": None if found.reweighting is None else _reliability(found.reweighting),
        "draws_before": found.before.request.draws,
        "run_before": found.before.request.hash,
        "month": at,
        "tables": [_table(one) for one in update_rows(found, at)],
    }
    return json_object("update", stamp_of(run, command), body)


def _reliability(found: Reweighting) -> dict[str, Any]:
    return {
        "reliable": found.posterior is not None,
        "effective_number": found.effective,
        "draws": found.draws,
        "pareto_k": found.khat,
        "largest_k": found.largest_k,
    }


def _table(table: UpdateTable) -> dict[str, Any]:
    return {
        "country": table.country,
        "rows": [
            {
                "quantity": row.quantity,
                "label": row.label,
                "now_before": asdict(row.now[0]),
                "now_after": asdict(row.now[1]),
                "then_before": asdict(row.then[0]),
                "then_after": asdict(row.then[1]),
                "shift": row.shift,
                "error": row.error,
            }
            for row in table.rows
        ],
    }
