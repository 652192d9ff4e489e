"""What the dated events of a model depend on, and whether people depend on it in any other way.

Dated events follow from a few parameters and rows of shared noise. Where nothing else reads these, people depend on
them only through the months in which events fire: given all those months, parameters and noise carry no more
information.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from afterfall.engine.bands import Bands
from afterfall.engine.program import EVENT_PATH, FACTOR, LOG_OFFSET, NOISE, PATH, Program

if TYPE_CHECKING:
    from afterfall.model import Model


@dataclass(frozen=True)
class EventInputs:
    """Indices of the parameters, and of the rows of shared noise, that events depend on."""

    parameters: frozenset[int]
    noise: frozenset[int]

    def names(self, model: Model) -> tuple[str, ...]:
        """Names of the parameters, in the order of the model."""
        return tuple(model.parameter_names[p] for p in sorted(self.parameters))


def event_inputs(program: Program, bands: Bands, mergers: Iterable[int] = (), among: int | None = None) -> EventInputs:
    """What the first `among` dated events of a program (by default all) and given events of bands depend on."""
    term = program.token_term if among is None else program.token_term[program.token_term[:, 0] < among]
    rows = {int(z) for z in term[term[:, 1] == EVENT_PATH][:, 2]}
    noise = frozenset(z for z in rows if program.path_kind[z] == NOISE)
    parameters = {int(p) for p in term[:, 3]} | {int(p) for z in noise for p in program.path_arg[z]}
    lines = [int(bands.event_line[x]) for x in mergers]
    parameters |= {int(p) for p in bands.line_term[np.isin(bands.line_term[:, 0], lines)][:, 2]}
    return EventInputs(frozenset(p for p in parameters if p >= 0), noise)


def read_elsewhere(program: Program, bands: Bands, inputs: EventInputs) -> bool:
    """Whether people or organisations depend on these parameters or rows, other than through the months of events."""
    others = [z for z in range(len(program.path_kind)) if z not in inputs.noise]
    offset = [z for z in others if program.path_kind[z] == LOG_OFFSET]
    of_paths = [int(program.path_arg[z, 1]) for z in offset]
    of_paths += [int(p) for z in others if program.path_kind[z] == NOISE for p in program.path_arg[z]]
    columns = (
        program.term[:, 3],
        program.feedback[:, 2],
        program.choice_retain,
        program.capacity_parameter,
        bands.line_term[:, 2],
        bands.echo[:, 3],
        bands.outside[:, 3],
        bands.attached_weight,
        bands.spread,
        bands.event_share,
        bands.event_newcomers,
        bands.slow_keep,
        bands.slow_share,
    )
    parameters = {int(p) for column in columns for p in column} | set(of_paths)
    return bool(inputs.parameters & parameters) or noise_read_elsewhere(program, bands, inputs)


def noise_read_elsewhere(program: Program, bands: Bands, inputs: EventInputs) -> bool:
    """Whether people or organisations depend on these rows of noise, other than through the months of events."""
    others = [z for z in range(len(program.path_kind)) if z not in inputs.noise]
    read = program.term[np.isin(program.term[:, 1], (PATH, FACTOR))][:, 2]
    rows = {int(z) for column in (read, bands.line_term[:, 1], bands.slow_path) for z in column}
    rows |= {int(program.path_arg[z, 0]) for z in others if program.path_kind[z] == LOG_OFFSET}
    return bool(inputs.noise & rows)
