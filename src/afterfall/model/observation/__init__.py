"""How published figures relate to people: measurement error, definitions, reporting, and the initial state."""
