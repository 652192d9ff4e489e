"""Executed notebooks as pages of the site: their prose, code and stored outputs, and the pictures as files."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Outputs by which a cell is shown, the best first.
PICTURES = {"image/svg+xml": "svg", "image/png": "png"}


def notebook_files(folder: Path) -> dict[str, str | bytes]:
    """Pages and pictures by their path on the site, of all notebooks of a folder."""
    found: dict[str, str | bytes] = {}
    for path in sorted(folder.glob("*.ipynb")):
        found.update(_files(path.stem, json.loads(path.read_text(encoding="utf-8"))))
    return found


def _files(name: str, notebook: dict[str, Any]) -> Iterator[tuple[str, str | bytes]]:
    blocks: list[str] = []
    for number, cell in enumerate(notebook["cells"]):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            blocks.append(text)
            continue
        blocks.append(f"```python\n{text}\n```")
        for place, output in enumerate(cell.get("outputs", ())):
            shown, picture = _shown(output, f"{name}-{number}-{place}")
            blocks.append(shown)
            if picture is not None:
                yield picture
    blocks.append(f"[This notebook as a file]({name}.ipynb)")
    yield f"notebooks/{name}.md", "\n\n".join(block for block in blocks if block) + "\n"


def _shown(output: dict[str, Any], name: str) -> tuple[str, tuple[str, str | bytes] | None]:
    """An output as Markdown, and the file of its picture where it is one."""
    data = output.get("data", {})
    for kind, ending in PICTURES.items():
        if kind in data:
            content = "".join(data[kind])
            words = "".join(data.get("text/plain", ["A picture"])).strip("<>").split("\n")[0]
            file = (f"notebooks/{name}.{ending}", content if ending == "svg" else base64.b64decode(content))
            return f"![{words}]({name}.{ending})", file
    if "text/html" in data:
        # An empty line would end the block of HTML.
        html = re.sub(r"\n\s*\n", "\n", "".join(data["text/html"]))
        return f'<div class="afterfall-output">\n{html}\n</div>', None
    text = "".join(output.get("text", data.get("text/plain", ())))
    return (f"```text\n{text.rstrip()}\n```" if text.strip() else ""), None
