"""What to watch: events and figures still to come, and how far each would move the headline numbers."""
