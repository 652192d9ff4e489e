"""The executors: arrays in, people by month out. Knows no country, organisation or policy, only indices and keys."""
