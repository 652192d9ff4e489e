"""What an exploration says: words, tables, a picture, JSON, and the table of all cases."""
