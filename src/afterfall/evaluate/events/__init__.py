"""Scores of dated events: strongholds, places reached, attacks."""
