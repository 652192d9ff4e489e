"""Figures that come from elsewhere: a file in whatever form a spreadsheet gives it, read into rows of a case.

A case itself is read strictly (`afterfall.case.table_reading`). Here a form that has one meaning is read, with a note
that says what was read as what; a form that has several is refused with its cell.
"""
