"""Sources of the gathered rows: a name, a title and a publisher for each page, dated by the row that cites it."""

from __future__ import annotations

import re

from afterfall.importers.case_tables import Row
from afterfall.importers.citations import slug
from afterfall.importers.reference_tables import Reference
from isis_2026.gathered import GATHERED, public

#: Words after which a citation says on whom the page rests.
RESTS_ON = re.compile(r" \(| quoting | on | via |/| copy")


class Citations:
    """The pages cited so far, by name; a page that is cited again with another address gets a number."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._names: dict[tuple[str, str, str], str] = {}

    def cite(self, reference: Reference, published: str) -> str:
        """The name of the source of a row."""
        title, url = reference["source"], reference["source_url"]
        key = (title, url, published)
        if key not in self._names:
            stem = slug(f"{title[:54]} {published}")
            same = sum(name == stem or name.startswith(f"{stem}-n") for name in self.rows)
            name = stem if not same else f"{stem}-n{same + 1}"
            self._names[key] = name
            self.rows[name] = {
                "source": name,
                "title": f"{title}, {published}",
                "publisher": RESTS_ON.split(title)[0].strip(),
                "published": published,
                "url": url,
                "licence": "facts only, cited",
                "note": "",
            }
        return self._names[key]


def published_of(reference: Reference) -> str:
    """When a row became public: the stated day, else that of what it refers to, else that of the gathering."""
    if reference.table == "events":
        return public(reference["date"])
    return public(reference["published"] or reference["refers_to"] or reference["date"] or GATHERED)
