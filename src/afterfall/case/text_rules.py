"""Which characters a text of a case may hold.

Text of a case ends up on terminals, in pictures, in netCDF files and in documents. Invisible characters, control
characters and characters that no font can show break some of these, or let two different names look alike. They are
refused where the case is read, so that no later stage needs to know of them.
"""

from __future__ import annotations

import unicodedata
from typing import Any

#: Unicode categories that a text must not hold: controls, surrogates, private use, unassigned, line separators.
REFUSED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Format characters with a use inside words: the joiners of Persian, Indic scripts and emoji.
JOINERS = frozenset("\u200c\u200d")
#: Scripts whose letters are mistaken for Latin ones.
LOOK_ALIKES = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "FULLWIDTH")
#: Longest text of one cell, in characters.
LONGEST = 5_000


def fault_in(text: str, *, lines: bool = False) -> str | None:
    """What is wrong with a text, or None.

    Parameters
    ----------
    text
        The text of one cell or of one key of ``case.toml``.
    lines
        Whether line breaks and tabs are allowed (in notes and descriptions).
    """
    if len(text) > LONGEST:
        return f"a text of {len(text):,} characters; the limit is {LONGEST:,}"
    if text.isascii() and text.isprintable():
        return None
    for position, sign in enumerate(text, start=1):
        if lines and sign in "\n\r\t":
            continue
        if acts_or_hides(sign):
            return f"the character {_described(sign)} at position {position}"
    return _mixed_scripts(text)


def printable(text: str) -> str:
    r"""A text for one line of a terminal: each character that cannot be shown, or acts on a terminal, as its escape.

    >>> printable("Ar\x1b[31mda")
    'Ar\\x1b[31mda'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _escape(sign) for sign in text)


def visible(text: str) -> str:
    r"""A text for any product: what the door of a case refuses is shown as its escape, all else as it is.

    Texts come from elsewhere, too: names of files, the command line, the provenance of somebody else's run. Line breaks
    stay, and a tab is a space.

    >>> visible("Ar\x1b[31mda\nBelan")
    'Ar\\x1b[31mda\nBelan'
    """
    if text.isprintable():
        return text
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(_escape(sign) if sign != "\n" and acts_or_hides(sign) else sign for sign in plain)


def visible_in(content: Any) -> Any:
    """Content as JSON has it (texts, numbers, lists, objects) with every text made `visible`."""
    if isinstance(content, str):
        return visible(content)
    if isinstance(content, dict):
        return {key: visible_in(value) for key, value in content.items()}
    return [visible_in(one) for one in content] if isinstance(content, (list, tuple)) else content


def acts_or_hides(sign: str) -> bool:
    """Whether a character acts on what shows it, or cannot be seen: what no text of a case may hold."""
    category = unicodedata.category(sign)
    return category in REFUSED or (category == "Cf" and sign not in JOINERS)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def _described(sign: str) -> str:
    name = unicodedata.name(sign, "")
    return f"U+{ord(sign):04X}" + (f" ({name.lower()})" if name else "")


def _mixed_scripts(text: str) -> str | None:
    """A word that mixes Latin letters with look-alikes of another script."""
    for word in text.split():
        scripts = {unicodedata.name(sign, "?").split()[0] for sign in word if sign.isalpha()}
        strange = [script for script in LOOK_ALIKES if script in scripts]
        if "LATIN" in scripts and strange:
            letter = next(s for s in word if s.isalpha() and unicodedata.name(s, "?").startswith(strange[0]))
            return f"the word {word!r}, which mixes Latin letters with {_described(letter)}"
    return None
