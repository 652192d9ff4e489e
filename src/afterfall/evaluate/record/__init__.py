"""The track record: scores of one run, of several as-of dates, targets, and cross-validation over collapses."""
