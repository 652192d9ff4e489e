"""Every JSON object that the program prints: its name, its version, its schema, and the keys that all of them share.

An object begins with ``schema`` (its name), ``schema_version`` and the stamp (case, hashes, as-of date, seed, command;
see `afterfall.report.kit.stamp`). The keys are a promise: under one version a key may be added to the schema, and none
is renamed or removed. The schemas (JSON Schema 2020-12) come with the package, in ``kit/schemas``.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import numpy as np

from afterfall.report.kit.stamp import PartialStamp, Stamp, stamp_json
from afterfall.run import UnknownName

#: Version of each object by name, which is that of its command (``score`` is also what ``hindcast`` prints).
VERSIONS: Mapping[str, int] = {
    "attacks": 2,
    "benchmark": 2,
    "brief": 1,
    "check": 1,
    "compare": 2,
    "fit": 2,
    "forecast": 2,
    "influence": 2,
    "levers": 1,
    "model": 2,
    "score": 2,
    "screening": 2,
    "spread": 2,
    "track-record": 2,
    "violence": 2,
    "why": 1,
}
SHARED = "shared"


def json_object(name: str, stamp: Stamp | PartialStamp, body: Mapping[str, Any]) -> dict[str, Any]:
    """A whole object: its name and version, the stamp, and the body.

    Parameters
    ----------
    name
        A name in `VERSIONS`.
    stamp
        Where the numbers come from.
    body
        The other keys, as Python values; see `plain` for what becomes of them.

    Raises
    ------
    UnknownName
        If there is no object of that name.
    ValueError
        If the body has a key of the head.
    """
    head = {"schema": _known(name), "schema_version": VERSIONS[name], **stamp_json(stamp)}
    twice = sorted(head.keys() & body.keys())
    if twice:
        raise ValueError(f"JSON object {name}: the stamp has the keys {', '.join(twice)} already")
    return {key: plain(value) for key, value in {**head, **body}.items()}


def plain(value: Any) -> Any:
    """A value as JSON can hold it: NaN and the infinities become None, dates text, tuples lists, NumPy scalars numbers.

    >>> plain({"a": (1, float("nan")), "b": dt.date(2017, 2, 13)})
    {'a': [1, None], 'b': '2017-02-13'}
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of an object, whole: the definitions that schemas share are in it.

    Raises
    ------
    UnknownName
        If there is no object of that name.
    """
    found = _read(_known(name))
    found.setdefault("$defs", {})[SHARED] = _read(SHARED)
    return found


def _read(name: str) -> dict[str, Any]:
    path = resources.files("afterfall.report.kit").joinpath("schemas", f"{name}.schema.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _known(name: str) -> str:
    if name not in VERSIONS:
        raise UnknownName("JSON object", name, list(VERSIONS))
    return name
