"""What holds where a user says nothing, for every room and the help of the command line; it imports nothing."""

#: Months that a forecast looks ahead.
DEFAULT_HORIZON = 60
#: Seed of all random numbers.
DEFAULT_SEED = 20170213
#: Trajectories of a forecast.
DEFAULT_TRAJECTORIES = 1000
#: Trajectories of each side of a comparison, and of a screening.
FEW_TRAJECTORIES = 200
#: Simulations under which the ends of a 90 % range, five in a hundred on each side, are hardly known.
FEWEST_FOR_RANGES = 100
#: Scenarios of an exploration, and simulations of each of its cases.
EXPLORE_SCENARIOS = 250
EXPLORE_TRAJECTORIES = 10
