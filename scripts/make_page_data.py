"""Make the answers that come with the page, so that it opens with a forecast already there.

    python scripts/make_page_data.py                        every prepared vintage, 100 simulations each
    python scripts/make_page_data.py --simulations 1000     the same, for a release
    python scripts/make_page_data.py isis@2026-03-13        some vintages; the others are kept

For each vintage one file of answers to plain views of the world and of countries (every one on a case's own date, the
main ones on others), compressed, and an index with the hash of the model and a fingerprint of what they were made from
(`afterfall.web.prepared_answers`). A vintage whose file is of the same fingerprint and number of simulations is left as
it is, so that an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import time
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import afterfall
from afterfall.case import case_hash, open_case, open_whole_case
from afterfall.posterior import bundled_posterior
from afterfall.run.atomic_files import write_durably
from afterfall.web.answering import Answering
from afterfall.web.engine_room import Ticket
from afterfall.web.prepared_answers import ENDING, INDEX, PreparedAnswers, PreparedVintage, fingerprint
from afterfall.web.view_state import OPENING_FOCUS, WORLD, ViewQuery

FOLDER = Path(__file__).resolve().parent.parent / "src" / "afterfall" / "web" / "prepared"
SIMULATIONS = 100
#: Kinds of answers of the world, and of the country with which the page opens.
KINDS = ("forecast", "vintage", "flows", "violence", "attacks", "indicators", "evidence")
#: Countries whose forecast is prepared on every date; on a case's own date, that of every country is.
MAIN = (
    *("AUS", "BEL", "CAN", "DEU", "DNK", "EGY", "FRA", "GBR", "IDN", "JOR", "KAZ", "MAR", "NLD", "RUS", "SAU", "SWE"),
    *("TUN", "TUR", "USA", "UZB"),
)
TRACK, BRIEF = ("track", "track-revealed"), "brief.html"
#: The cases whose dates are prepared.
CASES = ("isis", "isis-2017", "mali-2013", "tiny")


def vintages() -> list[tuple[str, str]]:
    """Case and date of every prepared vintage: the case's own date, and those of its track record."""
    found = []
    for name in CASES:
        case = open_whole_case(name)
        own = open_case(name).as_of
        days = {own, *case.evaluation.record}
        found += [(name, day.isoformat()) for day in sorted(days, key=lambda day: (day != own, day))]
    return found


def answers(case: str, as_of: str, simulations: int) -> tuple[dict[str, Any], PreparedVintage]:
    """All answers of a vintage by kind and place, and its entry of the index."""
    here, ticket = Answering(PreparedAnswers.none()), Ticket("", "", "", 0)
    world = ViewQuery(case=case, as_of=as_of, simulations=simulations)
    run, model = here.runs.run(world, ticket)
    own = open_case(case).as_of.isoformat() == as_of
    later = open_whole_case(case).latest_published > run.as_of
    wanted = [(kind, WORLD) for kind in (*KINDS, *(TRACK if later else ()))]
    wanted += [("forecast", code) for code in model.origins if own or code in MAIN]
    focus = OPENING_FOCUS if OPENING_FOCUS in model.origins else model.origins[0]
    wanted += [(kind, focus) for kind in (*KINDS[1:], BRIEF)]
    found = {}
    for kind, place in wanted:
        view = world.model_copy(update={"focus": place, "reveal": kind == "track-revealed"})
        try:
            text = here.answer(kind, view, Ticket("", kind, view.key(kind), 0)).decode()
            made: Any = text if kind == BRIEF else json.loads(text)
        except ValueError as problem:
            print(f"  {kind} {place}: {problem}", file=sys.stderr)
            continue
        if kind != BRIEF and "stamp" in made:
            made["stamp"]["prepared"] = True
        if kind == "vintage":
            made["prepared"] = True
        found[f"{kind}|{place if kind not in TRACK else ''}"] = made
    here.close()
    entry = PreparedVintage(
        case=case,
        as_of=as_of,
        default=own,
        simulations=simulations,
        model_hash=model.model_hash,
        fitted=bundled_posterior(model) is not None,
        outcomes=f"{TRACK[0]}|" in found and bool(found[f"{TRACK[0]}|"]["rows"]),
        file=f"{case}@{as_of}{ENDING}",
        case_hash=case_hash(model.case),
    )
    return found, entry


def main() -> None:
    """Make what is asked for, and write the index after every vintage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", metavar="CASE@DATE")
    parser.add_argument("--simulations", type=int, default=SIMULATIONS)
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    given.out.mkdir(parents=True, exist_ok=True)
    before = PreparedAnswers.of(given.out)
    kept = {one.file: one for one in before.vintages}
    same = before.meta.get("fingerprint") == fingerprint()
    for case, as_of in vintages():
        name = f"{case}@{as_of}"
        old = kept.get(name + ENDING)
        done = old is not None and same and old.simulations == given.simulations and not given.only
        if done or (given.only and name not in given.only):
            continue
        begun = time.monotonic()
        found, entry = answers(case, as_of, given.simulations)
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
        packed = lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)
        write_durably(given.out / entry.file, packed)
        kept[entry.file] = entry
        _write_index(given.out, kept)
        size = len(packed) / 1000
        print(f"{name}: {len(found)} answers, {size:,.0f} kB, {time.monotonic() - begun:.0f} s", flush=True)


def _write_index(folder: Path, kept: dict[str, PreparedVintage]) -> None:
    head = {"fingerprint": fingerprint(), "version": afterfall.__version__, "model_version": _model_version()}
    content = {**head, "vintages": [asdict(one) for _, one in sorted(kept.items())]}
    write_durably(folder / INDEX, json.dumps(content, indent=1).encode() + b"\n")


def _model_version() -> str:
    from afterfall.model import MODEL_VERSION

    return MODEL_VERSION


if __name__ == "__main__":
    main()
