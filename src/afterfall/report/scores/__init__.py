"""Scores of a run: tables, picture and JSON."""
