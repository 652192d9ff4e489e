"""A comparison of policies: tables, picture and JSON; levers as a case sees them."""
