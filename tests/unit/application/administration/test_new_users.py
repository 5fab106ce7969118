"""Becoming a user: the first administrator, and everybody after."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from typing_extensions import override

from latchkey.application.administration.bootstrap import BootstrapCommand
from latchkey.application.administration.create_user import CreateUserCommand
from latchkey.domain.accounts.errors import (
    AlreadyBootstrappedError,
    BootstrapDisabledError,
    EmailTakenError,
    PasswordHasherBusyError,
)
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.testing.factories import SOURCE, address
from latchkey.testing.fakes import FastPasswordHasher
from unit.application.service import COMMON, PASSWORD, Service

pytestmark = pytest.mark.anyio

BOOTSTRAP = BootstrapCommand(
    email="Ada@Example.org", name="Ada Lovelace", password=PASSWORD, source=SOURCE
)
CREATE = CreateUserCommand(
    by=None,
    email="Bob@Example.org",
    name="Bob",
    password=PASSWORD,
    role=Role.USER,
    source=SOURCE,
)


class HasherThatTakesItsTime(FastPasswordHasher):
    """Takes so long to hash that something else happens meanwhile."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    @override
    async def hash(self, password: Password) -> PasswordHash:
        await self._meanwhile()
        return await super().hash(password)


async def kept(service: Service, user: User) -> User | None:
    return await service.storage.users.by_email(user.email)


async def test_the_first_administrator_is_made(service: Service) -> None:
    admin = await service.bootstrap(BOOTSTRAP)

    assert (admin.email, admin.name) == (address("Ada@Example.org"), "Ada Lovelace")
    assert (admin.role, admin.created_at) == (Role.ADMIN, service.clock.now())
    assert await kept(service, admin) == admin


@pytest.mark.requirement("BA-4")
async def test_a_bootstrap_is_noted(service: Service) -> None:
    admin = await service.bootstrap(BOOTSTRAP)

    (event,) = await service.events()
    assert (event.action, event.user_id) == (AuditAction.ADMIN_BOOTSTRAPPED, admin.id)
    assert (event.at, event.source) == (service.clock.now(), SOURCE)


async def test_a_bootstrap_that_is_not_allowed_does_no_work(service: Service) -> None:
    bootstrap = replace(service.bootstrap, is_allowed=False)

    with pytest.raises(BootstrapDisabledError):
        await bootstrap(replace(BOOTSTRAP, email=""))

    assert service.hasher.works == 0


async def test_a_second_bootstrap_is_refused_and_leaves_nothing(service: Service) -> None:
    await service.bootstrap(BOOTSTRAP)

    with pytest.raises(AlreadyBootstrappedError):
        await service.bootstrap(replace(BOOTSTRAP, email="eve@example.org"))

    email = address("eve@example.org")
    assert await service.storage.users.by_email(email) is None
    assert await service.actions() == [AuditAction.ADMIN_BOOTSTRAPPED]


async def test_a_bootstrap_can_take_nobodys_address(service: Service) -> None:
    user = await service.added_user()

    with pytest.raises(EmailTakenError):
        await service.bootstrap(replace(BOOTSTRAP, email=user.email.text))

    assert await kept(service, user) == user


async def test_all_that_is_wrong_with_a_bootstrap_is_named_at_once(service: Service) -> None:
    wrong = replace(BOOTSTRAP, email="ada", name="", password=COMMON)

    with pytest.raises(InvalidInputError) as refusal:
        await service.bootstrap(wrong)

    assert [violation.field for violation in refusal.value.violations] == [
        "email",
        "name",
        "password",
    ]
    assert service.hasher.works == 0


@pytest.mark.parametrize("role", Role)
async def test_a_user_is_created(service: Service, role: Role) -> None:
    user = await service.create_user(replace(CREATE, role=role))

    assert (user.email.text, user.name, user.role) == ("Bob@Example.org", "Bob", role)
    assert user.created_at == service.clock.now()
    assert await kept(service, user) == user
    assert (await service.logged_in(user)).user == user


async def test_it_is_noted_who_created_a_user(service: Service) -> None:
    admin = await service.logged_in(await service.added_user(role=Role.ADMIN))
    principal = service.principal_of(admin.tokens)

    user = await service.create_user(replace(CREATE, by=principal))

    (event,) = await service.events(AuditAction.USER_CREATED)
    assert (event.user_id, event.source, event.at) == (user.id, SOURCE, service.clock.now())
    assert event.detail == {"role": "USER", "by": str(admin.user.id)}


async def test_the_command_line_creates_users_too(service: Service) -> None:
    await service.create_user(CREATE)

    (event,) = await service.events(AuditAction.USER_CREATED)
    assert event.detail == {"role": "USER", "by": "command line"}


async def test_whoever_was_an_administrator_creates_nobody(service: Service) -> None:
    await service.added_user(role=Role.ADMIN)
    admin = await service.logged_in(await service.added_user(role=Role.ADMIN))
    principal = service.principal_of(admin.tokens)
    await service.changed(admin.user, role=Role.USER)

    with pytest.raises(AccessTokenStaleError):
        await service.create_user(replace(CREATE, by=principal, email=""))

    assert await service.events(AuditAction.USER_CREATED) == ()


@pytest.mark.requirement("AZ-4")
@pytest.mark.parametrize("what", ["disabled", "demoted", "logged out"])
async def test_what_becomes_of_an_administrator_during_the_hash_counts(
    service: Service, what: str
) -> None:
    await service.added_user(role=Role.ADMIN)
    admin = await service.logged_in(await service.added_user(role=Role.ADMIN))
    principal = service.principal_of(admin.tokens)

    async def change() -> None:
        match what:
            case "disabled":
                await service.changed(admin.user, disabled=True)
            case "demoted":
                await service.changed(admin.user, role=Role.USER)
            case _:
                await service.logged_out(admin.tokens.refresh)

    service.hasher = HasherThatTakesItsTime(change)

    with pytest.raises(AccessTokenStaleError):
        await service.create_user(replace(CREATE, by=principal))

    assert await service.events(AuditAction.USER_CREATED) == ()


async def test_an_address_that_is_taken_creates_nobody(service: Service) -> None:
    first = await service.create_user(CREATE)

    with pytest.raises(EmailTakenError):
        await service.create_user(replace(CREATE, email="BOB@EXAMPLE.ORG", name="Eve"))

    assert await kept(service, first) == first
    assert await service.actions() == [AuditAction.USER_CREATED]


async def test_all_that_is_wrong_with_a_new_user_is_named_at_once(service: Service) -> None:
    wrong = replace(CREATE, email="bob@", name="\nB", password=Password("bob"))

    with pytest.raises(InvalidInputError) as refusal:
        await service.create_user(wrong)

    assert [violation.field for violation in refusal.value.violations] == [
        "email",
        "name",
        "password",
    ]


async def test_a_password_that_is_the_address_creates_nobody(service: Service) -> None:
    wrong = replace(CREATE, password=Password("bob@example.org"))

    with pytest.raises(InvalidInputError) as refusal:
        await service.create_user(wrong)

    assert [violation.field for violation in refusal.value.violations] == ["password"]


async def test_a_busy_hasher_creates_nobody_for_now(service: Service) -> None:
    service.hasher.is_busy = True

    with pytest.raises(PasswordHasherBusyError):
        await service.create_user(CREATE)

    assert await service.events() == ()
