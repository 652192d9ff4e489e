"""Public data sets read into the tables of a case and of the package, by the case schema.

    case_tables        rows of CSV files; writing the files of a case with exactly the columns of the schema
    reference_tables   gathered figures and the changes made to them; which files a build needs, with checksums
    citations          when a figure counts as published, from its citation
    natural_earth      country polygons: codes, outlines, land borders
    covariates         distances, borders, income and stability of a case's places (GeoDist, World Bank)
    conflict_tables    the record of deaths in conflict (UCDP counts as VIEWS publishes them)
    views_tables       the VIEWS prediction challenge

The scripts in ``scripts/`` add what is particular to one bundled case.
"""
