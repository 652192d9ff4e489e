"""Old to new, judgement by judgement: the chance as a dumbbell, and the steps that led from one to the other.

Left, one row a judgement: ring for the old chance, filled dot for the new one, from 0 to 100 %. Right, the steps by
cause in points, as a bar from zero with its Monte Carlo standard error; steps within twice their error are pale.
"""

from __future__ import annotations

import textwrap

from afterfall.report.changes.attribution import ChangeStep
from afterfall.report.changes.between_runs import Changes, HeadlineChange
from afterfall.report.changes.change_words import ERRORS, POINT, moved_most, points, range_words, since_words
from afterfall.report.kit.number_formats import share
from afterfall.report.kit.stamp import GROUPS_ONLY, stamp_of
from afterfall.report.kit.svg import document, line, rectangle, text
from afterfall.report.kit.theme import look

LEFT, LABEL, AXIS, GAP, CELL, ROW, TOP, HEAD = 24.0, 350.0, 260.0, 30.0, 116.0, 48.0, 96.0, 46.0
RADIUS, PAD, CHARACTERS, CLOSE = 6.0, 10.0, 60, 30.0
#: Causes over the columns of steps.
HEADS = {
    "version": "version of the program",
    "given": "old conditions dropped",
    "seed": "random numbers",
    "time": "time without news",
    "events": "events",
    "own_figures": "figures of the country",
    "figures": "other figures",
    "rest": "policies and the rest",
    "fit": "the fit",
    "given_now": "new conditions",
}


def changes_picture(found: Changes, command: str) -> str:
    """The picture, as the text of an SVG."""
    causes = list(found.causes) if found.simulations else []
    width = LEFT + LABEL + AXIS + GAP + CELL * len(causes) + LEFT
    height = TOP + HEAD + ROW * len(found.judged) + 64
    body = _heads(causes)
    reach = _reach(found)
    for i, one in enumerate(found.judged):
        y = TOP + HEAD + ROW * i
        body += [line((LEFT, y), (width - LEFT, y), look().rule, 0.8), *_label(one, y), *_dumbbell(one, y)]
        by = {step.cause: step for step in one.chance_steps}
        for k, cause in enumerate(causes):
            body += _step(by[cause], _cell(k), y + ROW / 2, reach)
    foot = [stamp_of(found.new, command).source_line(), f"{_foot(found)}{GROUPS_ONLY}"]
    return document(max(width, 900.0), height, _title(found), _subtitle(found, bool(causes)), foot, body)


def _title(found: Changes) -> str:
    first = moved_most(found)[:1]
    if not first or abs(first[0].moved) < POINT:
        return f"No judgement on {found.place} moved by a point {since_words(found)}"
    one = first[0]
    return f"{found.place}: {_asked(one)} was {share(one.old.chance)}, now {share(one.new.chance)}"


def _subtitle(found: Changes, steps: bool) -> list[str]:
    lines = [
        f"What changed, {since_words(found)}. Ring: old chance; filled dot: new chance; under each label the number."
    ]
    if steps:
        lines.append(
            "Right: steps in points that add up to the change, with standard errors; pale where within twice the error."
        )
    return lines


def _foot(found: Changes) -> str:
    if not found.simulations or not found.causes:
        return ""
    return f"Steps: {found.simulations:,} simulations with common random numbers, causes exchanged in two orders. "


def _asked(one: HeadlineChange) -> str:
    """What is judged, in a few words with the threshold."""
    headline = one.headline
    if headline.measure == "fallen":
        return f"all {headline.label}"
    if headline.measure == "more":
        return f"largest fate: {headline.label.removeprefix('people who ').removeprefix('are ')}"
    return f"{headline.least:,} or more {headline.label.removeprefix('more ')}"


def _heads(causes: list[str]) -> list[str]:
    y = TOP + HEAD - 10
    x = LEFT + LABEL
    body = [text(LEFT, y, "judgement", 11, look().muted, bold=True)]
    body += [text(x + AXIS * at, y, share(at), 10, look().muted, anchor="middle") for at in (0.0, 0.5, 1.0)]
    for k, cause in enumerate(causes):
        lines = textwrap.wrap(HEADS.get(cause, cause.rpartition("/")[2]), 17)
        for i, words in enumerate(lines):
            at = y - 12 * (len(lines) - 1 - i)
            body.append(text(_cell(k) + CELL / 2, at, words, 10, look().muted, anchor="middle", bold=True))
    return body


def _cell(column: int) -> float:
    return LEFT + LABEL + AXIS + GAP + CELL * column


def _label(one: HeadlineChange, y: float) -> list[str]:
    lines = textwrap.wrap(_asked(one), CHARACTERS)[:2]
    number = f"{range_words(one.old.number)}, now {range_words(one.new.number)}"
    body = [text(LEFT, y + 16 + 12 * i, words, 11.5) for i, words in enumerate(lines)]
    return [*body, text(LEFT, y + 18 + 12 * len(lines), number, 10, look().muted)]


def _dumbbell(one: HeadlineChange, y: float) -> list[str]:
    def at(chance: float) -> float:
        return LEFT + LABEL + AXIS * chance

    middle, old, new = y + ROW / 2 + 4, at(one.old.chance), at(one.new.chance)
    colour = look().fill("disengage")
    body = [line((at(0), middle), (at(1), middle), look().rule, 1.0)]
    body += [line((at(x), middle - 4), (at(x), middle + 4), look().rule, 1.0) for x in (0.0, 0.5, 1.0)]
    body += [line((old, middle), (new, middle), colour, 3.0, opacity=0.5), _dot(old, middle, look().paper, colour)]
    body.append(_dot(new, middle, colour, colour))
    if abs(new - old) < CLOSE:
        words = f"{share(one.old.chance)}, now {share(one.new.chance)}"
        return [*body, text((old + new) / 2, middle - 11, words, 9.5, look().muted, anchor="middle", halo=2)]
    body.append(text(old, middle - 11, share(one.old.chance), 9.5, look().muted, anchor="middle", halo=2))
    return [*body, text(new, middle - 11, share(one.new.chance), 9.5, anchor="middle", bold=True, halo=2)]


def _dot(x: float, y: float, fill: str, rim: str) -> str:
    side = 2 * RADIUS
    return rectangle(x - RADIUS, y - RADIUS, side, side, fill, rim=rim, rim_width=2, round_=RADIUS)


def _reach(found: Changes) -> float:
    """The largest step with its error, which the cells have room for."""
    sizes = [abs(step.value) + step.error for one in found.judged for step in one.chance_steps]
    return max([*sizes, POINT])


def _step(step: ChangeStep, x: float, y: float, reach: float) -> list[str]:
    zero = x + CELL / 2
    scale = (CELL / 2 - PAD) / reach
    end, error = zero + scale * step.value, scale * step.error
    clear = abs(step.value) > ERRORS * step.error and abs(step.value) >= POINT / 2
    colour = look().fill("disengage" if step.value >= 0 else "dispatch") if clear else look().rim
    body = [line((zero, y - 12), (zero, y + 14), look().rule, 1.0)]
    body.append(rectangle(min(zero, end), y, max(abs(end - zero), 0.5), 9, colour, opacity=1.0 if clear else 0.5))
    if error:
        body.append(line((end - error, y + 4.5), (end + error, y + 4.5), look().ink if clear else look().muted, 1.0))
    words = points(step.value)
    return [*body, text(zero, y - 4, words, 9.5, look().ink if clear else look().muted, anchor="middle", halo=2)]
