"""What a link does besides what a client sees: what is noted, counted and left undone."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from typing_extensions import override

from latchkey.application.passwords.reset_password import ResetPasswordCommand
from latchkey.domain.accounts.errors import PasswordHasherBusyError
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.testing.factories import SOURCE, address, password_hash
from latchkey.testing.fakes import FastPasswordHasher
from unit.application.asking import token_of_link
from unit.application.service import COMMON, NEW, WRONG, Service

pytestmark = pytest.mark.anyio

MANY: Final = 30  # more than the limit
Change = Callable[[Service, User], Awaitable[Any]]


def command(token: str, password: Password = NEW) -> ResetPasswordCommand:
    return ResetPasswordCommand(token=token, password=password, source=SOURCE)


class InterruptedHasher(FastPasswordHasher):
    """Hashes, and lets something else happen meanwhile, once."""

    def __init__(self, interrupt: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._interrupt: Callable[[], Awaitable[object]] | None = interrupt

    @override
    async def hash(self, password: Password) -> PasswordHash:
        interrupt, self._interrupt = self._interrupt, None
        if interrupt is not None:
            await interrupt()
        return await super().hash(password)


async def change_password(service: Service, user: User) -> None:
    await service.storage.password_credentials.change_password(user.id, password_hash())


async def disable(service: Service, user: User) -> None:
    await service.storage.users.disable(user.id, service.clock.now())


async def move(service: Service, user: User) -> None:
    await service.storage.users.set_email(user.id, address("moved@example.org"))


@pytest.mark.requirement("RP-7")
async def test_a_reset_is_noted_with_the_sessions_that_it_has_ended(service: Service) -> None:
    user = await service.added_user()
    sessions = [await service.logged_in(user) for _ in range(2)]
    token = await token_of_link(service, user)

    await service.reset_password(command(token))

    [reset] = await service.events(AuditAction.PASSWORD_RESET)
    ended = await service.events(AuditAction.SESSION_ENDED)
    assert (reset.user_id, reset.source) == (user.id, SOURCE)
    assert {event.session_id for event in ended} == {
        service.decoded(each.tokens.refresh).session_id for each in sessions
    }
    assert {event.detail["reason"] for event in ended} == {"revoked"}
    for each in sessions:
        assert await service.end_reason_of(each.tokens.refresh) is EndReason.REVOKED


@pytest.mark.requirement("RP-4")
@pytest.mark.parametrize("change", [change_password, disable, move])
async def test_whatever_changes_while_the_password_is_hashed_keeps_the_link_from_being_used(
    service: Service, change: Change
) -> None:
    user = await service.added_user()
    logged_in = await service.logged_in(user)
    token = await token_of_link(service, user)
    service.hasher = InterruptedHasher(lambda: change(service, user))

    with pytest.raises(LinkEndedError) as ended:
        await service.reset_password(command(token))

    assert ended.value.reason is LinkEnd.SUPERSEDED
    assert await service.end_reason_of(logged_in.tokens.refresh) is None
    assert await service.events(AuditAction.PASSWORD_RESET) == ()
    [refused] = await service.events(AuditAction.LINK_REFUSED)
    assert refused.user_id == user.id
    assert refused.detail["reason"] == "superseded"


async def test_the_same_request_while_the_password_is_hashed_gets_the_same_response(
    service: Service,
) -> None:
    user = await service.added_user()
    token = await token_of_link(service, user)
    service.hasher = InterruptedHasher(lambda: service.reset_password(command(token)))

    await service.reset_password(command(token))

    assert len(await service.events(AuditAction.PASSWORD_RESET)) == 1
    assert len(await service.events(AuditAction.LINK_REPEATED)) == 1
    assert (await service.credential_of(user)).password_version == 2


async def test_a_repeated_request_is_noted_and_nothing_else(service: Service) -> None:
    user = await service.added_user()
    token = await token_of_link(service, user)
    await service.reset_password(command(token))
    before = await service.actions()

    await service.reset_password(command(token))

    assert await service.actions() == sorted([*before, AuditAction.LINK_REPEATED])


@pytest.mark.requirement("RP-6")
async def test_the_passwords_tried_with_a_used_link_are_counted_and_noted(service: Service) -> None:
    user = await service.added_user()
    token = await token_of_link(service, user)
    await service.reset_password(command(token))

    limit = service.limits.account
    assert limit is not None
    for _ in range(limit.count - 1):  # the first attempt has set the password
        with pytest.raises(LinkEndedError):
            await service.reset_password(command(token, WRONG))
    with pytest.raises(TooManyAttemptsError):
        await service.reset_password(command(token, WRONG))

    refused = await service.events(AuditAction.LINK_REFUSED)
    assert [event.detail["reason"] for event in refused] == ["used"] * (limit.count - 1)
    assert service.hasher.clients == (f"password.link {_id_of(service, token)}",)


def _id_of(service: Service, token: str) -> object:
    return service.container.link_codec().decode(token, service.clock.now()).link_id


async def test_an_attempt_that_finds_the_hasher_busy_does_not_count(service: Service) -> None:
    token = await token_of_link(service, await service.added_user())
    service.hasher.is_busy = True
    for _ in range(MANY):
        with pytest.raises(PasswordHasherBusyError):
            await service.reset_password(command(token))
    service.hasher.is_busy = False

    await service.reset_password(command(token))


async def test_a_password_that_is_rejected_is_neither_hashed_nor_counted(service: Service) -> None:
    token = await token_of_link(service, await service.added_user())

    for _ in range(MANY):
        with pytest.raises(InvalidInputError):
            await service.reset_password(command(token, COMMON))

    assert service.hasher.works == 0
    await service.reset_password(command(token))


@pytest.mark.requirement("RP-2")
async def test_what_is_no_link_or_has_expired_is_not_noted(service: Service) -> None:
    token = await token_of_link(service, await service.added_user())
    before = await service.actions()

    with pytest.raises(LinkInvalidError):
        await service.reset_password(command("A" * 100))
    service.clock.move(timedelta(hours=1))
    with pytest.raises(LinkEndedError):
        await service.reset_password(command(token))

    assert await service.actions() == before


async def test_a_link_that_was_pruned_is_withdrawn(service: Service) -> None:
    token = await token_of_link(service, await service.added_user())
    await service.storage.links.prune(service.clock.now() + timedelta(minutes=1), limit=9)

    with pytest.raises(LinkEndedError) as ended:
        await service.reset_password(command(token))

    assert ended.value.reason is LinkEnd.WITHDRAWN


@pytest.mark.requirement("RP-9")
async def test_the_device_of_a_reset_is_known_to_the_account_with_its_new_password(
    service: Service,
) -> None:
    user = await service.added_user()
    token = await token_of_link(service, user)

    for _ in range(2):
        encoded = await service.reset_password(command(token))

        device = service.container.device_codec().decode(
            encoded, user.email.canonical, service.clock.now()
        )
        assert device is not None
        assert device.password_version == 2


async def test_a_reset_in_a_service_without_limits_is_not_counted(service: Service) -> None:
    token = await token_of_link(service, await service.added_user())
    attempts = replace(service.container.password_attempts(), rate=None)
    repeat = replace(service.container.repeat_link(), attempts=attempts)
    reset = replace(service.reset_password, attempts=attempts, repeat_link=repeat)
    await reset(command(token))

    for _ in range(MANY):
        await reset(command(token))
