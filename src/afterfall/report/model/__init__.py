"""What a model declares: tables, JSON and the state diagram."""
