"""Quantities of which sources publish counts for a country, and how reliable a count is taken to be."""

from __future__ import annotations

#: Quantities that sources publish for a country, and the words for them.
COUNTED = {
    "travelled": "travelled so far",
    "returned": "returned so far",
    "killed_so_far": "killed so far",
    "in_theatre": "in the theatre",
    "prosecuted": "imprisoned at home so far",
}
#: Reliability of the source where nothing was published yet: usually reliable, as official counts are graded.
SOURCE = "B"
