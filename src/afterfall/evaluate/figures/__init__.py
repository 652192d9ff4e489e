"""Forecasts of published counts, and complete national splits."""
