"""The levers and packages there are, and policies made of them as a user names them.

The as-of cut holds here as it does for a case: a lever that was not yet public as an option cannot be set, nor can a
package; a *named counterfactual* may use both, and everything that shows it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import TypeVar

from afterfall.case import Case
from afterfall.case.dates import months_between
from afterfall.model.levers.declaration import Lever, Package, Planned
from afterfall.model.levers.policy import AS_NOW, Policy, Setting
from afterfall.model.levers.reading import LeverError, read_levers

BUNDLED = "afterfall.model.levers"
T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue:
    """Levers and packages by name."""

    levers: dict[str, Lever]
    packages: dict[str, Package]

    def lever(self, name: str) -> Lever:
        """A lever by name; the error names the nearest."""
        return _named("lever", name, self.levers)

    def policy(self, case: Case, package: str | None, settings: Sequence[str], country: str | None = None) -> Policy:
        """The policy that a package and settings written ``border=0.6`` or ``border=0.6@GBR`` make.

        Parameters
        ----------
        case
            The cut case; its as-of date decides what may be used.
        package
            Name of a package to start from, or None.
        settings
            Settings as text; each replaces the package's of the same lever and origins, whenever that starts, and the
            last of several for the same lever and origins counts.
        country
            Code of the origin whose own levers are meant; all origins for None.

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
            told = str(problem) if "lever" in str(problem) else f"{text!r}: expected NAME=INTENSITY, such as border=0.6"
            problems.append(told)
            return None
        if not 0.0 <= intensity <= 1.0:
            problems.append(f"{text!r}: found intensity {intensity:g}, expected 0 to 1 ({_scale(lever)})")
        if origin and lever.scope == "everywhere":
            problems.append(f"{text!r}: {lever.name!r} acts everywhere; leave out @{origin}")
        if lever.published.last_day > case.as_of:
            problems.append(_too_late(lever, case))
        return Setting(lever, intensity, _origins(lever, origin or country), 1)


def _texts(files: Iterable[Path]) -> list[tuple[str, str]]:
    """Names and texts of files; those that cannot be read are told together."""
    texts, problems = [], []
    for path in files:
        try:
            texts.append((str(path), path.read_text(encoding="utf-8")))
        except OSError as problem:
            problems.append(f"{path}: {problem.strerror}; expected a TOML file of levers and packages")
        except UnicodeDecodeError:
            problems.append(f"{path}: found no text; expected a TOML file of levers and packages")
    if problems:
        raise LeverError(problems)
    return texts


def open_levers(extra: Iterable[Path] = ()) -> Catalogue:
    """The bundled levers and packages, with those of more files, which may not take a name twice.

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
        f"package {p.name!r} names an unknown lever {line.lever!r}{_nearest(line.lever, levers)}"
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
    """Whose lever it is, where that is not the country asked about."""
    if setting.origins is None or setting.origins == (country,):
        return ""
    return f" ({', '.join(setting.origins)})"


def _start(case: Case, line: Planned) -> int:
    return 1 if line.start is None else max(1, months_between(case.as_of, line.start.first_day))


def _too_late(lever: Lever, case: Case) -> str:
    return (
        f"lever {lever.name!r} was first public in {lever.published}, after the as-of date {case.as_of}: "
        "it enters named counterfactuals alone"
    )


def _scale(lever: Lever) -> str:
    return f"0: {lever.words.none}; 1: {lever.words.full}"


def _named(noun: str, name: str, known: dict[str, T]) -> T:
    if name in known:
        return known[name]
    raise ValueError(f"unknown {noun} {name!r}{_nearest(name, known)}; there are {', '.join(sorted(known))}")


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
