"""Start of the checks of a bundled fit: the case, its log posterior and the posterior that comes with it."""

from __future__ import annotations

import argparse

from afterfall.case import open_case
from afterfall.infer.log_posterior import LogPosterior
from afterfall.model import build
from afterfall.posterior import Posterior
from afterfall.posterior.bundled import bundled_posterior


def add_case(parser: argparse.ArgumentParser) -> None:
    """Add arguments for a case and its as-of date."""
    parser.add_argument("case", nargs="?", default="isis-2017")
    parser.add_argument("as_of", nargs="?", default=None)


def fitted(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> tuple[LogPosterior, Posterior]:
    """The log posterior of the requested case and its bundled posterior; exits with code 2 if there is none."""
    density = LogPosterior.of(build(open_case(asked.case, as_of=asked.as_of), horizon=1))
    posterior = bundled_posterior(density.model)
    if posterior is None:
        parser.error(f"no posterior comes with {asked.case} as of {density.model.case.as_of}")
    return density, posterior
