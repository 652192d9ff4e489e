"""Prose in the field's words: pages, docstrings and help have none of the words that the glossary replaces."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What is not written, each with what is.
REPLACED = {
    r"\bnought\b": "zero",
    r"\banew\b": "again",
    r"\btill\b": "until",
    r"\bbeside\b": "next to, and, apart from",
    r"\btold\b": "forecast, predicted, reported, distinguished",
    r"\ball in all\b": "overall",
    r"\bluck\b": "common random numbers, chance",
    r"\ba hair\b": "slightly, with the number",
    r"\bhears? of\b": "is informed of",
    r"\b(simulated |possible )?futures\b": "simulations",
    r"\bdata taught\b": "the data inform",
    r"\bpoint of\b.*\bbeside\b": "do not measure the modelled quantity",
}
#: Pages that quote others, and the change log, which names what was renamed.
QUOTING = {"track-record.md", "CHANGELOG.md"}


def prose(path: Path) -> Iterator[str]:
    """Lines of a page, or docstrings of a module, without code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        yield from (re.sub(r"`[^`]*`", "", line) for line in text.splitlines())
        return
    nodes = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef))
    for node in nodes:
        yield from (re.sub(r"`+[^`]*`+", "", line) for line in (ast.get_docstring(node) or "").splitlines())


def misused(line: str) -> list[str]:
    """Words of a line that are replaced, each with what to write."""
    return [
        f"{line.strip()!r}: write {better}" for word, better in REPLACED.items() if re.search(word, line, re.IGNORECASE)
    ]


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [p for p in PAGES if p.name not in QUOTING]
MODULES = sorted((ROOT / "src" / "afterfall").rglob("*.py"))


@pytest.mark.parametrize("files", [PAGES, MODULES], ids=["pages", "docstrings"])
def test_no_replaced_word_is_written(files: list[Path]) -> None:
    found = [f"{path.relative_to(ROOT)}: {one}" for path in files for line in prose(path) for one in misused(line)]
    assert not found, "\n" + "\n".join(found)


def test_a_replaced_word_would_be_seen() -> None:
    plain = [word.replace(r"\b", "") for word in REPLACED]
    for word in (one for one in plain if one.replace(" ", "").isalpha()):
        assert misused(f"It is {word} here."), word
    assert not misused("The forecast differs from zero.")
