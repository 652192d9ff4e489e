"""The reference class of organisational events: tables and JSON."""
