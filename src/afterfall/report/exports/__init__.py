"""Cases and runs in the formats of others: a Frictionless data package, and netCDF by the CF conventions."""
