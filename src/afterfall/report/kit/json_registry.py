"""Every JSON object that the program prints: its name, its version, its schema, and the keys that all of them share.

An object begins with ``schema`` (its name), ``schema_version`` and the stamp (case, hashes, as-of date, seed, command;
see `afterfall.report.kit.stamp`). The keys are a promise: under one version a key may be added to the schema, and none
is renamed or removed. The schemas (JSON Schema 2020-12) come with the package, in ``kit/schemas``: a file there
registers an object, under the name of its command (``score`` is also what ``hindcast`` prints).
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from afterfall.report.kit.stamp import PartialStamp, Stamp, stamp_json
from afterfall.run import UnknownName

#: The file of definitions that the schemas share, which is no object.
SHARED = "shared"
ENDING = ".schema.json"


def json_object(name: str, stamp: Stamp | PartialStamp, body: Mapping[str, Any]) -> dict[str, Any]:
    """A whole object: its name and version, the stamp, and the body.

    Parameters
    ----------
    name
        Its name (see `versions`).
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
    head = {"schema": _known(name), "schema_version": versions()[name], **stamp_json(stamp)}
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


@cache
def versions() -> Mapping[str, int]:
    """Names of all objects, with the version of each, as their schemas state it."""
    folder = resources.files("afterfall.report.kit").joinpath("schemas")
    names = sorted(path.name.removesuffix(ENDING) for path in folder.iterdir() if path.name.endswith(ENDING))
    return {name: int(_read(name)["properties"]["schema_version"]["const"]) for name in names if name != SHARED}


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
    path = resources.files("afterfall.report.kit").joinpath("schemas", name + ENDING)
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _known(name: str) -> str:
    if name not in versions():
        raise UnknownName("JSON object", name, list(versions()))
    return name
