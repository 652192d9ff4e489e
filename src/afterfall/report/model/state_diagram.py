"""The state diagram of a model as SVG: boxes for families of states, curves for the moves between them.

A reading aid, drawn for a width of 1400 pixels. Colours, letters and textures are those of the five pathways; other
fates are grey. Moves inside a box (between dispositions, between custodians) are counted in it and not drawn. Deaths
are a mark on the box: a curve from everywhere to one place would hide all others.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from afterfall.model import Model
from afterfall.report.kit.svg import document, rectangle, svg_text, text
from afterfall.report.kit.theme import Mark, look
from afterfall.report.model.diagram_labels import DiagramLabel, place_labels
from afterfall.report.model.diagram_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    CENTRES,
    HEIGHT,
    WIDTH,
    Box,
    Route,
    boxes,
    curves,
    frame,
    routes,
)
from afterfall.report.model.state_families import Family, Link, families, links

#: The fate whose entries are marks on boxes.
DEATH = "killed"
STRIP = 26.0
HEADINGS = ("arriving", "in the theatre", "on the way", "held, or abroad", "home", "prison at home")
TEXTURES = {
    "solid": "",
    "hatch-forward": '<path d="M-1,1 l2,-2 M0,8 l8,-8 M7,9 l2,-2" stroke="#fff" stroke-width="1.4" opacity=".55"/>',
    "hatch-back": '<path d="M-1,7 l2,2 M0,0 l8,8 M7,-1 l2,2" stroke="#fff" stroke-width="1.4" opacity=".55"/>',
    "dots": '<circle cx="4" cy="4" r="1.4" fill="#fff" opacity=".7"/>',
    "cross": '<path d="M0,0 l8,8 M0,8 l8,-8" stroke="#fff" stroke-width="1.1" opacity=".5"/>',
}


def state_diagram(model: Model) -> str:
    """The diagram as the text of an SVG file."""
    among = families(model.states)
    placed = boxes(among)
    moves = links(model.states, model.transitions, among)
    alive = [link for link in moves if among[link.dest].fate != DEATH]
    drawn = routes(among, alive)
    fates = {q.name: q.label for q in model.quantities if q.group in ("pathway", "fate")}
    framed = sorted({route.frame for route in drawn if route.frame})
    paths = curves(among, placed, drawn)
    body = [
        *(_frame(frame(among, placed, stage)) for stage in framed),
        *_curves(among, drawn, paths),
        *_boxes(among, placed, fates, moves),
        *_words(among, drawn, place_labels([route.labels[0].split(",")[0] for route in drawn], paths, placed)),
        *_headings(),
        _legend(),
    ]
    counted = (
        f"{len(model.states)} states in {len(among)} boxes; {len(model.transitions)} transitions, of which those "
        "between boxes are drawn."
    )
    return document(WIDTH, HEIGHT, f"State diagram of {model.case.title}", [counted], [], body, _definitions())


def _definitions() -> str:
    tokens = look()
    patterns = [
        f'<pattern id="t-{m.code}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" '
        f'fill="{m.fill}"/>{TEXTURES[m.texture]}</pattern>'
        for m in tokens.pathways.values()
    ]
    colours = {**{m.code: m.text for m in tokens.pathways.values()}, "other": tokens.other_fill}
    arrows = [
        f'<marker id="a-{code}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0,0.6 L8,4 L0,7.4 z" fill="{colour}"/></marker>'
        for code, colour in colours.items()
    ]
    return "".join(patterns + arrows)


def _texture(mark: Mark) -> str:
    """Fill of a pathway: its texture, or its plain colour where it has none (a tile of one colour shows seams)."""
    return f"url(#t-{mark.code})" if TEXTURES[mark.texture] else mark.fill


def _frame(box: Box) -> str:
    top, width, height = box.y - box.half_height, 2 * box.half_width, 2 * box.half_height
    return rectangle(box.left, top, width, height, look().backdrop, rim=look().rule, round_=10)


def _curves(among: Sequence[Family], drawn: Sequence[Route], paths: Sequence[str]) -> list[str]:
    tokens = look()
    lines = []
    for route, path in zip(drawn, paths, strict=True):
        fate = among[route.dest].fate
        colour = tokens.text(fate) if fate in tokens.pathways else tokens.other_fill
        arrow = fate if fate in tokens.pathways else "other"
        dash = ' stroke-dasharray="5 4"' if route.back else ""
        width = 2.6 if route.frame else 1.5
        lines.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" opacity="0.85" '
            f'marker-end="url(#a-{arrow})"{dash}><title>{svg_text("; ".join(route.labels))}</title></path>'
        )
    return lines


def _words(among: Sequence[Family], drawn: Sequence[Route], labels: Sequence[DiagramLabel | None]) -> list[str]:
    """Labels in the colour of their curve, with a halo of paper so that the curve does not strike them through."""
    return [
        text(label.x, label.y + 3.5, label.text, 10.5, look().text(among[route.dest].fate), anchor="middle", halo=4)
        for route, label in zip(drawn, labels, strict=True)
        if label is not None
    ]


def _boxes(
    among: Sequence[Family], placed: Sequence[Box], fates: Mapping[str, str], moves: Sequence[Link]
) -> list[str]:
    deadly = {link.source for link in moves if among[link.dest].fate == DEATH}
    return [
        _box(family, box, fates.get(family.fate, family.fate), i in deadly)
        for i, (family, box) in enumerate(zip(among, placed, strict=True))
    ]


def _box(family: Family, box: Box, fate: str, deadly: bool) -> str:
    tokens = look()
    mark = tokens.pathways.get(family.fate)
    top = box.y - box.half_height
    colour = mark.fill if mark else tokens.other_fill
    strip = _texture(mark) if mark else tokens.other_fill
    name = family.members[0] if len(family.members) == 1 else fate
    lines = textwrap.wrap(name, 22)[:3]
    if len(family.members) > 1:
        lines = [*lines[:2], f"{len(family.members)} states"]
    first = box.y - 7.5 * (len(lines) - 1) + 4
    parts = [
        f"<g><title>{svg_text('; '.join(family.members))}</title>",
        rectangle(box.left, top, BOX_WIDTH, BOX_HEIGHT, tokens.paper, rim=colour, rim_width=1.6, round_=6),
        f'<path d="M{box.left + STRIP:.1f},{top:.1f} h{6 - STRIP:g} a6,6 0 0 0 -6,6 v{BOX_HEIGHT - 12:g} '
        f'a6,6 0 0 0 6,6 h{STRIP - 6:g} z" fill="{strip}"/>',
    ]
    if mark:
        parts.append(rectangle(box.left + 4, box.y - 10, 18, 20, mark.fill, round_=3))
        parts.append(text(box.left + STRIP / 2, box.y + 5, mark.letter, 14, tokens.paper, bold=True, anchor="middle"))
    for i, line in enumerate(lines):
        small = len(family.members) > 1 and i == len(lines) - 1
        size, ink = (11, tokens.muted) if small else (12, tokens.ink)
        parts.append(text(box.left + STRIP + 8, first + 15 * i, line, size, ink))
    if deadly:
        parts.append(text(box.right - 8, top + 15, "†", 13, bold=True, anchor="middle"))
    return "".join(parts) + "</g>"


def _headings() -> list[str]:
    muted = look().muted
    return [text(x, 92, name, 12, muted, bold=True, anchor="middle") for x, name in zip(CENTRES, HEADINGS, strict=True)]


def _legend() -> str:
    tokens = look()
    y = HEIGHT - 70
    parts = [f'<path d="M20,{y - 26:.0f} H{WIDTH - 20:.0f}" stroke="{tokens.rule}"/>']
    for i, mark in enumerate(tokens.pathways.values()):
        x = 20 + 200.0 * i
        parts += [
            rectangle(x, y - 14, 20, 20, _texture(mark), round_=3),
            rectangle(x + 3, y - 11, 14, 14, mark.fill, round_=2),
            text(x + 10, y + 1, mark.letter, 12, tokens.paper, bold=True, anchor="middle"),
            text(x + 28, y + 1, mark.short, 13),
        ]
    notes = [
        "Grey: the other fates. Dashed: against the usual order (escape, relapse, setting out again). † people here "
        "can be killed or die; those moves are not drawn.",
        "A thick curve leaves the frame: every group in it has that move. A curve takes the colour of where it ends; "
        "hover over it for what happens.",
    ]
    return "".join(parts) + "".join(text(20, y + 30 + 18 * i, note, 12, tokens.muted) for i, note in enumerate(notes))
