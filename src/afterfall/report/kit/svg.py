"""SVG written by hand: shapes and words, a bare drawing, and a whole picture with title, subtitle and source.

Every drawing of the package is made of these pieces, so that text is escaped in one place and looks the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from afterfall.case.text_rules import visible
from afterfall.report.kit.theme import look

Point = tuple[float, float]


def svg_text(words: str) -> str:
    """Words as SVG that shows them, in content and attributes: every drawing puts its words in by this.

    >>> svg_text('<b>Arda & "co"')
    '&lt;b&gt;Arda &amp; &quot;co&quot;'
    """
    return escape(visible(words), quote=True)


def text(
    x: float,
    y: float,
    words: str,
    size: float,
    colour: str = "",
    *,
    anchor: str = "start",
    bold: bool = False,
    halo: float = 0.0,
) -> str:
    """Words with their baseline at y.

    Parameters
    ----------
    anchor
        ``start``, ``middle`` or ``end``.
    halo
        Width of a rim of paper that keeps words readable where they stand over something else.
    """
    weight = ' font-weight="bold"' if bold else ""
    rim = (
        f' paint-order="stroke" stroke="{look().paper}" stroke-width="{halo:g}" stroke-linejoin="round"' if halo else ""
    )
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour or look().ink}" text-anchor="{anchor}"'
        f"{weight}{rim}>{svg_text(words)}</text>"
    )


def line(start: Point, end: Point, colour: str, width: float = 1.0, *, opacity: float = 1.0) -> str:
    """A straight line."""
    (x1, y1), (x2, y2) = start, end
    pale = f' opacity="{opacity:g}"' if opacity < 1.0 else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width:g}"'
        f"{pale}/>"
    )


def rectangle(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    *,
    rim: str = "",
    rim_width: float = 1.0,
    round_: float = 0.0,
    opacity: float = 1.0,
) -> str:
    """A rectangle by its upper left corner."""
    edge = f' stroke="{rim}" stroke-width="{rim_width:g}"' if rim else ""
    corner = f' rx="{round_:g}"' if round_ else ""
    pale = f' opacity="{opacity:g}"' if opacity < 1.0 else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{corner} fill="{fill}"{edge}{pale}/>'
    )


def points(pairs: Iterable[Point]) -> str:
    """The value of the attribute ``points`` of a polygon or polyline."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)


def hatch() -> str:
    """The pattern ``url(#hatch)``, for what must not be read as one colour."""
    stroke = line((0, 0), (0, 7), look().ink, 1.6, opacity=0.55)
    return (
        '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f"{stroke}</pattern>"
    )


def drawing(width: float, height: float, body: Sequence[str], words: str, definitions: str = "") -> str:
    """The text of an SVG file; `words` say what it shows to those who cannot see it."""
    defined = f"<defs>{definitions}</defs>\n" if definitions else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="{look().font}" role="img" aria-label="{svg_text(words)}">\n'
        + defined
        + "\n".join(body)
        + "\n</svg>\n"
    )


def document(
    width: float,
    height: float,
    title: str,
    subtitle: Sequence[str],
    foot: Sequence[str],
    body: Sequence[str],
    definitions: str = "",
) -> str:
    """A whole picture on paper: title and subtitle at the top, where the numbers come from at the foot."""
    colours = look()
    head = [rectangle(0, 0, width, height, colours.paper), text(24, 38, title, 19, bold=True)]
    head += [text(24, 60 + 17 * i, one, 12, colours.muted) for i, one in enumerate(subtitle)]
    end = [text(24, height - 12 - 14 * i, one, 10, colours.muted) for i, one in enumerate(reversed(foot))]
    return drawing(width, height, [*head, *body, *end], f"{title}. {' '.join(subtitle)}", definitions)
