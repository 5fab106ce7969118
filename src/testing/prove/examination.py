"""What one test has found about its promises, judged by how it ended."""

from collections.abc import Iterable, Sequence
from typing import Final

import httpx
import pytest

from latchkey.testing.flow.expectations import BrokenPromiseError, noted
from latchkey.testing.prove.exchange import received, sent, shorten
from latchkey.testing.prove.findings import Breach, Finding, Outcome
from latchkey.testing.prove.frames import failed_check

_PREPARES: Final = {
    "/api/auth/login": "F1",
    "/api/auth/refresh": "F2",
    "/api/admin/users": "F8",
}
"""By path, the promise that is broken if a request fails that only prepares a test."""
_ID: Final = 60  # characters of a parameter's id


def promises_of(item: pytest.Item) -> list[str]:
    """Return the ids that a test is marked with; those of its parameters come first."""
    parameters = getattr(getattr(item, "callspec", None), "marks", ())
    marks = [*parameters, *item.iter_markers("promise")]
    return list(dict.fromkeys(id_ for mark in marks if mark.name == "promise" for id_ in mark.args))


def examine(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    scope: frozenset[str],
    last: httpx.Response | None,
) -> Finding:
    """Return what a test has found.

    Args:
        item: The test.
        call: How it ended, or how its preparation failed.
        scope: The ids of the promises to judge; findings about others are left out.
        last: The last response that came, for a check that names none.
    """
    marked = promises_of(item)
    own = [promise for promise in marked if promise in scope]
    if call.excinfo is None:
        return Finding(promises=own, outcome=Outcome.PASSED)
    error = call.excinfo.value
    if call.when == "setup":
        return _unprepared(own, error, _sentence(item), scope)
    noticed = [_breach_of(each, _sentence(item), marked[0]) for each in noted]
    if isinstance(error, pytest.skip.Exception):
        return _left_out(own, str(error), _within(scope, noticed))
    if error in noted:
        return _passed_but(own, _within(scope, noticed))
    breach = _breach(call.excinfo, _sentence(item), marked[0], last)
    return Finding(
        promises=own,
        outcome=Outcome.FAILED,
        reason=f"stopped at {breach.promise}, which is broken",
        breaches=_within(scope, [*noticed, breach]),
    )


def _unprepared(
    own: list[str], error: BaseException, sentence: str, scope: frozenset[str]
) -> Finding:
    """Return the finding of a test that did not run, because its preparation failed."""
    if isinstance(error, pytest.skip.Exception):
        return _left_out(own, str(error))
    if not isinstance(error, BrokenPromiseError):
        return _left_out(own, f"could not be prepared: {shorten(repr(error))}")
    promise = _PREPARES.get(error.response.request.url.path, "F1")
    breach = _breach_of(error, sentence, promise)
    reason = f"could not be prepared: {breach.summary}"
    return _left_out(own, reason, _within(scope, [breach]))


def _left_out(own: list[str], reason: str, breaches: Sequence[Breach] = ()) -> Finding:
    return Finding(promises=own, outcome=Outcome.LEFT_OUT, reason=reason, breaches=list(breaches))


def _passed_but(own: list[str], breaches: list[Breach]) -> Finding:
    """Return the finding of a test whose own promise holds, but that noticed other broken ones."""
    broken = {breach.promise for breach in breaches}
    held = [promise for promise in own if promise not in broken]
    return Finding(promises=held, outcome=Outcome.PASSED, breaches=breaches)


def _breach(
    raised: pytest.ExceptionInfo[BaseException],
    sentence: str,
    promise: str,
    last: httpx.Response | None,
) -> Breach:
    error = raised.value
    if isinstance(error, BrokenPromiseError):
        return _breach_of(error, sentence, promise)
    if isinstance(error, httpx.TransportError):
        return Breach(
            promise=promise,
            test=sentence,
            sent=sent(error.request),
            received=[f"no response: {error!r}"],
            promised="a response",
        )
    check, responses = failed_check(raised)
    response = responses[-1] if responses else last
    return Breach(
        promise=promise,
        test=sentence,
        sent=sent(response.request) if response else [],
        received=received(response) if response else [],
        promised=shorten(check),
    )


def _breach_of(error: BrokenPromiseError, sentence: str, promise: str) -> Breach:
    return Breach(
        promise=error.promise or promise,
        test=sentence,
        sent=sent(error.response.request),
        received=received(error.response),
        promised=error.promised,
    )


def _within(scope: frozenset[str], breaches: Iterable[Breach]) -> list[Breach]:
    return [breach for breach in breaches if breach.promise in scope]


def _sentence(item: pytest.Item) -> str:
    """Return a test's name as a sentence, with the id of its parameters if it has any."""
    name, _, parameters = item.name.partition("[")
    sentence = name.removeprefix("test_").replace("_", " ")
    parameters = parameters.removesuffix("]")
    cut = f"{parameters[:_ID]}…" if len(parameters) > _ID else parameters
    return f"{sentence} ({cut})" if cut else sentence
