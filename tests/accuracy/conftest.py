"""Tests of the extra `fit` are left out where it is not installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("numpyro") else ["test_sampling.py"]
