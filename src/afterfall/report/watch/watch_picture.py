"""The indicator board: one row an indicator, one column a headline number, and how far each moves the other.

In each cell the chance of the event judged on the headline number, from 0 to 100 %: the filled dot where the indicator
is seen, the ring where it is not, the tick at the chance now. Cells that do not stand out of the noise are pale and
show the tick alone, so that what is drawn in colour may be believed.
"""

from __future__ import annotations

import textwrap

from afterfall.report.headlines.headline import Headline
from afterfall.report.kit.number_formats import day, share
from afterfall.report.kit.stamp import GROUPS_ONLY, stamp_of
from afterfall.report.kit.svg import document, line, rectangle, text
from afterfall.report.kit.theme import look
from afterfall.report.watch.watching import Shift, Watched, WatchList

ROWS, COLUMNS = 12, 6
LEFT, LABEL, CHANCE, BITS, CELL, ROW, TOP, HEAD = 24.0, 330.0, 70.0, 96.0, 122.0, 38.0, 104.0, 66.0
#: Free space in a cell on either side of its axis; radius of a dot.
PAD, RADIUS = 12.0, 5.0
CHARACTERS, LABEL_CHARACTERS = 19, 58
#: Dots nearer than this have one label.
CLOSE = 28.0


def indicator_board(found: WatchList, command: str) -> str:
    """The picture, as the text of an SVG."""
    rows, columns = found.informative()[:ROWS], _columns(found)
    width = LEFT + LABEL + CHANCE + BITS + CELL * max(len(columns), 2) + LEFT
    height = TOP + HEAD + ROW * max(len(rows), 1) + 64
    body = _heads(columns)
    for i, one in enumerate(rows):
        body += _row(found, one, columns, TOP + HEAD + ROW * i)
    if not rows:
        body.append(text(LEFT, TOP + HEAD + 20, "No indicator stands out of the noise of so few simulations.", 12))
    subtitle = [
        f"{found.place}, as of {day(found.run.as_of)}. In each cell the chance of what the column asks, from 0 to "
        "100%: filled dot if the indicator is seen,",
        f"ring if it is not (counts: highest and lowest third), tick now. Only what stands out of the noise of "
        f"{found.run.request.trajectories:,} simulations is drawn.",
    ]
    foot = [
        stamp_of(found.run, command).source_line(),
        f"Bits: expected information, the mean over all {len(found.headlines)} headline numbers. {GROUPS_ONLY}",
    ]
    return document(width, height, _title(found), subtitle, foot, body)


def _title(found: WatchList) -> str:
    by = day(found.run.date(found.month))
    rows = found.informative()
    if not rows:
        return f"No indicator that may be seen by {by} says much of the headline numbers"
    return f"Of what may be seen by {by}, this would say most: {rows[0].signal.label}"


def _columns(found: WatchList) -> tuple[Headline, ...]:
    """The headline numbers of which the rows say most, in the order of the brief."""
    most = {
        one.key: max(
            (s.bits for w in found.informative()[:ROWS] for s in w.shifts if s.headline == one.key), default=0.0
        )
        for one in found.headlines
    }
    kept = sorted(most, key=lambda key: -most[key])[:COLUMNS]
    return tuple(one for one in found.headlines if one.key in kept)


def _x(column: int) -> float:
    return LEFT + LABEL + CHANCE + BITS + CELL * column


def _heads(columns: tuple[Headline, ...]) -> list[str]:
    y = TOP + HEAD - 12
    body = [text(LEFT, y, "indicator", 11, look().muted, bold=True)]
    body.append(text(LEFT + LABEL + CHANCE - 16, y, "chance", 11, look().muted, anchor="end", bold=True))
    body.append(text(LEFT + LABEL + CHANCE + 6, y, "bits", 11, look().muted, bold=True))
    for i, one in enumerate(columns):
        lines = textwrap.wrap(_asked(one), CHARACTERS)
        for k, words in enumerate(lines):
            body.append(text(_x(i) + PAD, y - 13 * (len(lines) - 1 - k), words, 10.5, look().muted, bold=True))
    return body


def _asked(one: Headline) -> str:
    """What a column asks, in a few words with the threshold."""
    if one.measure == "fallen":
        return "all strongholds fallen by " + day(one.on)
    if one.measure == "more":
        return f"largest fate: {one.label.removeprefix('people who ').removeprefix('are ')}"
    return f"{one.least:,} or more {one.label.removeprefix('more ')}"


def _row(found: WatchList, one: Watched, columns: tuple[Headline, ...], y: float) -> list[str]:
    middle = y + ROW / 2
    body = [line((LEFT, y), (_x(len(columns)), y), look().rule, 0.8)]
    label = one.signal.label + (f": {one.signal.seen}" if one.signal.kind == "count" else "")
    lines = textwrap.wrap(label, LABEL_CHARACTERS)[:2]
    for k, words in enumerate(lines):
        body.append(text(LEFT, middle + 4 + 13 * (k - (len(lines) - 1) / 2), words, 11.5))
    body.append(text(LEFT + LABEL + CHANCE - 16, middle + 4, share(one.signal.chance), 11.5, anchor="end"))
    longest = max(w.bits for w in found.informative())
    bar = (BITS - 52) * one.bits / longest
    body.append(rectangle(LEFT + LABEL + CHANCE + 6, middle - 5, max(bar, 1.0), 10, look().link))
    body.append(text(LEFT + LABEL + CHANCE + 12 + max(bar, 1.0), middle + 4, f"{one.bits:.3f}", 10, look().muted))
    by_key = {shift.headline: shift for shift in one.shifts}
    for i, headline in enumerate(columns):
        body += _cell(found, by_key[headline.key], _x(i), middle)
    return body


def _cell(found: WatchList, shift: Shift, x: float, y: float) -> list[str]:
    def at(chance: float) -> float:
        return x + PAD + (CELL - 2 * PAD) * chance

    now = at(found.now[shift.headline].chance)
    body = [line((at(0), y), (at(1), y), look().rule, 1.0)]
    if not shift.known:
        return [*body, line((now, y - 5), (now, y + 5), look().rim, 1.5)]
    seen, unseen = at(shift.seen.chance), at(shift.unseen.chance)
    colour = look().fill("disengage")
    body += [
        line((unseen, y), (seen, y), colour, 2.5, opacity=0.55),
        line((now, y - 7), (now, y + 7), look().ink, 1.5),
        _dot(unseen, y, look().paper, colour),
        _dot(seen, y, colour, colour),
    ]
    low, high = sorted((shift.seen.chance, shift.unseen.chance))
    if at(high) - at(low) < CLOSE:
        both = f"{share(low)} to {share(high)}"
        return [*body, text((at(low) + at(high)) / 2, y - 9, both, 8.5, look().muted, anchor="middle", halo=2)]
    return [
        *body,
        text(at(low), y - 9, share(low), 8.5, look().muted, anchor="middle", halo=2),
        text(at(high), y - 9, share(high), 8.5, look().muted, anchor="middle", halo=2),
    ]


def _dot(x: float, y: float, fill: str, rim: str) -> str:
    side = 2 * RADIUS
    return rectangle(x - RADIUS, y - RADIUS, side, side, fill, rim=rim, rim_width=2, round_=RADIUS)
