"""Builds the bundled case `isis`, with its view `isis-2017`, from selection tables and a folder of reference tables.

The selection tables in this folder say what is kept, what it is called here and how far it is trusted; numbers, dates
and citations come from the reference rows they point at. Texts of the reference (notes, statements) are never copied:
every note in the case is written here.
"""
