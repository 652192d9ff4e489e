"""Record the answers that the tests of the page are served, from the real program and the made-up case `tiny`.

    python -m tests.web.record_answers

The page is tested on stored answers, so that a browser test takes no simulation and shows the same every time. The
record of violence has no country of `tiny`: that answer is of `isis`. Takes some minutes.
"""

from __future__ import annotations

import gzip
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

FOLDER = Path(__file__).parent / "answers"
OPTIONS = ("borders: border=0.9", "prisons: detention-security=0.9")
#: File of an answer, and the request that gives it. A country is named where the route needs one.
REQUESTS = {
    "meta.json": "meta",
    "vintage.json": "vintage?case=tiny",
    "forecast.json": "forecast?case=tiny",
    "flows.json": "flows?case=tiny",
    "attacks.json": "attacks?case=tiny",
    "violence.json": "violence?case=isis",
    "indicators.json": "indicators?case=tiny",
    "condition.json": f"condition?case=tiny&seen={quote('event:new-elsewhere')}",
    "track.json": "track?case=tiny&reveal=false",
    "track-revealed.json": "track?case=tiny&reveal=true",
    "evidence.json": "evidence?case=tiny",
    "why.json": "why?case=tiny&quantity=disengage",
    "code.json": f"code?case=tiny&view=compare&lever={quote('border=0.6')}",
    "options.ndjson": f"options?case=tiny&focus=arda&simulations=100&option={'&option='.join(map(quote, OPTIONS))}",
    "compare.ndjson": f"compare?case=tiny&focus=arda&lever={quote('detention-security=0.9')}",
    "brief.html": "brief?case=tiny&focus=arda&form=html",
}


def stored(name: str) -> bytes:
    """A stored answer."""
    return gzip.decompress(FOLDER.joinpath(f"{name}.gz").read_bytes())


def store(name: str, answer: bytes) -> None:
    """Store an answer."""
    FOLDER.joinpath(f"{name}.gz").write_bytes(gzip.compress(answer, 9, mtime=0))


#: The search whose result is stored as ``mix.json``.
MIX = {
    "kind": "mix",
    "case": "tiny",
    "focus": "arda",
    "simulations": 100,
    "budget": ["monitored=50"],
    "mix": ["border", "monitoring"],
}


def found_mix(client: Any) -> bytes:
    """What a search of the best mix finds."""
    job = client.post("/api/v1/jobs", json=MIX).json()
    while job["state"] in ("queued", "running"):
        time.sleep(0.5)
        job = client.get(f"/api/v1/jobs/{job['job']}").json()
    found = client.get(f"/api/v1/jobs/{job['job']}/mix")
    found.raise_for_status()
    return bytes(found.content)


def main() -> None:
    """Ask for every answer and store it."""
    from fastapi.testclient import TestClient

    from afterfall.web.page_app import page_app

    with TestClient(page_app(), base_url="http://127.0.0.1") as client:
        for name, request in REQUESTS.items():
            found = client.get(f"/api/v1/{request}")
            found.raise_for_status()
            store(name, found.content)
        store("mix.json", found_mix(client))


if __name__ == "__main__":
    main()
