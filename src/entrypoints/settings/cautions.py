"""Warnings about settings that are allowed but rarely intended."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final
from urllib.parse import urlsplit

from latchkey.entrypoints.settings.model import Settings
from latchkey.entrypoints.settings.variable import table

_LIKENESS: Final = 0.85  # of 1: a letter is wrong, or a word is too many in a long name


def cautions_of(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield warnings for an operator, one line each.

    Args:
        settings: The settings to check.
        environ: The environment variables that the settings were read from.
    """
    yield from _misspelt(environ)
    yield from _of_passkeys(settings)
    if settings.is_production:
        for group in settings.groups():
            yield from group.cautions()


def _of_passkeys(settings: Settings) -> Iterator[str]:
    rp_id = settings.passkey_rp_id
    if rp_id is None:
        yield "PASSKEY_RP_ID: is not set, and the pages have no one name, so there are no passkeys"
        return
    origins = (settings.mail.public_url, *settings.server.allowed_origins)
    for origin in sorted(filter(None, origins)):
        parts = urlsplit(origin)
        is_bound = f".{parts.hostname}".endswith(f".{rp_id}")
        if settings.is_production and parts.scheme == "https" and not is_bound:
            yield f"PASSKEY_RP_ID: is {rp_id}, so no passkey works on the pages of {origin}"


def _misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    known = {name for rows in table(Settings).values() for row in rows for name in row.names}
    for name in sorted(set(environ) - known):
        if near := get_close_matches(name, known, n=1, cutoff=_LIKENESS):
            yield f"{name}: is not a setting; did you mean {near[0]}?"
