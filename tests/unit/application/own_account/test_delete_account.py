"""Deletions of accounts: what is noted, and what happens while the password is checked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from typing_extensions import override

from latchkey.application.own_account.delete_account import DeleteAccount, DeleteAccountCommand
from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.accounts.errors import LastAdminError, PasswordIncorrectError
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.testing.factories import SOURCE, password_hash
from latchkey.testing.fakes import FastPasswordHasher
from unit.application.second_factors import signed_in, with_second_factor
from unit.application.service import PASSWORD, WRONG, Service

pytestmark = pytest.mark.anyio


class Meanwhile(FastPasswordHasher):
    """Lets something happen while a password is checked."""

    def __init__(self, act: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._act = act

    @override
    async def verify(
        self, password: Password, expected: PasswordHash | None, clients: Sequence[str] = ()
    ) -> bool:
        is_right = await super().verify(password, expected, clients)
        await self._act()
        return is_right


def command(service: Service, own: LoggedIn, password: Password = PASSWORD) -> DeleteAccountCommand:
    by = service.principal_of(own.tokens)
    return DeleteAccountCommand(by=by, current=password, source=SOURCE)


def interrupted(service: Service, act: Callable[[], Awaitable[object]]) -> DeleteAccount:
    checking = replace(service.container.current_password(), hasher=Meanwhile(act))
    return replace(service.container.delete_account(), current_password=checking)


async def test_a_deletion_is_noted_with_the_ends_of_all_sessions(service: Service) -> None:
    own = await service.logged_in()
    await service.logged_in(own.user)

    await service.container.delete_account()(command(service, own))

    [deleted] = await service.events(AuditAction.USER_DELETED)
    ended = await service.events(AuditAction.SESSION_ENDED)
    assert (deleted.user_id, deleted.source, deleted.detail) == (own.user.id, SOURCE, {})
    assert deleted.session_id == service.principal_of(own.tokens).session_id
    assert [event.detail for event in ended] == [{"reason": "account_deleted"}] * 2
    assert await service.end_reason_of(own.tokens.refresh) is EndReason.ACCOUNT_DELETED


async def test_a_wrong_password_is_noted_and_deletes_nothing(service: Service) -> None:
    own = await service.logged_in()

    with pytest.raises(PasswordIncorrectError):
        await service.container.delete_account()(command(service, own, WRONG))

    [event] = await service.events(AuditAction.PASSWORD_ATTEMPT_FAILED)
    assert event.user_id == own.user.id
    assert (await service.credential_of(own.user)).user == own.user


@pytest.mark.requirement("EC-5")
async def test_a_password_that_changes_while_it_is_checked_deletes_nothing(
    service: Service,
) -> None:
    own = await service.logged_in()
    credentials = service.storage.password_credentials
    delete = interrupted(service, lambda: credentials.change_password(own.user.id, password_hash()))

    with pytest.raises(PasswordIncorrectError):
        await delete(command(service, own))

    assert (await service.credential_of(own.user)).user == own.user


@pytest.mark.requirement("EC-5")
async def test_a_session_that_ends_while_the_password_is_checked_deletes_nothing(
    service: Service,
) -> None:
    own = await service.logged_in()
    delete = interrupted(service, lambda: service.logged_out(own.tokens.refresh))

    with pytest.raises(AccessTokenStaleError):
        await delete(command(service, own))

    assert (await service.credential_of(own.user)).user == own.user


@pytest.mark.requirement("EC-6")
async def test_the_last_administrator_stays_with_all_that_belongs_to_them(
    service: Service,
) -> None:
    own = await service.logged_in(await service.added_user(role=Role.ADMIN))

    with pytest.raises(LastAdminError):
        await service.container.delete_account()(command(service, own))

    assert await service.end_reason_of(own.tokens.refresh) is None
    assert await service.events(AuditAction.USER_DELETED) == ()
    assert (await service.credential_of(own.user)).user == own.user


async def test_second_factors_are_deleted_with_the_account(service: Service) -> None:
    user = await service.added_user()
    await with_second_factor(service, user)
    own = await signed_in(service, user, SecondMethod.TOTP)

    await service.container.delete_account()(command(service, own))

    found = await service.storage.factors.find(user.id)
    assert found is not None
    assert found.credential.user == user.erased(service.clock.now())
    assert found.answers == frozenset()
