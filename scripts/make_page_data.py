"""Make the answers that come with the page, so that it opens with a forecast already there.

    python scripts/make_page_data.py                        every prepared vintage, 100 simulations each
    python scripts/make_page_data.py --simulations 1000     the same, for a release
    python scripts/make_page_data.py isis@2026-03-13        some vintages; the others are kept

For each vintage one file of answers to plain views of the world and of countries (every one on a case's own date, the
main ones on others), compressed, and an index with the hash of the model and a fingerprint of what they were made from
(`afterfall.web.prepared_answers`). The index is written after each vintage. One whose file is of the same fingerprint
and number of simulations is left as it is, so that an interrupted run goes on where it was; one that cannot be made is
named at the end, and keeps its old file. Ends with 1 if there was any.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import time
import warnings
from dataclasses import asdict, replace
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
        made_from=fingerprint(),
    )
    return found, entry


def main() -> int:
    """Make what is asked for, and write the index after every vintage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", metavar="CASE@DATE")
    parser.add_argument("--simulations", type=int, default=SIMULATIONS)
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    known = [f"{case}@{as_of}" for case, as_of in vintages()]
    if unknown := [name for name in given.only if name not in known]:
        parser.error(f"no such vintage: {', '.join(unknown)}; expected some of {', '.join(known)}")
    given.out.mkdir(parents=True, exist_ok=True)
    before = PreparedAnswers.of(given.out)
    old = str(before.meta.get("fingerprint", "unknown"))
    kept = {one.file: replace(one, made_from=one.made_from or old) for one in before.vintages}
    failed = make(to_make(known, kept, given), kept, given)
    total = sum(given.out.joinpath(name).stat().st_size for name in kept) / 1e6
    print(f"{len(kept)} vintages, {total:.1f} MB in {given.out}")
    if failed:
        print(f"not made: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def to_make(known: list[str], kept: dict[str, PreparedVintage], given: argparse.Namespace) -> list[str]:
    """Names of the vintages to make: those that are named, else those that are not there as they would be made now."""
    if given.only:
        return [name for name in known if name in given.only]
    now = given.simulations, fingerprint()
    done = {file for file, one in kept.items() if (one.simulations, one.made_from) == now}
    return [name for name in known if name + ENDING not in done or not given.out.joinpath(name + ENDING).is_file()]


def make(names: list[str], kept: dict[str, PreparedVintage], given: argparse.Namespace) -> list[str]:
    """Make vintages one after another; the names of those that could not be made."""
    failed = []
    for number, name in enumerate(names, start=1):
        print(f"{name} ({number} of {len(names)}) ...", flush=True)
        begun = time.monotonic()
        case, _, as_of = name.partition("@")
        try:
            found, entry = answers(case, as_of, given.simulations)
        except Exception as problem:  # noqa: BLE001  (the others are made all the same)
            print(f"{name}: {type(problem).__name__}: {problem}", file=sys.stderr, flush=True)
            failed.append(name)
            continue
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
        packed = lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)
        write_durably(given.out / entry.file, packed)
        kept[entry.file] = entry
        _write_index(given.out, kept)
        size = len(packed) / 1000
        print(f"{name}: {len(found)} answers, {size:,.0f} kB, {time.monotonic() - begun:.0f} s", flush=True)
    return failed


def _write_index(folder: Path, kept: dict[str, PreparedVintage]) -> None:
    head = {"fingerprint": fingerprint(), "version": afterfall.__version__, "model_version": _model_version()}
    content = {**head, "vintages": [asdict(one) for _, one in sorted(kept.items())]}
    write_durably(folder / INDEX, json.dumps(content, indent=1).encode() + b"\n")


def _model_version() -> str:
    from afterfall.model import MODEL_VERSION

    return MODEL_VERSION


if __name__ == "__main__":
    sys.exit(main())
