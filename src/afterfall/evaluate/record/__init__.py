"""The track record: one case forecast from several as-of dates."""
