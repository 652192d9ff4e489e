"""What a published figure is expected to say of people: definitions, reporting, and how far figures differ.

One definition for everything that relates figures to people. The fit evaluates these functions in JAX, the nowcast as
compiled code, and scores, checks and forecasts of published counts in NumPy. All are plain arithmetic, so that one
source serves the three; a test compares the values.

A count of a quantity is expected to say::

    people * reporting share / people per unit of its definition

- *reporting*: a share of the returned and of the dead is counted. Those who are not still count as in the theatre
  (`seen_in_theatre`), because the sources of stocks do not know that they left.
- *definition*: "fighters" leaves out a share of families, "all theatres" includes people who went elsewhere
  (`people_per_unit`). Of the dead, families are a smaller part than of those who travelled
  (`dead_per_counted_fighter`).
- *variance*, relative to the square of the mean: origins of a region differ as draws of a beta distribution do
  (`spread_of_origins`), the source is wrong by the error of its grade, and all counts have one discrepancy
  (`relative_variance`).
"""

from __future__ import annotations

from typing import Any

#: Numbers or arrays of one shape (NumPy, JAX), or scalars in compiled code.
Numbers = Any


def people_per_unit(left_out: Numbers, in_theatre: Numbers, families: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """People who came to this theatre per person counted: one value for each definition code of `figure_rules`.

    Parameters
    ----------
    left_out
        Share of families that a count of fighters leaves out.
    in_theatre
        Share of a count of all theatres that came to this one.
    families
        Other adults and minors per fighter, among those who travelled.
    """
    return 1.0 + 0.0 * left_out, 1.0 + left_out * families, in_theatre


def dead_per_counted_fighter(left_out: Numbers, dead_per_fighter: Numbers) -> Numbers:
    """Dead of all roles per person counted as a dead fighter; `dead_per_fighter` are the dead for each dead fighter."""
    return 1.0 + left_out * (dead_per_fighter - 1.0)


def seen_in_theatre(there: Numbers, home: Numbers, dead: Numbers, returned: Numbers, killed: Numbers) -> Numbers:
    """People whom a stock in the theatre counts.

    Those there, and those who came home or died unreported; `returned` and `killed` are the shares reported.
    """
    return there + (1.0 - killed) * dead + (1.0 - returned) * home


def spread_of_origins(share: Numbers, concentration: Numbers) -> Numbers:
    """Relative variance of a share over the origins of a region: that of a beta of this mean and concentration."""
    return (1.0 - share) / (share * (concentration + 1.0))


def relative_variance(spread: Numbers, error: Numbers, discrepancy: Numbers) -> Numbers:
    """Variance of a count relative to the square of its mean, beyond the sampling of whole people.

    Parameters
    ----------
    spread
        That of the origins (`spread_of_origins`); zero for a figure of the world.
    error
        Relative standard deviation by the grade of the source.
    discrepancy
        Relative standard deviation common to all counts.
    """
    return spread + error**2 + discrepancy**2
