"""The track record: page, picture and JSON."""
