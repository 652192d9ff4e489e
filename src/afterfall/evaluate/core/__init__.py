"""Outcomes, scoring rules, bootstrap, and the scores of one run."""
