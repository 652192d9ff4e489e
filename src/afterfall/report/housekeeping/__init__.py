"""The runs that a folder keeps: a table and JSON."""
