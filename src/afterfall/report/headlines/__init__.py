"""Headline numbers and the judgements on them: one place makes those of the brief, of changes, and of what to watch."""
