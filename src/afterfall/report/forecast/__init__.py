"""The outlook of a run: numbers, tables, charts, maps and JSON."""
