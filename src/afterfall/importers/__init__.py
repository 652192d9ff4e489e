"""Public data sets read into the tables of a case and of the package, by the case schema.

    case_tables        rows of CSV files; writing the files of a case with exactly the columns of the schema
    reference_tables   gathered figures and the changes made to them; which files a build needs, with checksums
    citations          when a figure counts as published, from its citation
    natural_earth      country polygons: codes, outlines, land borders
    covariates         distances, borders, income and stability of a case's places (GeoDist, World Bank)
    conflict_tables    the record of deaths in conflict (UCDP counts as VIEWS publishes them)
    views_tables       the VIEWS prediction challenge

Any user can import a file of a public data set (`afterfall.import_data`; docs/importing.md):

    public_sources     the register: each data set with its publisher, licence, files and reader
    importing          a file into rows of case tables, by the as-of rule
    file_tables        CSV, TSV, JSON and Parquet as tables of texts
    import_items       what a reader finds in a row: numbers, a reason to leave it out, or a fault
    ucdp_events, acled_events, unhcr_tables, eurostat_tables, frontex_tables, views_actuals, hxl_tables
                       the readers, each with the form of its files
    country_names      countries as these data sets name them
    imported           the result, with a report row by row
    case_addition      adding the rows to a case of one's own

The scripts in ``scripts/`` add what is particular to one bundled case.
"""
