"""Answers that come with the package, so that the page opens with a forecast already there.

``scripts/make_page_data.py`` makes them: for each prepared vintage one file, ``CASE@DATE.json.xz``, with the answers to
plain views of the world and of every country; and ``index.json``, which says how many simulations they rest on, of
which model, and a fingerprint of everything that they were made from. Where that differs from what is installed, they
may be out of date. Then the model's own hash decides, once the model is built: an answer of another model is not used.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from afterfall.web.view_state import WORLD, ViewQuery

INDEX, ENDING = "index.json", ".json.xz"
#: Answers that do not depend on the focus.
OF_THE_CASE = ("track", "track-revealed")
#: What is said of answers that are not known to be of the installed model.
DOUBT = "Prepared before this copy of the program was last changed; whether its model is the same is being checked."
#: What the numbers are made from: folders of the package.
MADE_FROM = (
    *("attack", "breaks", "case", "conflict", "engine", "foundings", "model", "posterior", "reference", "run"),
    "policy",
)


@dataclass(frozen=True, slots=True)
class PreparedVintage:
    """A vintage of the index; `made_from` is the fingerprint of what its answers were made from."""

    case: str
    as_of: str
    default: bool
    simulations: int
    model_hash: str
    fitted: bool
    outcomes: bool
    file: str
    case_hash: str = ""
    made_from: str = ""


@dataclass
class PreparedAnswers:
    """Prepared answers of a folder.

    Attributes
    ----------
    vintages
        What the index lists.
    meta
        The head of the index: fingerprint, version.
    stale, checked
        Files of vintages whose case and model turned out not to be the installed ones, and to be them.
    """

    folder: Traversable
    vintages: tuple[PreparedVintage, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)
    _read: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def bundled(cls) -> PreparedAnswers:
        """Those of the package; none where they were not made."""
        return cls.of(resources.files("afterfall.web").joinpath("prepared"))

    @classmethod
    def of(cls, folder: Traversable) -> PreparedAnswers:
        """Those of a folder."""
        index = folder.joinpath(INDEX)
        if not index.is_file():
            return cls(folder)
        found = json.loads(index.read_text(encoding="utf-8"))
        vintages = tuple(PreparedVintage(**one) for one in found.pop("vintages"))
        return cls(folder, vintages, found)

    @classmethod
    def none(cls) -> PreparedAnswers:
        """None at all, so that everything is computed."""
        return cls(resources.files("afterfall.web").joinpath("no such folder"))

    def fresh(self, of: PreparedVintage) -> bool:
        """Whether what a vintage was made from is what is installed, byte for byte."""
        return (of.made_from or self.meta.get("fingerprint")) == fingerprint()

    def vintage(self, view: ViewQuery) -> PreparedVintage | None:
        """The vintage that answers to a view; None where nothing is prepared for it."""
        found = self.of_date(view)
        if found is None or not view.plain or view.simulations not in (None, found.simulations):
            return None
        return found

    def of_date(self, view: ViewQuery) -> PreparedVintage | None:
        """The prepared vintage of the case and date of a view, whatever else it asks for."""
        for one in self.vintages:
            same_day = view.as_of == one.as_of or (view.as_of is None and one.default)
            if one.case == view.case and same_day and one.file not in self.stale:
                return one
        return None

    def answer(self, kind: str, view: ViewQuery) -> bytes | None:
        """The answer of a kind to a view, as JSON or, of a brief, as its page; None where it is not prepared."""
        found = self.vintage(view)
        if found is None:
            return None
        focus = "" if kind in OF_THE_CASE else WORLD if view.world else view.focus
        content = self._content(found)
        made = content.get(f"{kind}|{self._code(content, focus)}")
        if made is None:
            return None
        if isinstance(made, str):
            return made.encode()
        if "stamp" in made and not self.fresh(found) and found.file not in self.checked:
            made = {**made, "stamp": {**made["stamp"], "notes": [*made["stamp"]["notes"], DOUBT]}}
        return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()

    def compare(self, of: PreparedVintage, case_hash: str, model_hash: str) -> None:
        """Never use a vintage again whose case or model is not the one that is installed; trust one whose both are."""
        same = model_hash == of.model_hash and of.case_hash in ("", case_hash)
        (self.checked if same else self.stale).add(of.file)

    def _content(self, of: PreparedVintage) -> dict[str, Any]:
        with self._lock:
            if of.file not in self._read:
                data = lzma.decompress(self.folder.joinpath(of.file).read_bytes())
                self._read[of.file] = json.loads(data)
            return self._read[of.file]

    @staticmethod
    def _code(content: Mapping[str, Any], focus: str) -> str:
        """The code of a place that is given by its code, its name or another spelling."""
        if not focus or f"forecast|{focus}" in content:
            return focus
        wanted = focus.strip().casefold()
        for one in content.get(f"vintage|{WORLD}", {}).get("origins", []):
            if wanted in (one["code"].casefold(), one["name"].casefold(), *one["spellings"]):
                return str(one["code"])
        return focus


@cache
def fingerprint() -> str:
    """A hash of every file that the numbers are made from."""
    total = hashlib.sha256()
    for room in MADE_FROM:
        for name, data in sorted(_files(resources.files("afterfall").joinpath(room), room)):
            total.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return total.hexdigest()[:16]


def _files(folder: Traversable, name: str) -> Iterable[tuple[str, bytes]]:
    for one in folder.iterdir():
        path = f"{name}/{one.name}"
        if one.is_dir():
            if one.name != "__pycache__":
                yield from _files(one, path)
        elif not one.name.endswith(".pyc"):
            yield path, one.read_bytes()
