"""The executors: arrays in, people by month out. Cohorts, cells, groups and bands are indices and keys here."""
