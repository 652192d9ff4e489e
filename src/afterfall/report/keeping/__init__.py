"""Keeping a case up to date: figures weighed before they are added, and a forecast before and after."""
