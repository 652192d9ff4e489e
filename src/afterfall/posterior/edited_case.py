"""Bundled posteriors for edited cases: reweighted where figures were added, else not used, and never in silence.

A copy of a bundled case that somebody edits has the name of the bundled one, and another fit. What was edited decides:

- figures were added, and nothing else was changed: the bundled draws are reweighted by the likelihood of the edited
  case over that of the bundled one (`infer.figure_addition`), where the weights are reliable;
- anything else: the bundled draws are not those of a case like this one. Parameters are drawn from priors, with a
  warning that names what differs.

Two cases are compared as cut at the same day. Sources and indicators move no number and are not compared, nor are names
and descriptions. An edit that leaves the fit as it is (a policy, a figure that no fit reads) never comes here: the
posterior then belongs to the edited case as it is.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from afterfall.case import Case, CaseWarning, Figure, bundled_cases, case_hash, open_case
from afterfall.case.kept import allow_beyond_data
from afterfall.case.schema import BY_ATTRIBUTE, TABLES
from afterfall.model import Model, build
from afterfall.posterior.key import fit_key
from afterfall.posterior.posterior_file import Posterior

#: Tables that move no number.
NOT_COMPARED = frozenset({"sources", "indicators"})
#: What case.toml says that acts on a forecast.
SETTINGS = ("mobilisation", "core", "theatre")
#: Names listed of one kind.
LISTED = 3


class UnusedPosterior(UserWarning):
    """A bundled posterior that is not used, since the case was edited."""


@dataclass(frozen=True, slots=True)
class CaseEdits:
    """How an edited case differs from the bundled case of its name, both as cut at one day.

    Attributes
    ----------
    added
        Figures that the bundled case does not have.
    other
        Everything else that differs, each in words.
    """

    added: tuple[Figure, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reweighting:
    """What came of reweighting draws for added figures.

    Attributes
    ----------
    posterior
        The draws resampled by weight, for the case with the figures; None where the weights are not reliable.
    effective, draws
        Effective number of the fit's draws, and their number.
    khat, largest_k
        Pareto k of the weights, and up to which k they are reliable.
    reason
        Why a refit is needed; empty where it is not.
    """

    posterior: Posterior | None
    effective: float
    draws: int
    khat: float
    largest_k: float
    reason: str = ""


#: Reweights a posterior of the first model for the second, which has this many figures more.
Reweight = Callable[[Posterior, Model, Model, int], Reweighting]


class EditedCases:
    """What reweights posteriors. The public API sets it: reading a posterior does not depend on the fit."""

    reweight: ClassVar[Reweight | None] = None


@lru_cache(maxsize=8)
def bundled_twin(case: Case) -> Case | None:
    """The bundled case of the name of a case, as of its day: the same one, or what it was edited from; None without."""
    name = next((name for name in case.names if name in bundled_cases()), None)
    if name is None:
        return None
    with warnings.catch_warnings(), allow_beyond_data():
        warnings.simplefilter("ignore", CaseWarning)  # they concern the case that was asked for
        return open_case(name, as_of=case.as_of)


def is_edited(case: Case) -> bool:
    """Whether a case has the name of a bundled one, and is not it."""
    twin = bundled_twin(case)
    return twin is not None and case_hash(twin) != case_hash(case)


def edits_between(bundled: Case, edited: Case) -> CaseEdits:
    """How a case differs from the bundled one of its name."""
    other = [f"case.toml ({name})" for name in SETTINGS if getattr(bundled, name) != getattr(edited, name)]
    for table in TABLES:
        if table.attribute not in NOT_COMPARED:
            before, after = getattr(bundled, table.attribute), getattr(edited, table.attribute)
            keys = [[_key(row, table.key) for row in rows] for rows in (before, after)]
            gone = _unlike(before, keys[0], after)
            new = _unlike(after, keys[1], before)
            if table.attribute == "figures":
                new = [key for key in new if key in gone]
            words = _in_words(gone, new)
            other += [f"{BY_ATTRIBUTE[table.attribute].file} ({words})"] if words else []
    known = set(bundled.figures)
    names = {figure.figure for figure in bundled.figures}
    added = tuple(f for f in edited.figures if f not in known and f.figure not in names)
    return CaseEdits(added, tuple(other))


def _key(row: object, columns: Sequence[str]) -> str:
    return " ".join(str(getattr(row, column)) for column in columns)


def _unlike(rows: Sequence[object], keys: Sequence[str], others: Sequence[object]) -> list[str]:
    """Keys of rows that the others do not contain."""
    known = set(others)
    return [key for row, key in zip(rows, keys, strict=True) if row not in known]


def _in_words(gone: Sequence[str], new: Sequence[str]) -> str:
    changed = [key for key in gone if key in new]
    kinds = (
        ("changed", changed),
        ("removed", [key for key in gone if key not in changed]),
        ("added", [key for key in new if key not in changed]),
    )
    return "; ".join(f"{word}: {_listed(keys)}" for word, keys in kinds if keys)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


@dataclass(frozen=True, slots=True)
class Adapted:
    """A bundled posterior for an edited case, or why there is none.

    Attributes
    ----------
    posterior
        The reweighted draws; None where parameters are drawn from priors.
    edits
        How the case differs from the bundled one.
    reweighting
        What came of reweighting; None where it was not tried.
    why
        Why parameters are drawn from priors, as a sentence; empty where they are not.
    """

    posterior: Posterior | None
    edits: CaseEdits
    reweighting: Reweighting | None
    why: str


def adapted(posterior: Posterior, model: Model) -> Adapted:
    """A bundled posterior for a model of an edited case: reweighted where only figures were added, else none.

    Parameters
    ----------
    posterior
        The bundled posterior of the case's name and day, which does not belong to the model.
    model
        The model of the edited case.
    """
    twin = bundled_twin(model.case)
    if twin is None or not is_edited(model.case):
        raise ValueError(f"expected a case edited from a bundled one, found {model.case.id}")
    edits = edits_between(twin, model.case)
    of = f"the bundled posterior of {posterior.origin.case} as of {posterior.origin.as_of} is not used"
    if edits.other:
        what = "; ".join(edits.other)
        return Adapted(None, edits, None, f"{of}, since this case differs from the bundled one in {what}{_then(model)}")
    if EditedCases.reweight is None:
        return Adapted(None, edits, None, f"{of}: figures were added, and nothing here can reweight it{_then(model)}")
    found = _reweighted(EditedCases.reweight, posterior, _Twins(twin, model), len(edits.added))
    why = f"{of}: figures were added, and {found.reason}{_then(model)}" if found.reason else ""
    return Adapted(found.posterior, edits, found, why)


def without_reweighting(posterior: Posterior, model: Model) -> str:
    """Why an edited case draws from priors, where it does: what `adapted` says, without reweighting to find out."""
    twin = bundled_twin(model.case)
    if twin is None:
        return ""
    if edits_between(twin, model.case).other:
        return adapted(posterior, model).why
    return (
        f"the bundled posterior of {posterior.origin.case} as of {posterior.origin.as_of} is not used, though only "
        "figures were added to the bundled case"
    )


def _then(model: Model) -> str:
    again = f"afterfall fit {model.case.reference} --as-of {model.case.as_of}"
    return f". Parameters are drawn from priors; to fit this case: {again}"


@dataclass(frozen=True)
class _Twins:
    """A bundled case and the model of its edited copy, which are one and the same where their hashes are."""

    bundled: Case
    edited: Model

    def _hashes(self) -> tuple[str, str]:
        return case_hash(self.bundled), case_hash(self.edited.case)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Twins) and self._hashes() == other._hashes()

    def __hash__(self) -> int:
        return hash(self._hashes())


@lru_cache(maxsize=4)
def _reweighted(reweight: Reweight, posterior: Posterior, twins: _Twins, added: int) -> Reweighting:
    """The same posterior reweighted for the same case once: a command asks several times."""
    plain = build(twins.edited.case, horizon=1) if twins.edited.policy else twins.edited
    before = build(twins.bundled, horizon=1)
    if fit_key(before) != posterior.origin.key:
        return Reweighting(None, 0.0, 0, 0.0, 0.0, "it was not fitted to the bundled case as it is")
    return reweight(posterior, before, plain, added)
