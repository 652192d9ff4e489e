"""Where numbers moved between two forecasts, and why: judgement by judgement, as tables, picture and JSON."""
