"""Forecasts of published figures: what a trajectory predicts of a figure, model discrepancy, complete splits."""
