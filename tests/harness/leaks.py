"""Secrets that appear where none may: their forms, and where they were found.

Tokens and hashes are recognized by their form; the secrets and passwords that tests make up, by a
part that all of them share. `canary.py` reports what was found.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ACCESS: Final = "access token"
TOKEN: Final = "refresh token or link"  # they have one form
FACTOR: Final = "secret of a second factor"
FORMS: Final = {
    ACCESS: re.compile(r"eyJ[\w-]{20}"),
    TOKEN: re.compile(r"(?<![\w-])A[Q-Za-f][\w-]{98}(?![\w-])"),
    "device token": re.compile(r"(?<![\w-])A[Q-Za-f][\w-]{74}(?![\w-])"),
    "challenge": re.compile(r"(?<![\w-])A[Q-Za-f][\w-]{82}(?![\w-])"),
    FACTOR: re.compile(
        r"(?<!\w)[A-Z2-7]{32}(?!\w)"
        r"|(?<![\w-])[0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){2}(?![\w-])"
    ),
    "password hash": re.compile(r"\$(?:2[aby]\$\d\d|bcrypt-sha256)\$"),
    "password": re.compile(r"(?i)kettle-\d\d-harbour"),
    "private key": re.compile(r"BEGIN [A-Z ]*PRIVATE KEY|\"(?:d|p|q|dp|dq|qi)\" ?: ?\"[\w-]{20}"),
    "signing secret": re.compile(
        r"tH3qv0Zk8dRw2Xb7|Kx7PzW2nQ8rVt5Bj|f4Rq9ZtB1yXw7LmV|\b[0-9a-f]{64}\b"
    ),
}
_AROUND: Final = 80  # characters of context on each side

FINDS: Final[list[str]] = []
SEARCHED: Final[Counter[str]] = Counter()


def secrets_in(text: str, *, but: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield the name of each form that a text contains, and the text around it."""
    for name, form in FORMS.items():
        if name not in but and (found := form.search(text)):
            yield name, text[max(0, found.start() - _AROUND) : found.end() + _AROUND]


def search(kind: str, place: str, text: str, *, but: frozenset[str] = frozenset()) -> None:
    """Search a text, and record what was found.

    Args:
        kind: What is counted: `answers`, `logs` and so on.
        place: Where the text comes from, for people.
        text: What must not contain a secret.
        but: Names of forms that it may contain.
    """
    SEARCHED[kind] += 1
    for name, excerpt in secrets_in(text, but=but):
        FINDS.append(f"{name} in {place}: {excerpt!r}")


def search_log(log: Path) -> None:
    """Search what a process that has ended wrote."""
    if log.exists():
        search("logs", str(log), log.read_text(errors="replace"))
