"""Searches for secrets where none may be, and fails the run that finds one, with the place.

Searched are all responses that httpx receives, what this process writes while a test runs, and the
logs of services and servers that tests start. Workers of a parallel run hand their counts and finds
to the process that reports.

A plugin of pytest; `repository/test_canary.py` shows what it finds.
"""

import logging
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, ParamSpec

import httpx
import pytest

from harness.leaks import ACCESS, FACTOR, FINDS, SEARCHED, TOKEN, search, search_log

P = ParamSpec("P")

_CHALLENGE: Final = re.compile(r'"challenge":"[\w-]{84}"')
"""What a login tells whose second factor is missing; no other response has one."""

_FACTORS: Final = (
    "/api/auth/factors/totp",
    "/api/auth/factors/totp/confirm",
    "/api/auth/factors/recovery-codes",
    "/api/auth/factors/passkeys",
    "/api/auth/login/enrolment",
    "/api/auth/login/enrolment/confirm",
    "/api/auth/login/enrolment/passkeys",
)
"""The operations that tell the secret of an app, or recovery codes."""

_OUTPUT: Final = "canary"
"""The name under which a worker hands over what it has found."""


def _search_answer(answer: httpx.Response) -> None:
    place = f"{answer.request.method} {answer.request.url} ({_test()})"
    if answer.is_error:
        told = _CHALLENGE.sub("", answer.text)
        search("error answers", place, f"{answer.headers.multi_items()}\n{told}")
    elif "json" in answer.headers.get("content-type", ""):
        told_by = {"/mailbox": TOKEN}
        if answer.request.method == "POST":
            told_by |= dict.fromkeys(_FACTORS, FACTOR)
        also = {told_by[path]} if (path := answer.request.url.path) in told_by else set()
        search("other answers", place, answer.text, but=frozenset({ACCESS, *also}))


def _test() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "no test")


def _searching(send: Callable[P, httpx.Response]) -> Callable[P, httpx.Response]:
    def searching(*arguments: P.args, **options: P.kwargs) -> httpx.Response:
        answer = send(*arguments, **options)
        _search_answer(answer)
        return answer

    return searching


def _searching_later(
    send: Callable[P, Awaitable[httpx.Response]],
) -> Callable[P, Awaitable[httpx.Response]]:
    async def searching(*arguments: P.args, **options: P.kwargs) -> httpx.Response:
        answer = await send(*arguments, **options)
        _search_answer(answer)
        return answer

    return searching


def pytest_configure(config: pytest.Config) -> None:
    """See every response that httpx receives, and keep the requests out of its own log."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    patch = pytest.MonkeyPatch()
    patch.setattr(httpx.Client, "send", _searching(httpx.Client.send))
    patch.setattr(httpx.AsyncClient, "send", _searching_later(httpx.AsyncClient.send))
    config.add_cleanup(patch.undo)
    is_worker = hasattr(config, "workerinput")
    config.pluginmanager.register(_Worker() if is_worker else _Reporter())


@pytest.fixture(scope="session", autouse=True)
def _logs_are_searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Search the logs that are left when everything that was started has ended."""
    yield
    for log in sorted(tmp_path_factory.getbasetemp().rglob("*.log")):
        search_log(log)


class _Worker:
    """One of several processes that run tests."""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was found, with pytest-xdist's own results."""
        session.config.workeroutput[_OUTPUT] = dict(SEARCHED), FINDS  # type: ignore[attr-defined]


class _Reporter:
    """The process that reports."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - xdist has no type for it
        """Take over what a worker has found; one that has crashed fails the run anyway."""
        searched, finds = getattr(node, "workeroutput", {}).get(_OUTPUT, ({}, []))
        SEARCHED.update(searched)
        FINDS.extend(finds)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Search what was written and logged in a phase of a test, in whichever process."""
        for title, text in report.sections:
            if title.endswith(f" {report.when}"):  # those of the phases before are there, too
                search("outputs", f"{title} ({report.nodeid})", text)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report where secrets were found, and how much was searched."""
        terminalreporter.section("secrets where none may be")
        for find in FINDS:
            terminalreporter.line(find, red=True)
        searched = ", ".join(f"{count} {kind}" for kind, count in sorted(SEARCHED.items()))
        terminalreporter.line(f"{len(FINDS)} found in {searched or 'nothing'}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run, though every test of it may have passed."""
        if FINDS:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
