"""Why a number is what it is: figures, drivers, what its parameters rest on, and case deletion."""
