"""Deaths by country and month: tables, picture, JSON and exports."""
