"""Adds the figures, events, policies and indicators of 2018 to March 2026 to the case `isis`.

As in `isis_2017`, the tables in this folder are selections: rules that say what a gathered row is here, and changes to
single rows. Numbers, dates and citations come from the gathered rows, whose texts are never copied. Every row of
figures is kept, or counted with the reason why it is not. A row published by the last as-of date of the record of
`isis-2017` is left out, so that no forecast or fit of that record changes.
"""
