"""Options as a user states them: a name with levers as text, a package, or a TOML file of several.

A text is ``NAME: SETTING SETTING ...``. A setting is a package, or ``LEVER=INTENSITY`` with ``@ORIGIN`` where it is for
people of one origin. Without a name the settings are the name. ``now`` is policy as on the as-of date. A file::

    format = 1

    [options.programmes]
    title = "Programmes first"
    package = "programmes-first"
    levers = ["programmes=0.9", "assessment=0.6@CAN"]

where everything but the name may be left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from afterfall.case import Case
from afterfall.model.levers import AS_NOW, Catalogue, LeverError, Policy
from afterfall.model.levers.reading import FORMAT, TomlTable

NOW = "now"
ENDING = ".toml"


@dataclass(frozen=True, slots=True)
class Option:
    """A policy under the name that the user gave it."""

    name: str
    policy: Policy


class OptionError(ValueError):
    """Options that cannot be used, with every problem found."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join(["the options cannot be used:", *self.problems]))


def read_options(
    case: Case, given: Sequence[str | Path | Option], catalogue: Catalogue, country: str | None = None
) -> tuple[Option, ...]:
    """Options from texts and files, in the order given.

    Parameters
    ----------
    case
        The cut case; what was not public on its as-of date is refused, except in counterfactual packages.
    given
        Texts, paths of TOML files (a text that ends in ``.toml`` is a path), or options.
    catalogue
        The levers and packages.
    country
        Code of the origin to which levers of origins apply; None for all.

    Raises
    ------
    OptionError
        If a file cannot be read, a name occurs twice, or a lever, package or intensity cannot be used; every problem
        is listed.
    """
    found: list[Option] = []
    problems: list[str] = []
    for one in given:
        if isinstance(one, Option):
            found.append(one)
        elif isinstance(one, Path) or str(one).endswith(ENDING):
            found += _of_file(case, Path(one), catalogue, country, problems)
        else:
            found += _of_text(case, one, catalogue, country, problems)
    names = [one.name for one in found]
    problems += [f"two options have the name {name!r}" for name in dict.fromkeys(names) if names.count(name) > 1]
    if problems:
        raise OptionError(problems)
    return tuple(found)


def _of_text(
    case: Case, text: str, catalogue: Catalogue, country: str | None, problems: list[str]
) -> tuple[Option, ...]:
    name, colon, rest = (part.strip() for part in text.partition(":"))
    settings = (rest if colon else name).replace(",", " ").split()
    if not settings or not name:
        problems.append(f"{text!r}: expected NAME: SETTING SETTING ..., such as 'border: border=0.6', or a package")
        return ()
    packages = [s for s in settings if "=" not in s and s != NOW]
    if len(packages) > 1:
        problems.append(f"{text!r}: found the packages {', '.join(packages)}; expected at most one")
        return ()
    levers = [s for s in settings if "=" in s]
    return _option(case, name, "", packages, levers, catalogue, country, problems, where=repr(text))


def _of_file(
    case: Case, path: Path, catalogue: Catalogue, country: str | None, problems: list[str]
) -> tuple[Option, ...]:
    try:
        top: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        problems.append(f"{path}: {problem.strerror}; expected a TOML file of options")
        return ()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        problems.append(f"{path}: not TOML ({problem})")
        return ()
    table = TomlTable(str(path), "file", top, problems)
    if table.take("format", int, FORMAT) != FORMAT:
        table.fault("format", top["format"], str(FORMAT))
    listed = table.take("options", dict, {})
    table.done()
    if not listed:
        table.fault("options", listed, "tables [options.NAME]")
    found: list[Option] = []
    for name, values in listed.items():
        if not isinstance(values, dict):
            table.fault(f"options.{name}", values, "a table")
            continue
        own = TomlTable(str(path), f"options.{name}", values, problems)
        title, package, levers = own.take("title", str, ""), own.take("package", str, ""), own.texts("levers", [])
        own.done()
        where = f"{path}, options.{name}"
        found += _option(case, name, title, [package] if package else [], levers, catalogue, country, problems, where)
    return tuple(found)


def _option(
    case: Case,
    name: str,
    title: str,
    packages: Sequence[str],
    levers: Sequence[str],
    catalogue: Catalogue,
    country: str | None,
    problems: list[str],
    where: str,
) -> tuple[Option, ...]:
    try:
        policy = catalogue.policy(case, packages[0] if packages else None, levers, country)
    except (ValueError, LeverError) as problem:
        lines = str(problem).split("\n  ")
        problems.extend(f"{where}: {line}" for line in lines[1:] or lines)
        return ()
    if policy is AS_NOW or not title:
        return (Option(name, policy),)
    return (Option(name, replace(policy, title=title)),)
