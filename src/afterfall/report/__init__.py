"""What people see of a run: numbers in words, tables, charts and the state diagram."""
