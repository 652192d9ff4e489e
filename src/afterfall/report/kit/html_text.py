"""Text in HTML: what every page and notebook view quotes from a case goes through here, in content and attributes."""

from __future__ import annotations

from html import escape

from afterfall.case.text_rules import visible


def html_text(text: str) -> str:
    """A text as HTML that shows it.

    >>> html_text("<b>Arda & co")
    '&lt;b&gt;Arda &amp; co'
    """
    return escape(visible(text), quote=True)
