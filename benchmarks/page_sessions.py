"""The page's server under several users: start, lever to picture, and how soon cancelled work stops.

    python benchmarks/page_sessions.py [CASE] [COUNTRY]

Starts `afterfall serve` as a user does and talks to it over HTTP, as the page does. Prints milliseconds, and lever to
picture as a multiple of one simulation. A user moves a lever once a second and waits for the first step (8 pairs).
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

USERS, MOVES, EVERY = 3, 8, 1.0
LEVERS = ("border", "programmes", "monitoring")
#: Seconds to wait for anything.
LONG = 600.0


@contextmanager
def served() -> Iterator[tuple[int, float]]:
    """The port of a new server, and the seconds from its start to its first answer."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "afterfall", "serve", "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        address = next(line for line in running.stdout if line.startswith("http"))
        try:
            yield int(address.strip().rstrip("/").rpartition(":")[2]), time.perf_counter() - begun
        finally:
            running.terminate()


def asked(port: int, path: str, page: str = "") -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """A request of a page, its answer still to be read."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    connection.request("GET", f"/{path}", headers={"X-Afterfall-Page": page})
    return connection, connection.getresponse()


def whole(port: int, path: str) -> float:
    """Seconds until an answer is there."""
    begun = time.perf_counter()
    connection, answer = asked(port, path)
    answer.read()
    connection.close()
    assert answer.status == 200, (path, answer.status)
    return time.perf_counter() - begun


def first_step(port: int, page: str, query: dict[str, str]) -> float:
    """Seconds from a moved lever to the first step; then the page goes on to something else."""
    begun = time.perf_counter()
    connection, answer = asked(port, f"api/v1/compare?{urlencode(query)}", page)
    for line in answer:
        found = json.loads(line)
        if found["kind"] == "step":
            break
        assert found["state"] not in ("failed", "cancelled"), found
    took = time.perf_counter() - begun
    connection.close()
    return took


def moves(port: int, page: str, lever: str, query: dict[str, str], found: list[float]) -> None:
    """A user who moves one lever again and again."""
    for k in range(MOVES):
        begun = time.perf_counter()
        found.append(first_step(port, page, {**query, "lever": f"{lever}={0.5 + 0.05 * k:.2f}"}))
        time.sleep(max(0.0, EVERY - (time.perf_counter() - begun)))


def words(name: str, seconds: list[float]) -> str:
    """Median and worst."""
    return f"{name}: median {1000 * statistics.median(seconds):.0f} ms, worst {1000 * max(seconds):.0f} ms"


def one_simulation(case: str) -> float:
    """Seconds of one simulation of a case on one thread, machine code already made."""
    import afterfall

    afterfall.forecast(case, trajectories=2, threads=1)
    begun = time.perf_counter()
    afterfall.forecast(case, trajectories=2, threads=1)
    few = time.perf_counter() - begun
    begun = time.perf_counter()
    afterfall.forecast(case, trajectories=34, threads=1)
    return (time.perf_counter() - begun - few) / 32


def main() -> None:
    """Measure and print."""
    case, country = (*sys.argv[1:], "tiny", "arda")[:2] if len(sys.argv) < 3 else sys.argv[1:3]
    query = {"case": case, "focus": country}
    with served() as (port, start):
        print(f"start to first answer: {1000 * start:.0f} ms")
        page = [whole(port, path) for path in ("", "page.js", "page.css", "api/v1/meta")]
        view = [whole(port, f"api/v1/{route}?{urlencode(query)}") for route in ("vintage", "forecast")]
        print(f"page {1000 * sum(page):.0f} ms, first view {1000 * sum(view):.0f} ms")
        print(f"first comparison: {1000 * first_step(port, 'warm', {**query, 'lever': 'border=0.45'}):.0f} ms")
        alone: list[float] = []
        moves(port, "u0", LEVERS[0], query, alone)
        print(words("one user", alone))
        each: list[list[float]] = [[] for _ in range(USERS)]
        users = [
            threading.Thread(target=moves, args=(port, f"u{k + 1}", LEVERS[k], query, each[k])) for k in range(USERS)
        ]
        for one in users:
            one.start()
        for one in users:
            one.join()
        for k, some in enumerate(each, start=1):
            print(words(f"{USERS} users, user {k}", some))
        first_step(port, "leaver", {**query, "lever": "border=0.99"})
        begun = time.perf_counter()
        first_step(port, "next", {**query, "lever": "border=0.98"})
        print(words("picture of the next page after one left at its first step", [time.perf_counter() - begun]))
    engine = one_simulation(case)
    ratio = statistics.median(alone) / engine
    print(f"one simulation: {1000 * engine:.1f} ms; lever to picture, one user, is {ratio:.1f} times that")


if __name__ == "__main__":
    main()
