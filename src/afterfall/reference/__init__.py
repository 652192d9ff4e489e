"""The reference class of organisational events, and posteriors of event rates learned from it.

`reference_class` opens the tables as they were public on a day; `event_rate`, `pooled_rates`, `founding_fit` learn;
`organisation_events`, `retaking`, `affiliate_survival`, `custody_breaks` and `first_foundings` each answer a question;
`reference_rates` puts the answers together. The model learns its events of organisations here; `foundings` and `breaks`
draw from a finished run at rates learned here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.reference.reference_class import ReferenceClass, open_reference_class
    from afterfall.reference.reference_rates import ReferenceRates, reference_rates

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "reference_class": ["ReferenceClass", "open_reference_class"],
        "reference_rates": ["ReferenceRates", "reference_rates"],
    },
)

__all__ = ["ReferenceClass", "ReferenceRates", "open_reference_class", "reference_rates"]
