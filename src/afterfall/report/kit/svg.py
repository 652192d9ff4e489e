"""The few pieces of SVG that hand-drawn pictures share: text, a frame with title and source, and a hatch."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from afterfall.report.kit.theme import look

HATCH = (
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="none"/><line x1="0" y1="0" x2="0" y2="7" stroke="#1b1f24" stroke-width="1.6" '
    'opacity=".55"/></pattern>'
)


def text(x: float, y: float, words: str, size: float, fill: str, *, anchor: str = "start", bold: bool = False) -> str:
    """Words at a point; `anchor` is ``start``, ``middle`` or ``end``."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def document(width: float, height: float, title: str, subtitle: Sequence[str], foot: Sequence[str], body: str) -> str:
    """A whole picture: title and subtitle at the top, where the numbers come from at the foot."""
    tokens = look()
    head = [text(24, 38, title, 19, tokens.ink, bold=True)]
    head += [text(24, 60 + 17 * i, line, 12, tokens.muted) for i, line in enumerate(subtitle)]
    end = [text(24, height - 12 - 14 * i, line, 10, tokens.muted) for i, line in enumerate(reversed(foot))]
    words = escape(f"{title}. {' '.join(subtitle)}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="{tokens.font}" role="img" aria-label="{words}">\n<defs>{HATCH}</defs>\n'
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="{tokens.paper}"/>\n'
        + "\n".join([*head, body, *end])
        + "\n</svg>\n"
    )
