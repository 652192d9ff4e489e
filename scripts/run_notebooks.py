"""Runs the notebooks of docs/notebooks from top to bottom and stores their outputs.

    python scripts/run_notebooks.py [NOTEBOOK ...]

Each runs in an empty folder with a kernel of its own. What changes from run to run without saying anything (times of
execution, the version of Python, identifiers of displays) is left out, so that a difference of the stored file is a
difference of numbers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "notebooks"
#: Seconds that one cell may take: the first forecast on a machine compiles.
PATIENCE = 1200
#: Bytes of a stored notebook.
LIMIT = 300_000


def executed(path: Path) -> Any:
    """A notebook with the outputs of a run in an empty folder.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails; it says which one.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    source = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPATH"] = source
        client = NotebookClient(notebook, timeout=PATIENCE, resources={"metadata": {"path": folder}})
        client.execute()
    return quiet(notebook)


def quiet(notebook: Any) -> Any:
    """The notebook without what changes from run to run, and without what a cell writes on stderr."""
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
            for one in cell.outputs:
                one.pop("transient", None)
                if "metadata" in one:
                    one["metadata"] = {}
    return notebook


def main() -> int:
    """Run the notebooks; 1 where one is too large."""
    import nbformat

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="by default all of docs/notebooks")
    large = False
    for path in parser.parse_args().notebooks or sorted(FOLDER.glob("*.ipynb")):
        text = nbformat.writes(executed(path)) + "\n"  # type: ignore[no-untyped-call]
        size = len(text.encode())
        large |= size > LIMIT
        print(f"{path}: {size / 1000:.0f} kB" + (f", more than {LIMIT / 1000:.0f} kB" if size > LIMIT else ""))
        path.write_text(text, encoding="utf-8")
    return int(large)


if __name__ == "__main__":
    sys.exit(main())
