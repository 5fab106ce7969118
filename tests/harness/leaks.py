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
_WORD: Final = "[0-9a-hjkmnp-tv-z]{4}"  # of a recovery code
FORMS: Final = {
    name: tuple(map(re.compile, forms))
    for name, *forms in (
        (ACCESS, r"eyJ[\w-]{20}"),
        (TOKEN, r"A(?<![\w-]A)[Q-Za-f][\w-]{98}(?![\w-])"),
        ("device token", r"A(?<![\w-]A)[Q-Za-f][\w-]{74}(?![\w-])"),
        ("challenge", r"A(?<![\w-]A)[Q-Za-f][\w-]{82}(?![\w-])"),
        (
            FACTOR,
            r"[A-Z2-7](?<!\w[A-Z2-7])[A-Z2-7]{31}(?!\w)",
            rf"-{_WORD}-(?<=(?<![\w-]){_WORD}-{_WORD}-){_WORD}(?![\w-])",
        ),
        ("password hash", r"\$(?:2[aby]\$\d\d|bcrypt-sha256)\$"),
        ("password", r"[kK](?i:ettle-\d\d-harbour)"),
        (
            "private key",
            r"BEGIN [A-Z ]*PRIVATE KEY",
            r"[\"'](?:d|p|q|dp|dq|qi)\\?[\"'] ?: ?\\?[\"'][\w-]{20}",
        ),
        (
            "signing secret",
            *("tH3qv0Zk8dRw2Xb7", "Kx7PzW2nQ8rVt5Bj", "f4Rq9ZtB1yXw7LmV"),
            r"[0-9a-f](?<!\w[0-9a-f])[0-9a-f]{63}\b",
        ),
    )
}
"""Each begins with a character or a set of them, which `re` can look for first, and fast."""

_AROUND: Final = 80  # characters of context on each side

FINDS: Final[list[str]] = []
SEARCHED: Final[Counter[str]] = Counter()


def secrets_in(text: str, *, but: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield the name of each form that a text contains, and the text around it."""
    for name, forms in FORMS.items():
        if name in but:
            continue
        if found := next(filter(None, (form.search(text) for form in forms)), None):
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
