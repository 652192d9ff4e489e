"""How published figures relate to people: measurement error, definitions, reporting, and the initial state.

Two chains start from the same rules of reading a figure, so that the fit and the forecast read it alike:

    figure_rules -> fit_data -> fit_arrays -> infer.likelihood      parameters of the past
    figure_rules -> nowcast -> initial_state                        people at the as-of date

`figure_rules` says what a figure counts, `measurement_error` how far totals, counts and roles may be wrong. `fit_data`
and `fit_arrays` collect the figures of the likelihood. `nowcast_data` lists the figures that the nowcast of one origin
uses, and `data_usage` all records of a case with their use.
"""
