"""Published expert statements, translated by one rule and scored."""
