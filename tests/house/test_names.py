"""No file name and no public class name stands twice in the package: a name leads to one place."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "afterfall"
FREE = {"__init__", "__main__"}


def names(path: str, text: str) -> Iterable[str]:
    """The name of a file, and those of its public classes."""
    if Path(path).stem not in FREE:
        yield f"file `{Path(path).stem}`"
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield f"class `{node.name}`"


def twice(files: dict[str, str]) -> list[str]:
    """Names that stand in more than one place, each with all its places. ``files`` maps paths to texts."""
    places = defaultdict(list)
    for path, text in files.items():
        for name in names(path, text):
            places[name].append(path)
    return [f"{name}: {', '.join(where)}" for name, where in sorted(places.items()) if len(where) > 1]


def test_no_name_stands_twice() -> None:
    files = {str(p.relative_to(ROOT)): p.read_text(encoding="utf-8") for p in sorted(PACKAGE.rglob("*.py"))}
    assert len(files) > 100
    found = twice(files)
    assert not found, "\n" + "\n".join(found)


def test_a_second_place_is_found() -> None:
    files = {
        "a/__init__.py": "",
        "b/__init__.py": "",
        "a/table.py": "class Row: ...\nclass _Own: ...\n",
        "b/table.py": "class _Own: ...\n",
        "b/other.py": "class Row: ...\n",
    }
    assert twice(files) == ["class `Row`: a/table.py, b/other.py", "file `table`: a/table.py, b/table.py"]
