"""Warnings about settings that are allowed but rarely intended."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

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
    if settings.is_production:
        for group in settings.groups():
            yield from group.cautions()


def _misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    known = {name for rows in table(Settings).values() for row in rows for name in row.names}
    for name in sorted(set(environ) - known):
        if near := get_close_matches(name, known, n=1, cutoff=_LIKENESS):
            yield f"{name}: is not a setting; did you mean {near[0]}?"
