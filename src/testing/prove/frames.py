"""Where a test has failed: the check, and the responses that it was about."""

from collections.abc import Iterator
from typing import Final

import httpx
import pytest

_SUITE: Final = "latchkey.testing.flow"


def failed_check(
    raised: pytest.ExceptionInfo[BaseException],
) -> tuple[str, list[httpx.Response]]:
    """Return the check that failed, with the values that it compared, and its responses.

    The responses that the check names come last, since a test may have sent several requests.
    """
    entry = next(
        (entry for entry in reversed(raised.traceback) if _is_suites(entry.frame.f_globals)),
        raised.traceback[-1],
    )
    statement = " ".join(str(entry.statement).split()).removeprefix("assert ")
    responses = sorted(_responses(entry.frame.f_locals), key=lambda named: named[0] in statement)
    return f"{statement} (but {_explained(raised)})", [response for _, response in responses]


def _is_suites(module: dict[str, object]) -> bool:
    return str(module.get("__name__", "")).startswith(_SUITE)


def _responses(variables: dict[str, object]) -> Iterator[tuple[str, httpx.Response]]:
    for name, value in variables.items():
        if isinstance(value, httpx.Response):
            yield name, value


def _explained(raised: pytest.ExceptionInfo[BaseException]) -> str:
    """Return what was found instead: the compared values, or the error's message."""
    if isinstance(raised.value, AssertionError):
        first, *_ = str(raised.value).splitlines() or [""]
        return first.removeprefix("assert ")
    return f"{raised.typename}: {raised.value}"
