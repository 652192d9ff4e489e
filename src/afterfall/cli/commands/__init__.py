"""The commands, one a file: parse, call one verb, print. What a verb needs is imported when a command runs."""
