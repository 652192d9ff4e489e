"""Screening of returnees: tables, picture and JSON."""
