"""Scores of dated events: falls of strongholds, places reached, attacks."""
