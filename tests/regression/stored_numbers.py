"""The numbers that are stored: commands as a user types them, and what is kept of what they print.

A stored file holds what one command said when the file was last renewed. Renewing is a decision, never a repair:
CONTRIBUTING.md, *Stored numbers*, has the rule.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STORED = Path(__file__).parent / "stored"
#: Relative. Numbers are equal to the last bit on one platform and lock file; sums may be ordered otherwise on another.
TOLERANCE = 1e-9
SHOWN = 20

Numbers = dict[str, Any]  # name -> a number, None, or a dictionary of those

HOW_TO_RENEW = """
If this change is not wanted, a later commit has a mistake: find it.
If it is wanted, run `make regression-update`, read the difference of tests/regression/stored, and say in CHANGELOG.md
under *Effect on results* what changed, by how much and why (CONTRIBUTING.md, *Stored numbers*)."""


@dataclass(frozen=True)
class Stored:
    """A command without its folder of runs, and how its numbers are picked from what it prints."""

    arguments: str
    pick: Callable[[str], Numbers]


# ---------------------------------------------------------------- what is picked

SUMMARY = ("mean", "median", "low90", "high90")


def some(entry: dict[str, Any], names: tuple[str, ...] = SUMMARY) -> Numbers:
    """The numbers of these names in an entry of a JSON object."""
    return {name: entry[name] for name in names}


def forecast(printed: str) -> Numbers:
    """People in each pathway and fate, counters, when places fall, organisations and their events."""
    content = json.loads(printed)
    groups = ("pathways", "fates", "counters")
    found = {f"{group}.{name}": some(entry) for group in groups for name, entry in content[group].items()}
    for fall in content["holdings"]:
        found[f"falls.{fall['holding']}"] = some(fall, ("probability_within_horizon", "median_month"))
    for organisation in content["organisations"]:
        found[f"strength.{organisation['organisation']}"] = some(organisation)
    for event in content["events"]:
        found[f"events.{event['event']}"] = some(event, ("probability",))
    return found


def comparison(printed: str) -> Numbers:
    """Differences between the two sides."""
    kept = (*SUMMARY, "mean_a", "mean_b", "prob_better")
    return {name: some(entry, kept) for name, entry in json.loads(printed)["differences"].items()}


def hindcast(printed: str) -> Numbers:
    """Scores by quantity and lead time, of places that fell, and of splits."""
    content = json.loads(printed)
    found: Numbers = {"scored": content["figures"]["scored"]}
    for summary in content["summaries"]:
        name = f"{summary['quantity'] or 'all'}.{summary['months'] or 'all'}"
        rules = ("log_score", "interval90", "coverage50", "coverage90")
        found[f"scores.{'hindsight.' * summary['hindsight']}{name}"] = {
            "crps": summary["crps"]["model"],
            "skill": summary["crps"]["skill"],
            **{rule: summary[rule]["model"] for rule in rules},
        }
    for fall in content["holdings"]:
        found[f"falls.{fall['holding']}"] = some(fall, ("brier", "log_score"))
    for split in content["splits"]:
        found[f"splits.{split['place']}.{split['refers_to']}"] = split["energy"]
    return found


def attacks(printed: str) -> Numbers:
    """What was learned, and attempts in the two years before and after the as-of date, by country."""
    content = json.loads(printed)
    found: Numbers = {f"learned.{name}": entry for name, entry in content["attempt_parameters"].items()}
    for place, entry in content["places"].items():
        found[f"{place}.before"] = some(entry["attempts_24_months_before"])
        found[f"{place}.after"] = some(entry["attempts_24_months_after"])
        found[f"{place}.more_of_the_same"] = entry["more_of_the_same"]
    return found


def screening(printed: str) -> Numbers:
    """Verdicts over the whole horizon, the instrument, and stocks at the end of each year."""
    content = json.loads(printed)
    found: Numbers = {f"whole.{name}": entry for name, entry in content["whole"].items()}
    found |= {name: content[name] for name in ("sensitivity", "specificity")}
    for period in content["periods"]:
        found |= {f"stocks.{period['end_date']}.{name}": entry for name, entry in period["stocks"].items()}
    return found


def brief(printed: str) -> Numbers:
    """All numbers in tables that have a column or a row for each year, row by row."""
    tables = re.findall(r"(?:^\|.*\n)+", printed, re.MULTILINE)
    yearly = [table for table in tables if re.search(r"^\|.*\b20\d\d\b.*\b20\d\d\b|^\| 20\d\d \|", table, re.MULTILINE)]
    rows = [re.findall(r"<?\d[\d,]*", row) for table in yearly for row in table.splitlines()]
    return {f"row {i:02}": "  ".join(numbers) for i, numbers in enumerate(filter(None, rows))}


TINY, ISIS = "tiny --trajectories 50", "isis-2017 --trajectories 50"
COMMANDS = {
    "tiny-forecast": Stored(f"forecast {TINY} --json", forecast),
    "tiny-compare": Stored(f"compare {TINY} --lever border=0.6 --json", comparison),
    "tiny-attacks": Stored(f"attacks {TINY} --json", attacks),
    "tiny-screening": Stored(f"screening {TINY} --country arda --json", screening),
    "tiny-brief": Stored(f"brief {TINY} --country arda", brief),
    "isis-2017-forecast": Stored(f"forecast {ISIS} --json", forecast),
    "isis-2017-forecast-canada": Stored(f"forecast {ISIS} --country CAN --json", forecast),
    "isis-2017-screening-canada": Stored(f"screening {ISIS} --country CAN --json", screening),
    "isis-2017-hindcast": Stored(f"hindcast {ISIS} --as-of 2016-08-01 --json", hindcast),
}

# ---------------------------------------------------------------- run, compare, keep


def numbers_now(name: str, runs: Path) -> Numbers:
    """Numbers that the command prints now; its runs are kept in ``runs`` and shared with other commands."""
    from afterfall.cli.entry import run

    printed, messages = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(messages):
        code = run([*COMMANDS[name].arguments.split(), "--run-dir", str(runs)])
    if code:
        raise RuntimeError(f"`afterfall {COMMANDS[name].arguments}` ended with {code}:\n{messages.getvalue()}")
    return COMMANDS[name].pick(printed.getvalue())


def file_of(name: str) -> Path:
    """Where the numbers of a command are stored."""
    return STORED / f"{name}.json"


def read(name: str) -> Numbers:
    """Stored numbers of a command; none where nothing is stored yet."""
    path = file_of(name)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}  # type: ignore[no-any-return]


def keep(name: str, numbers: Numbers) -> None:
    """Store the numbers of a command, one line an entry, so that a change is a line to read."""
    lines = [f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in numbers.items()]
    file_of(name).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def flat(numbers: Numbers, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every number with its full name."""
    for key, value in numbers.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def changes(stored: Numbers, now: Numbers) -> list[str]:
    """What differs: one line a number, with its old and new value and the relative change."""
    old, new = dict(flat(stored)), dict(flat(now))
    found = [f"{name}: no longer there (stored {old[name]})" for name in old if name not in new]
    found += [f"{name}: new ({new[name]})" for name in new if name not in old]
    for name in old.keys() & new.keys():
        a, b = old[name], new[name]
        if isinstance(a, int | float) and isinstance(b, int | float):
            if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=0.0):
                found.append(f"{name}: stored {a}, now {b}" + (f" ({(b - a) / abs(a):+.2%})" if a else ""))
        elif a != b:
            found.append(f"{name}: stored {a}, now {b}")
    return sorted(found)


def in_words(name: str, found: list[str]) -> str:
    """What changed in the numbers of a command, and the command itself."""
    more = [f"... and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    head = f"`afterfall {COMMANDS[name].arguments}`: {len(found)} stored numbers changed"
    return "\n".join([head, *(f"  {line}" for line in found[:SHOWN] + more)])
