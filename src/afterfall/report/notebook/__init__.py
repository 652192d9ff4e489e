"""How notebooks show the results of the public verbs: HTML, data frames and pictures, each in one place for all."""

from __future__ import annotations

from afterfall.report.notebook.notebook_html import html_of
from afterfall.report.notebook.notebook_picture import NotebookPicture, NothingToDraw, picture_of
from afterfall.report.notebook.result_frames import frame_of

__all__ = ["NotebookPicture", "NothingToDraw", "frame_of", "html_of", "picture_of"]
