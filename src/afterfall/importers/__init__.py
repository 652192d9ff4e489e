"""Public data sets read into tables."""
