"""What is logged of refused attacks, and how little of it whatever comes."""

import pytest
from structlog.testing import CapturingLogger

from latchkey.domain.accounts.errors import InsufficientRoleError, InvalidCredentialsError
from latchkey.domain.factors.errors import ChallengeInvalidError
from latchkey.domain.links.errors import LinkInvalidError
from latchkey.domain.mail.errors import TooManyMailsError
from latchkey.domain.sessions.errors import (
    AccessTokenInvalidError,
    AccessTokenStaleError,
    RefreshTokenExpiredError,
    RefreshTokenInvalidError,
)
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.problems.errors import HostNotAllowedError, OriginNotAllowedError
from latchkey.entrypoints.observability.refusals import EVENTS, RefusalLog

ATTACKS = {
    "attempts_throttled": TooManyAttemptsError(),
    "mails_throttled": TooManyMailsError(),
    "role_refused": InsufficientRoleError(),
    "access_token_forged": AccessTokenInvalidError(),
    "refresh_token_forged": RefreshTokenInvalidError(),
    "link_forged": LinkInvalidError(),
    "challenge_forged": ChallengeInvalidError(),
    "origin_refused": OriginNotAllowedError(),
    "host_refused": HostNotAllowedError(),
}


def client(number: int) -> ClientInfo:
    return ClientInfo(
        request_id=f"request-{number}", address=f"192.0.2.{number % 256}", scheme="https", host=""
    )


class Lines:
    def __init__(self) -> None:
        self.logger = CapturingLogger()
        self.refusals = RefusalLog(self.logger)

    @property
    def written(self) -> list[tuple[str, int]]:
        return [(call.args[0], call.kwargs["count"]) for call in self.logger.calls]


@pytest.mark.requirement("LG-12")
@pytest.mark.parametrize(("event", "error"), ATTACKS.items())
def test_the_first_of_a_kind_is_logged_at_once_and_the_others_are_counted(
    event: str, error: Exception
) -> None:
    lines = Lines()

    for number in range(40):
        lines.refusals.count(error, client(number))
    at_once = list(lines.written)
    lines.refusals.flush()

    assert at_once == [(event, 1)]
    assert lines.written == [(event, 1), (event, 39)]
    [first, last] = lines.logger.calls
    assert (first.method_name, first.kwargs["request_id"]) == ("warning", "request-0")
    assert (last.kwargs["request_id"], last.kwargs["address"]) == ("request-39", "192.0.2.39")


def test_a_flood_writes_two_lines_a_kind_and_period() -> None:
    lines = Lines()

    for _ in range(3):
        for number in range(1_000):
            for error in ATTACKS.values():
                lines.refusals.count(error, client(number))
        lines.refusals.flush()

    assert len(lines.written) <= 2 * 3 * len(ATTACKS)
    assert sum(count for _, count in lines.written) == 3 * 1_000 * len(ATTACKS)


def test_a_quiet_period_writes_nothing_and_the_next_one_begins_at_once() -> None:
    lines = Lines()
    lines.refusals.count(OriginNotAllowedError(), client(1))
    lines.refusals.flush()
    assert len(lines.written) == 1

    lines.refusals.count(OriginNotAllowedError(), client(2))

    assert lines.written == [("origin_refused", 1)] * 2


@pytest.mark.parametrize(
    "error", [AccessTokenStaleError(), RefreshTokenExpiredError(), InvalidCredentialsError()]
)
def test_what_an_honest_client_does_too_is_not_logged(error: Exception) -> None:
    lines = Lines()

    lines.refusals.count(error, client(1))
    lines.refusals.flush()

    assert lines.written == []


def test_each_event_is_shown_here() -> None:
    assert set(EVENTS.values()) == {*ATTACKS, "head_refused"}
