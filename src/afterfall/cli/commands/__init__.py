"""The commands, one per file: parse, call one verb, print. What a verb needs is imported when a command runs."""
