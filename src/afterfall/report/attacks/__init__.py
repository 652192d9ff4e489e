"""Attacks by year: tables, picture and JSON."""
