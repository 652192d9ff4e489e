"""An alluvial of means: everyone who left, where they are, and in which fate, with heights in people that add up.

Means only: ribbons of medians would break the sum. The people of each simulation are counted once, so that the means of
the fates add up to the mean of everyone; the fates are grouped by where they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.report.forecast.outlook import Outlook, OutlookLine
from afterfall.report.kit.number_formats import share, two_figures
from afterfall.report.kit.svg import drawing, rectangle, text
from afterfall.report.kit.theme import look

#: Where each fate is, in the order drawn; a fate not named here is "elsewhere".
PLACES = {
    "at home": ("disengage", "returned_at_risk", "imprisoned"),
    "in or near the theatre, at large": ("in_ranks", "remain", "defect", "unaffiliated"),
    "held in or near the theatre": ("detained",),
    "whereabouts unknown": ("unrecorded",),
    "elsewhere": ("relocate", "lying_low", "in_transit", "dispatch"),
    "dead": ("killed",),
}
WIDTH, HEIGHT, GAP, BAR = 520.0, 260.0, 7.0, 9.0
COLUMNS = (0.0, 150.0, 330.0)
#: A node lower than this has no room for a label.
LEGIBLE = 5.0
LABEL = 9.0


def gathered(outlook: Outlook) -> list[tuple[str, list[OutlookLine]]]:
    """Fates by where they are, empty ones left out."""
    of = {code: place for place, codes in PLACES.items() for code in codes}
    lines = [one for one in (*outlook.pathways, *outlook.fates) if one.then.mean > 0]
    found = [(place, [one for one in lines if of.get(one.code, "elsewhere") == place]) for place in PLACES]
    return [(place, ones) for place, ones in found if ones]


def alluvial(outlook: Outlook) -> str:
    """The drawing: three columns of bars, joined by ribbons as high as their people."""
    groups = gathered(outlook)
    everyone = sum(one.then.mean for _, ones in groups for one in ones) or 1.0
    fates = sum(len(ones) for _, ones in groups)
    scale = (HEIGHT - GAP * (fates - 1)) / everyone
    words = "; ".join(f"{place}: {share(sum(o.then.mean for o in ones) / everyone)}" for place, ones in groups)
    body: list[str] = []
    left = middle = right = 0.0
    left_start = (HEIGHT - everyone * scale) / 2
    for place, ones in groups:
        people = sum(one.then.mean for one in ones)
        middle_start = middle
        body.append(_ribbon(COLUMNS[0], left_start + left, COLUMNS[1], middle, people * scale, look().other_fill))
        inner = middle
        for one in ones:
            body += _fate(one, inner, right, scale, everyone)
            inner += one.then.mean * scale
            right += max(one.then.mean * scale, LABEL - GAP) + GAP
        body += _bar(
            COLUMNS[1], middle_start, people * scale, look().other_text, f"{place}: {share(people / everyone)}"
        )
        left += people * scale
        middle = max(middle + people * scale + GAP, right)
    body += _bar(COLUMNS[0], left_start, everyone * scale, look().ink, f"everyone who left: {two_figures(everyone)}")
    return drawing(WIDTH, max(HEIGHT, right) + 6, body, words)


def _fate(one: OutlookLine, start: float, at: float, scale: float, everyone: float) -> list[str]:
    marks = look().pathways
    letter = f"{marks[one.code].letter} " if one.code in marks else ""
    label = f"{letter}{one.label}: {share(one.then.mean / everyone)}"
    high = one.then.mean * scale
    return [
        _ribbon(COLUMNS[1], start, COLUMNS[2], at, high, look().fill(one.code)),
        *_bar(COLUMNS[2], at, high, look().fill(one.code), label),
    ]


def _bar(x: float, y: float, height: float, colour: str, label: str) -> Sequence[str]:
    # The label stands over ribbons: a pale rim keeps it readable.
    words = text(x + BAR + 4, y + max(height, LEGIBLE) / 2 + 2.5, label, 7.5, halo=2.4)
    return rectangle(x, y, BAR, max(height, 0.5), colour), words


def _ribbon(x1: float, y1: float, x2: float, y2: float, height: float, colour: str) -> str:
    a, b = x1 + BAR, x2
    mid = (a + b) / 2
    low1, low2 = y1 + height, y2 + height
    return (
        f'<path fill="{colour}" fill-opacity="0.28" d="M{a:.1f},{y1:.1f} '
        f"C{mid:.1f},{y1:.1f} {mid:.1f},{y2:.1f} {b:.1f},{y2:.1f} "
        f'L{b:.1f},{low2:.1f} C{mid:.1f},{low2:.1f} {mid:.1f},{low1:.1f} {a:.1f},{low1:.1f} Z"/>'
    )
