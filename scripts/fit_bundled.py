"""Fits the bundled cases and writes the posteriors that come with the package.

    python scripts/fit_bundled.py [--fit-dir FOLDER] [CASE@AS-OF ...]

Needs the extra `fit`. An interrupted fit continues where it stopped; a finished one is reused. A posterior whose key
still belongs to its model, and whose weight is of the present version, is left alone, unless it is named. Where only
the weight is older, finished chains are stacked again, and nothing is sampled. If chains have not converged, nothing
is written for them and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from afterfall.case import open_case
from afterfall.infer import Settings, fit
from afterfall.infer.stacking import STACKING_VERSION
from afterfall.model import build
from afterfall.posterior import bundled_posterior, fit_key, thinned, write_posterior
from afterfall.run.atomic_files import write_durably
from afterfall.run.workers import processors

#: The dates of the track record, those of the shipped scores first, the made-up case, and the living case today.
BUNDLED = (
    "isis-2017@2017-02-13",
    "isis-2017@2016-08-01",
    "tiny@2015-06-30",
    "isis-2017@2015-12-31",
    "isis-2017@2017-10-31",
    "isis-2017@2018-07-31",
    "isis-2017@2015-01-31",
    "isis-2017@2014-06-30",
    "isis@2026-03-13",
    "isis@2024-12-08",
    "isis@2022-01-31",
    "isis@2019-03-31",
)
#: Numbers of draws that are tried until the chains have converged; DRAWS of them are kept.
LENGTHS = (1200, 2400)
DRAWS = 500
OUT = Path(__file__).parent.parent / "src/afterfall/posterior/data"


def main() -> int:
    """Fit what is requested, or everything that no longer belongs to its model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("which", nargs="*", metavar="CASE@AS-OF", help=f"any of {', '.join(BUNDLED)} (default: all)")
    parser.add_argument("--fit-dir", type=Path, default=Path("fits"), help="where chains are kept (default: fits)")
    asked = parser.parse_args()
    return max(refit(one, asked.fit_dir, again=bool(asked.which)) for one in asked.which or BUNDLED)


def refit(one: str, fit_dir: Path, *, again: bool) -> int:
    """Fit one case as of one day; 0 if its posterior is in place."""
    name, as_of = one.split("@")
    model = build(open_case(name, as_of=as_of))
    old = bundled_posterior(model)
    if old is not None and not again and (old.origin.key, old.origin.stacking) == (fit_key(model), STACKING_VERSION):
        print(f"{one}: posterior {old.hash} belongs to the model as it is")
        return 0
    for draws in LENGTHS:
        settings = Settings(draws=draws, workers=processors())
        found = fit(model, settings=settings, fit_dir=fit_dir, command=f"python scripts/fit_bundled.py {one}")
        if not found.diagnosis.faults:
            break
    d, origin = found.diagnosis, found.posterior.origin
    summary = f"R-hat {d.rhat.max():.3f}, effective size {d.ess.min():.0f}, {d.divergences} divergences"
    print(f"{one}: {summary}, {found.seconds / 60.0:.1f} minutes, weight {origin.weight:.2f}")
    reliable = f"largest k {origin.largest_k:.2f}, smallest effective number {origin.smallest_effective:.0f}"
    print(f"  the weight rests on {origin.groups_scored} of {origin.groups} groups ({reliable})")
    print(f"  R-hat above 1.01: {', '.join(d.above) or 'none'}", flush=True)
    if d.faults:
        print("  " + "\n  ".join(d.faults), file=sys.stderr)
        return 1
    write_durably(OUT / f"{name}-{as_of}.nc", write_posterior(thinned(found.posterior, DRAWS)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
