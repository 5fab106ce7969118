"""What a change of the password does besides what a client sees."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from typing_extensions import override

from latchkey.adapters.memory.accounts import password_credentials
from latchkey.application.passwords.change_password import ChangePasswordCommand
from latchkey.application.sign_in.login_devices import DeviceLoggedIn
from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.errors import PasswordHasherBusyError, PasswordIncorrectError
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means, SecondMethod
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.testing.factories import SOURCE, password_hash
from latchkey.testing.fakes import FastPasswordHasher
from unit.application.second_factors import signed_in, with_second_factor
from unit.application.service import COMMON, NEW, PASSWORD, WRONG, Service

pytestmark = pytest.mark.anyio

Interrupt = Callable[[Service, DeviceLoggedIn], Awaitable[None]]
MANY: Final = 30  # more than the limit


def command(
    service: Service, own: LoggedIn, current: Password = PASSWORD, new: Password = NEW
) -> ChangePasswordCommand:
    return ChangePasswordCommand(
        by=service.principal_of(own.tokens),
        current=current,
        new=new,
        device_name="Firefox on Linux",
        source=SOURCE,
    )


class InterruptedHasher(FastPasswordHasher):
    """Hashes, and lets something else happen meanwhile."""

    def __init__(self, interrupt: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._interrupt = interrupt

    @override
    async def hash(self, password: Password) -> PasswordHash:
        await self._interrupt()
        return await super().hash(password)


class HasherThatFillsUp(FastPasswordHasher):
    """Verifies, and is too busy to hash."""

    @override
    async def hash(self, password: Password) -> PasswordHash:
        raise PasswordHasherBusyError


class CredentialsOfAnother(password_credentials.MemoryPasswordCredentialRepository):
    """Finds the credential of a user who has just got the address."""

    another: PasswordCredential

    @override
    async def by_email(self, email: EmailAddress) -> PasswordCredential | None:
        return self.another


@pytest.mark.requirement("RP-10")
async def test_a_change_is_noted_with_the_sessions_that_end_and_the_one_that_begins(
    service: Service,
) -> None:
    own = await service.logged_in()
    other = await service.logged_in(own.user)
    before = len(await service.events(AuditAction.LOGIN_SUCCEEDED))

    changed = await service.change_password(command(service, own))

    [event] = await service.events(AuditAction.PASSWORD_CHANGED)
    old, new = service.principal_of(own.tokens), service.principal_of(changed.tokens)
    assert (event.user_id, event.session_id, event.source) == (old.id, old.session_id, SOURCE)
    ended = await service.events(AuditAction.SESSION_ENDED)
    assert {each.session_id for each in ended} == {
        old.session_id,
        service.principal_of(other.tokens).session_id,
    }
    [login] = (await service.events(AuditAction.LOGIN_SUCCEEDED))[before:]
    assert (login.session_id, login.detail["device"]) == (new.session_id, "Firefox on Linux")


@pytest.mark.requirement("RP-10")
async def test_a_wrong_password_is_noted_with_its_session(service: Service) -> None:
    own = await service.logged_in()

    with pytest.raises(PasswordIncorrectError):
        await service.change_password(command(service, own, WRONG))

    [event] = await service.events(AuditAction.PASSWORD_ATTEMPT_FAILED)
    by = service.principal_of(own.tokens)
    assert (event.user_id, event.session_id, event.source) == (by.id, by.session_id, SOURCE)
    assert await service.end_reason_of(own.tokens.refresh) is None
    assert service.hasher.clients == (f"password.session {by.session_id}",)


async def _changed(service: Service, own: DeviceLoggedIn) -> None:
    await service.storage.password_credentials.change_password(own.user.id, password_hash())


async def _logged_out(service: Service, own: DeviceLoggedIn) -> None:
    await service.logged_out(own.tokens.refresh)


async def _disabled(service: Service, own: DeviceLoggedIn) -> None:
    await service.storage.users.disable(own.user.id, service.clock.now())


@pytest.mark.requirement("RP-10")
@pytest.mark.parametrize(
    ("interrupt", "error"),
    [
        (_changed, PasswordIncorrectError),
        (_logged_out, AccessTokenStaleError),
        (_disabled, AccessTokenStaleError),
    ],
)
async def test_whatever_changes_while_the_password_is_hashed_keeps_it_from_being_changed(
    service: Service, interrupt: Interrupt, error: type[Exception]
) -> None:
    own = await service.logged_in()
    other = await service.logged_in(own.user)
    changing = command(service, own)
    hasher = InterruptedHasher(lambda: interrupt(service, own))
    change = replace(service.change_password, hasher=hasher)

    with pytest.raises(error):
        await change(changing)

    assert await service.end_reason_of(other.tokens.refresh) is None
    assert (await service.credential_of(own.user)).password_hash != hasher.hashed(NEW, 2)
    assert await service.events(AuditAction.PASSWORD_CHANGED) == ()


async def test_a_second_factor_that_comes_meanwhile_keeps_the_password_from_being_changed(
    service: Service,
) -> None:
    own = await service.logged_in()
    before = await service.credential_of(own.user)
    service.hasher = InterruptedHasher(lambda: with_second_factor(service, own.user))

    with pytest.raises(AccessTokenStaleError):
        await service.change_password(command(service, own))

    after = await service.credential_of(own.user)
    assert after == replace(before, has_second_factor=True)
    assert await service.end_reason_of(own.tokens.refresh) is None


async def test_the_new_session_has_the_level_of_the_one_that_it_replaces(
    service: Service,
) -> None:
    user = await service.added_user()
    await with_second_factor(service, user)
    own = await signed_in(service, user, SecondMethod.TOTP)

    changed = await service.change_password(command(service, own))

    assert service.principal_of(changed.tokens).means is Means.PASSWORD_AND_CODE
    assert service.decoded(changed.tokens.refresh).means is Means.PASSWORD_AND_CODE
    assert await service.end_reason_of(changed.tokens.refresh) is None


async def test_the_password_of_a_user_who_has_got_the_address_changes_nothing(
    service: Service,
) -> None:
    own, another = await service.logged_in(), await service.added_user()
    credentials = CredentialsOfAnother(None)  # type: ignore[arg-type] # not used
    credentials.another = await service.credential_of(another)
    change = replace(
        service.change_password,
        current_password=replace(service.container.current_password(), credentials=credentials),
    )

    with pytest.raises(PasswordIncorrectError):
        await change(command(service, own))

    assert await service.end_reason_of(own.tokens.refresh) is None


async def test_an_attempt_that_finds_the_hasher_busy_does_not_count(service: Service) -> None:
    own = await service.logged_in()
    service.hasher.is_busy = True
    for _ in range(MANY):
        with pytest.raises(PasswordHasherBusyError):
            await service.change_password(command(service, own))
    service.hasher.is_busy = False

    await service.change_password(command(service, own))


async def test_an_attempt_whose_new_password_is_not_hashed_does_not_count(
    service: Service,
) -> None:
    own = await service.logged_in()
    busy = replace(service.change_password, hasher=HasherThatFillsUp())
    for _ in range(MANY):
        with pytest.raises(PasswordHasherBusyError):
            await busy(command(service, own))

    await service.change_password(command(service, own))


async def test_a_password_that_is_rejected_is_not_looked_at_and_names_its_field(
    service: Service,
) -> None:
    own = await service.logged_in()
    works = service.hasher.works

    for new in (COMMON, PASSWORD):
        with pytest.raises(InvalidInputError) as refused:
            await service.change_password(command(service, own, new=new))
        assert {violation.field for violation in refused.value.violations} == {"newPassword"}

    assert service.hasher.works == works


async def test_the_new_session_is_like_that_of_a_login(service: Service) -> None:
    own = await service.logged_in()

    changed = await service.change_password(command(service, own))

    found = await service.session_of(changed.tokens.refresh)
    assert found.session.generation == 0
    assert found.session.rotated_at == service.clock.now()
    lifetime = found.session.expires_at - service.clock.now()
    assert timedelta(seconds=-1) < lifetime - service.policy.absolute <= timedelta(0)
    assert await service.end_reason_of(own.tokens.refresh) is EndReason.REVOKED
    device = service.container.device_codec().decode(
        changed.device, own.user.email.canonical, service.clock.now()
    )
    assert device is not None
    assert device.password_version == 2
