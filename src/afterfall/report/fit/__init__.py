"""What a fit learned: tables and pictures."""
