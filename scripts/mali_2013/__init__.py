"""Builds the bundled case `mali-2013` from selection tables and a folder of reference tables.

As in `isis_2017`, the selection tables say what is kept, what it is called here and how far it is trusted. If they name
a reference row, numbers, dates and citation come from that row. Texts of the reference are never copied.
"""
