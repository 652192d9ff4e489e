"""Violence against the published benchmarks: tables, picture and JSON."""
