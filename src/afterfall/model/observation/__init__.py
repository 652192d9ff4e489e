"""How published figures relate to people: measurement error, definitions, reporting; the initial state given them."""
