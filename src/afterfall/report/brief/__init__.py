"""A two-page brief on one country, as HTML, PDF, Word or Markdown."""

from afterfall.report.brief.as_docx import NoDocx, docx
from afterfall.report.brief.as_html import html
from afterfall.report.brief.as_markdown import markdown
from afterfall.report.brief.as_typst import NoTypst, pages_as_png, pdf
from afterfall.report.brief.content import Brief, Section
from afterfall.report.brief.joining import joined
from afterfall.report.brief.making import make_brief

__all__ = [
    "Brief",
    "NoDocx",
    "NoTypst",
    "Section",
    "docx",
    "html",
    "joined",
    "make_brief",
    "markdown",
    "pages_as_png",
    "pdf",
]
