"""Figures of people held in a case whose custody events are recorded: carried over events, and of the whole world."""
