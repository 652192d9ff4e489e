"""A brief as one JSON object: judgements with probabilities and ranges, and every section with its tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from afterfall.report.brief.content import Block, Brief, BulletPoints, Drawing, Judgement, Judgements, Paragraphs
from afterfall.report.explain.why_json import why_body
from afterfall.report.kit.case_warnings import warnings_json
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.text_table import TextTable


def brief_json(brief: Brief) -> dict[str, Any]:
    """The object that ``afterfall brief --json`` prints (schema ``brief``).

    Judgements are listed once, under ``judgements``; their section refers to them by a block of that kind. Sources are
    in the section ``sources``, and behind each judgement (``why``). Pictures are given by what they show, in words.
    """
    body = {
        "title": brief.title,
        "subtitle": brief.subtitle,
        "country": brief.country,
        "country_name": brief.country_name,
        "foot": brief.foot,
        "warnings": warnings_json(brief.warnings),
        "judgements": [_judgement(one) for one in brief.judgements()],
        "sections": [
            {"key": s.key, "title": s.title, "page": s.page, "blocks": [_block(block) for block in s.blocks]}
            for s in brief.sections
        ],
    }
    return json_object("brief", brief.stamp, body)


def _judgement(one: Judgement) -> dict[str, Any]:
    return {
        "text": one.text,
        "probability": one.probability,
        "quantity": one.quantity,
        "month": one.month,
        "range": asdict(one.range90),
        "range_text": one.spread,
        "confidence": one.confidence.level,
        "confidence_text": f"{one.confidence.sentence()} {one.confidence.change()}",
        "ingredients": [asdict(i) for i in one.confidence.ingredients],
        "why": None if one.why is None else why_body(one.why),
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraphs):
        return {"kind": "paragraphs", "texts": block.texts}
    if isinstance(block, BulletPoints):
        return {"kind": "points", "texts": block.items}
    if isinstance(block, Judgements):
        return {"kind": "judgements", "number": len(block.items)}
    if isinstance(block, Drawing):
        return {"kind": "picture", "name": block.name, "words": block.words, "caption": block.caption}
    return {"kind": "table", **_table(block.grid), "note": block.note}


def _table(table: TextTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "headings": [column.heading for column in table.columns],
        "rows": [row for section in table.sections for row in section],
    }
