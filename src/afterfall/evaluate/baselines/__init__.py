"""Baselines: forecasts made without the model, and their calibration on earlier dates."""
