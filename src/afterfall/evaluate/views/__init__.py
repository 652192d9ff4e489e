"""Violence by place against the published benchmarks of the VIEWS challenge."""
