"""The available levers and packages, and policies made of them from the names that a user gives.

The as-of cut applies here as it does to a case: a lever or package that was not yet public as an option cannot be set.
A *named counterfactual* may use both, and every output that shows it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeVar

from afterfall.case import Case
from afterfall.case.dates import months_between
from afterfall.case.problems import did_you_mean
from afterfall.model.levers.declaration import Lever, Package, Planned
from afterfall.model.levers.policy import AS_NOW, Policy, Setting
from afterfall.model.levers.reading import LeverError, read_levers
from afterfall.shown import Shown

BUNDLED = "afterfall.model.levers"
T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue(Shown):
    """Levers and packages by name."""

    levers: dict[str, Lever]
    packages: dict[str, Package]

    def lever(self, name: str) -> Lever:
        """A lever by name; the error names the nearest."""
        return _named("lever", name, self.levers)

    def policy(self, case: Case, package: str | None, settings: Sequence[str], country: str | None = None) -> Policy:
        """The policy made of a package and of settings such as ``border=0.6`` or ``border=0.6@GBR``.

        Parameters
        ----------
        case
            The cut case; its as-of date determines what may be used.
        package
            Name of a package to start from, or None.
        settings
            Settings as text. Each replaces that of the package for the same lever and origins, whenever that starts;
            the last of several for the same lever and origins counts.
        country
            Code of the origin to which levers of origins apply; None for all origins.

        Raises
        ------
        ValueError
            If a name is unknown, an intensity is not a number from 0 to 1, or something was not yet public; all
            problems are listed.
        """
        problems: list[str] = []
        base = AS_NOW
        if package not in (None, AS_NOW.name):
            base = self._package(case, str(package), country, problems)
        own = [s for text in settings if (s := self._setting(case, text, country, problems)) is not None]
        if problems:
            raise ValueError("\n  ".join(["the policy cannot be used:", *problems]))
        if not own:
            return base
        typed = {(s.lever.name, s.origins): text for s, text in zip(own, settings, strict=True)}
        added = AS_NOW.joined(own, "", "").settings
        name = "+".join([*([base.name] if base.settings else []), *(typed[s.lever.name, s.origins] for s in added)])
        words = [f"{s.lever.title} {s.intensity:g}" + _elsewhere(s, country) for s in added]
        title = ", ".join([base.title, *words] if base.settings else words)
        return base.joined(own, name, title)

    def _package(self, case: Case, name: str, country: str | None, problems: list[str]) -> Policy:
        try:
            found = _named("package", name, self.packages)
        except ValueError as problem:
            problems.append(str(problem))
            return AS_NOW
        if not found.counterfactual and found.published.last_day > case.as_of:
            problems.append(f"package {name!r} was published {found.published}, after the as-of date {case.as_of}")
        settings = []
        for line in found.lines:
            lever = self.lever(line.lever)
            if not found.counterfactual and lever.published.last_day > case.as_of:
                problems.append(_too_late(lever, case))
            settings.append(Setting(lever, line.intensity, _origins(lever, country), _start(case, line)))
        return Policy(found.name, found.title, tuple(settings), found.counterfactual)

    def _setting(self, case: Case, text: str, country: str | None, problems: list[str]) -> Setting | None:
        name, _, rest = text.partition("=")
        number, _, origin = rest.partition("@")
        try:
            lever, intensity = self.lever(name.strip()), float(number)
        except ValueError as problem:
            unknown = "lever" in str(problem)
            problems.append(str(problem) if unknown else f"{text!r}: expected NAME=INTENSITY, such as border=0.6")
            return None
        if not 0.0 <= intensity <= 1.0:
            problems.append(f"{text!r}: found intensity {intensity:g}, expected 0 to 1 ({_scale(lever)})")
        if origin and lever.scope == "everywhere":
            problems.append(f"{text!r}: {lever.name!r} acts everywhere; leave out @{origin}")
        if lever.published.last_day > case.as_of:
            problems.append(_too_late(lever, case))
        return Setting(lever, intensity, _origins(lever, origin or country), 1)


def _texts(files: Iterable[Path]) -> list[tuple[str, str]]:
    """Names and texts of files; all that cannot be read are reported together."""
    texts, problems = [], []
    for path in files:
        try:
            texts.append((str(path), path.read_text(encoding="utf-8")))
        except OSError as problem:
            problems.append(f"{path}: {problem.strerror}; expected a TOML file of levers and packages")
        except UnicodeDecodeError:
            problems.append(f"{path}: found bytes that are not UTF-8; expected a TOML file of levers and packages")
    if problems:
        raise LeverError(problems)
    return texts


def open_levers(extra: Iterable[Path] = ()) -> Catalogue:
    """The bundled levers and packages, with those of more files; no name may be declared twice.

    Raises
    ------
    LeverError
        If a file cannot be used; every problem is listed.
    """
    folder = resources.files(BUNDLED).joinpath("data")
    texts = [(f.name, f.read_text(encoding="utf-8")) for f in sorted(folder.iterdir(), key=lambda f: f.name)]
    texts = [(name, text) for name, text in texts if name.endswith(".toml")]
    texts += _texts(extra)
    levers: dict[str, Lever] = {}
    packages: dict[str, Package] = {}
    problems: list[str] = []
    for name, text in texts:
        more_levers, more_packages = read_levers(name, text)
        problems += _merge(name, "lever", levers, {x.name: x for x in more_levers})
        problems += _merge(name, "package", packages, {x.name: x for x in more_packages})
    problems += [
        f"package {p.name!r} names an unknown lever {line.lever!r}{did_you_mean(line.lever, levers)}"
        for p in packages.values()
        for line in p.lines
        if line.lever not in levers
    ]
    if problems:
        raise LeverError(problems)
    return Catalogue(levers, packages)


def _merge(file: str, noun: str, into: dict[str, T], more: dict[str, T]) -> list[str]:
    twice = [f"{file}: {noun} {name!r} is declared twice" for name in more if name in into]
    into.update(more)
    return twice


def _origins(lever: Lever, country: str | None) -> tuple[str, ...] | None:
    return None if country is None or lever.scope == "everywhere" else (country,)


def _elsewhere(setting: Setting, country: str | None) -> str:
    """The origins of a setting in brackets, unless they are the country asked about."""
    if setting.origins is None or setting.origins == (country,):
        return ""
    return f" ({', '.join(setting.origins)})"


def _start(case: Case, line: Planned) -> int:
    return 1 if line.start is None else max(1, months_between(case.as_of, line.start.first_day))


def _too_late(lever: Lever, case: Case) -> str:
    return (
        f"lever {lever.name!r} was first public in {lever.published}, after the as-of date {case.as_of}: "
        "it can be used in named counterfactuals only"
    )


def _scale(lever: Lever) -> str:
    return f"0: {lever.words.none}; 1: {lever.words.full}"


def _named(noun: str, name: str, known: dict[str, T]) -> T:
    if name in known:
        return known[name]
    raise ValueError(f"unknown {noun} {name!r}{did_you_mean(name, known)}; expected one of {', '.join(sorted(known))}")
