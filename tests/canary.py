"""Searches for secrets where none may be, and fails the run that finds one, with the place.

Searched are all answers that httpx receives, what this process writes while a test runs, and the
logs of services and servers that tests start. Tokens and hashes are known by their form; the
secrets and passwords that the tests make up, by a part that all of them share.

A plugin of pytest; `unit/test_canary.py` shows what it finds.
"""

import logging
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final, ParamSpec

import httpx
import pytest

P = ParamSpec("P")

ACCESS: Final = "access token"
FORMS: Final = {
    ACCESS: re.compile(r"eyJ[\w-]{20}"),
    "refresh token": re.compile(r"(?<![\w-])A[Q-Za-f][\w-]{98}(?![\w-])"),
    "password hash": re.compile(r"\$(?:2[aby]\$\d\d|bcrypt-sha256)\$"),
    "password": re.compile(r"(?i)kettle-\d\d-harbour"),
    "signing secret": re.compile(r"tH3qv0Zk8dRw2Xb7|Kx7PzW2nQ8rVt5Bj|\b[0-9a-f]{64}\b"),
}
_AROUND: Final = 80  # characters, to see what it was part of

_finds: Final[list[str]] = []
_searched: Final[Counter[str]] = Counter()


def secrets_in(text: str, *, but: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Give the name of each form that is there, and what stands around it."""
    for name, form in FORMS.items():
        if name not in but and (found := form.search(text)):
            yield name, text[max(0, found.start() - _AROUND) : found.end() + _AROUND]


def search(kind: str, place: str, text: str, *, but: frozenset[str] = frozenset()) -> None:
    """Search a text, and note what was found.

    Args:
        kind: What is counted: `answers`, `logs` and so on.
        place: Where it comes from, for people.
        text: What may have no secret in it.
        but: Names of forms that may be there.
    """
    _searched[kind] += 1
    for name, excerpt in secrets_in(text, but=but):
        _finds.append(f"{name} in {place}: {excerpt!r}")


def search_log(log: Path) -> None:
    """Search what a process that has ended wrote."""
    if log.exists():
        search("logs", str(log), log.read_text(errors="replace"))


def _search_answer(answer: httpx.Response) -> None:
    place = f"{answer.request.method} {answer.request.url} ({_test()})"
    if answer.is_error:
        search("error answers", place, f"{answer.headers.multi_items()}\n{answer.text}")
    elif "json" in answer.headers.get("content-type", ""):
        search("other answers", place, answer.text, but=frozenset({ACCESS}))


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
    """See every answer that httpx gives to anybody, and not what it tells of the question."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    patch = pytest.MonkeyPatch()
    patch.setattr(httpx.Client, "send", _searching(httpx.Client.send))
    patch.setattr(httpx.AsyncClient, "send", _searching_later(httpx.AsyncClient.send))
    config.add_cleanup(patch.undo)


@pytest.fixture(scope="session", autouse=True)
def _logs_are_searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Search the logs that are left when everything that was started has ended."""
    yield
    for log in sorted(tmp_path_factory.getbasetemp().rglob("*.log")):
        search_log(log)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Search what this process wrote and logged in a phase of a test."""
    for title, text in report.sections:
        if title.endswith(f" {report.when}"):  # those of the phases before are there, too
            search("outputs", f"{title} ({report.nodeid})", text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where secrets were found, and how much was searched."""
    terminalreporter.section("secrets where none may be")
    for find in _finds:
        terminalreporter.line(find, red=True)
    searched = ", ".join(f"{count} {kind}" for kind, count in sorted(_searched.items()))
    terminalreporter.line(f"{len(_finds)} found in {searched or 'nothing'}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run, though every test of it may have passed."""
    if _finds:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
