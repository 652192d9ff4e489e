"""Published expert statements, read as forecasts by one rule and scored."""
