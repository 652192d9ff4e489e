"""The engine knows arrays: no word of the field of application appears in its code or documentation."""

import re
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "src" / "afterfall" / "engine"
DOMAIN = re.compile(
    r"fighter|militant|organisation|countr(?:y|ies)|foreign|\blocals\b|returnee|prison|custody|territor|policy|"
    r"policies|\broles?\b|reporting|as-of|mobilis|recruit|attack",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.py")), ids=lambda p: p.name)
def test_the_engine_has_no_domain_words(path: Path) -> None:
    found = [
        f"line {n}: {line.strip()}" for n, line in enumerate(path.read_text().splitlines(), 1) if DOMAIN.search(line)
    ]
    assert not found


def test_a_domain_word_would_be_seen() -> None:
    assert DOMAIN.search("people of one country")
    assert not DOMAIN.search("cohorts of one origin")
