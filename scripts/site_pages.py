"""Pages of the site that are made from something else: hooks of MkDocs, named in mkdocs.yml.

The home page is README.md; changelog, contributing, security and the example case are the files of the repository; the
command line, the Python API, the JSON schemas and the notebooks are written out by `site_reference` and
`site_notebooks`. Links between files of the repository are rewritten to pages of the site, so that the same Markdown
reads well in both places. A link to a file that has no page is shown as text, with the path.
"""

from __future__ import annotations

import os
import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]

from site_notebooks import notebook_files  # noqa: E402
from site_reference import reference_pages, schema_files  # noqa: E402

#: Pages that are files of the repository outside docs/.
COPIED = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "examples/marawi-2017/README.md": "examples/marawi-2017.md",
}
#: Files that are shown as they are.
RAW = ("CITATION.cff",)
#: The home page needs no list of pages at its side.
WIDE = "---\nhide:\n  - navigation\n---\n\n"
#: Addresses from which the theme's script would load what it lacks: drawings of mermaid, numbers of stars, and a part
#: of browsers older than 2020. No page uses any of them, and none can be asked for.
ELSEWHERE = re.compile(r"https://(?:unpkg\.com|api\.github\.com|\$\{\w+\})/")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s:#]+)(#[^)\s]*)?\)")
#: How a block begins that a test follows; the site needs the language alone.
RUN = re.compile(r"^```(sh|python) run$", re.MULTILINE)
FENCE = re.compile(r"(^```.*?^```$|^ {4}.*?$)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, *, config: Any) -> Files:
    """Add the pages that are no files of docs/."""
    for source, page in COPIED.items():
        text = for_site((ROOT / source).read_text(encoding="utf-8"), source, page)
        files.append(File.generated(config, page, content=(WIDE + text if page == "index.md" else text)))
    for name in RAW:
        files.append(File.generated(config, name, content=(ROOT / name).read_bytes()))
    for page, text in reference_pages().items():
        files.append(File.generated(config, page, content=text))
    for name, content in {**schema_files(), **notebook_files(ROOT / "docs" / "notebooks")}.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: Any, files: Files) -> str:  # noqa: ARG001 (given by name)
    """Rewrite links of a page of docs/ that lead out of it."""
    if page.file.generated_by:
        return markdown
    return for_site(markdown, f"docs/{page.file.src_uri}", page.file.src_uri)


def on_post_build(*, config: Any) -> None:
    """Take every address out of the theme's scripts from which they could load something."""
    for script in (Path(config["site_dir"]) / "assets" / "javascripts").glob("bundle*.js"):
        script.write_text(ELSEWHERE.sub("/not-loaded/", script.read_text(encoding="utf-8")), encoding="utf-8")


def for_site(markdown: str, source: str, page: str) -> str:
    """Markdown of a file of the repository as it is on the site, with its links; code is left alone."""
    parts = FENCE.split(RUN.sub(r"```\1", markdown))
    return "".join(
        part if i % 2 else LINK.sub(lambda found: _link(found, source, page), part) for i, part in enumerate(parts)
    )


def _link(found: re.Match[str], source: str, page: str) -> str:
    mark, text, target, anchor = found[1], found[2], found[3], found[4] or ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    there = page_of(path)
    if there is None:
        return text if text.startswith("`") else f"{text} (`{path}`)"
    return f"{mark}[{text}]({posixpath.relpath(there, posixpath.dirname(page) or '.')}{anchor})"


def page_of(path: str) -> str | None:
    """The file of the site that shows a file of the repository, None without one."""
    if path in COPIED:
        return COPIED[path]
    if path in RAW:
        return path
    if path.startswith("docs/notebooks/") and path.endswith(".ipynb"):
        return path.removeprefix("docs/").replace(".ipynb", ".md")
    return path.removeprefix("docs/") if path.startswith("docs" + os.sep) else None
