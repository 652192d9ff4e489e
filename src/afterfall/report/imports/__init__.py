"""What was imported from a public data set: tables and JSON."""
