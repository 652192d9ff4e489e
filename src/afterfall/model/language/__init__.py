"""The vocabulary of mechanisms: states, transitions, rates, quantities, organisations, priors, the case as seen."""
