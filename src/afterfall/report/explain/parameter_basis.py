"""What the parameters of a run rest on: priors or a posterior, and how far the data inform each one.

Three words, those of ``afterfall fit``: *learned*, *weakly informed*, *prior only* (`afterfall.posterior.contraction`).
For a run from a bundled posterior they are read from that posterior. A run knows a user's own fit only by its hash; the
words are then computed from the run's draws against the priors, with the number of distinct draws as the effective
sample size. Only parameters of the fit program can be learned.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from afterfall.case import with_article
from afterfall.model import Model
from afterfall.model.compile.past_noise import PastNoise, past_noises, standard
from afterfall.model.compile.reduced_model import reduced_model
from afterfall.posterior import bundled_posterior, contraction_word
from afterfall.posterior.contraction import LEARNED, PRIOR_ONLY, WEAKLY_INFORMED
from afterfall.report.explain.rank_correlations import Floats
from afterfall.report.kit.stamp import basis_of_run
from afterfall.run import Run
from afterfall.run.request import PRIOR


@dataclass(frozen=True, slots=True)
class Basis:
    """What the named parameters of a run rest on.

    `words` says how far the data inform each fitted parameter, effects of regions included; `learned` and
    `weakly_informed` count parameters by word, `uninformed` those whose prior has no source and `unlearned` those of
    the latter that the data do not inform.
    """

    sentence: str
    fitted: bool
    words: Mapping[str, str]
    parameters: int
    learned: int
    weakly_informed: int
    uninformed: int
    unlearned: int

    def word(self, parameter: str) -> str:
        """How far the data inform one parameter."""
        return self.words.get(parameter, PRIOR_ONLY)


def basis(run: Run, model: Model) -> Basis:
    """What the parameters of a run rest on."""
    words = contraction_words(run, model)
    known = {k.name: words.get(k.name, PRIOR_ONLY) for k in model.parameters}
    bare = [k.name for k in model.parameters if k.uninformed]
    return Basis(
        sentence=basis_of_run(run),
        fitted=is_fitted(run.request.draws),
        words=words,
        parameters=len(known),
        learned=sum(word == LEARNED for word in known.values()),
        weakly_informed=sum(word == WEAKLY_INFORMED for word in known.values()),
        uninformed=len(bare),
        unlearned=sum(known[name] == PRIOR_ONLY for name in bare),
    )


def is_fitted(draws: str) -> bool:
    """Whether a run draws from a posterior."""
    return draws != PRIOR


def draws_option(run: Run, model: Model) -> str:
    """The option that makes a command draw parameters from what the run drew from."""
    posterior = bundled_posterior(model)
    if not is_fitted(run.request.draws):
        return "" if posterior is None else " --prior-only"
    own = posterior is None or posterior.hash not in run.request.draws
    if not own:
        return ""
    made = shlex.split(run.provenance.command) if run.provenance.command.startswith("afterfall ") else []
    given = [after for before, after in pairwise(made) if before == "--draws"]
    given += [one.removeprefix("--draws=") for one in made if one.startswith("--draws=")]
    return f" --draws {shlex.quote(given[-1])}" if given else f" --draws FILE (the fit with {run.request.draws})"


def contraction_words(run: Run, model: Model) -> dict[str, str]:
    """How far the data inform each fitted parameter, effects of regions included; empty for a run from priors."""
    if not is_fitted(run.request.draws):
        return {}
    posterior = bundled_posterior(model)
    if posterior is None or posterior.hash not in run.request.draws:
        return dict(_by_draws(run, model))
    columns = dict(zip(posterior.names, posterior.values.T.astype(float), strict=True))
    moved = {name: float(z.mean()) for name, z in _standard(model, columns, posterior.names)}
    rows = zip(posterior.names, posterior.learned, posterior.ess, strict=True)
    return {name: contraction_word(float(c), float(e), moved.get(name, 0.0)) for name, c, e in rows}


def _by_draws(run: Run, model: Model) -> Iterator[tuple[str, str]]:
    columns = {name: run.parameter(name) for name in run.parameters}
    for name, z in _standard(model, columns, reduced_model(model).names):
        distinct = np.unique(z)
        yield name, contraction_word(float(1.0 - distinct.var()), len(distinct), float(distinct.mean()))


def _standard(model: Model, columns: dict[str, Floats], names: Iterable[str]) -> Iterator[tuple[str, Floats]]:
    """Draws in standard deviations of their priors, of those names that vary in the model."""
    known = {k.name: k for k in model.parameters if k.low < k.high}
    spreads = model.structure.region_effects(model.view.regions)
    halves = {half: noise for noise in _past(model) for half in noise.names}
    for name in names:
        if name in known and name in columns:
            yield name, known[name].standard(columns[name])
        elif name in spreads and name in columns and spreads[name] in columns:
            yield name, columns[name] / columns[spreads[name]]
        elif name in halves and {name, halves[name].sd, halves[name].memory} <= columns.keys():
            of = halves[name]
            yield name, standard(columns[name], columns[of.sd], columns[of.memory])


def _past(model: Model) -> tuple[PastNoise, ...]:
    return past_noises(model.structure, model.view.history_months)


def effects_of(model: Model, origin: str | None) -> dict[str, str]:
    """Effects that a place's numbers follow in addition to the named parameters, in words.

    Those of half-years of the past; for an origin those of its region and its own, for the world (None) of all regions.
    """
    view, named = model.view, {r.region: r.name for r in model.case.regions}
    regions = view.regions if origin is None else (view.region_of[origin],)
    found = {
        f"{effect}[{region}]": f"{effect.partition('.')[0]} in {named[region]}, against all regions"
        for effect in dict.fromkeys(model.structure.region_effects(view.regions).values())
        for region in regions
    }
    found |= {half: label for n in _past(model) for half, label in zip(n.names, n.labels(), strict=True)}
    if origin is not None:
        ending = f"[{origin}]"
        own = [name for name in model.parameter_names if name.endswith(ending) and name not in found]
        found |= {
            name: f"{name.partition('.')[0]} in {with_article(view.name(origin))}, against all countries"
            for name in own
        }
    return found
