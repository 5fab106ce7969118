"""An old hash is upgraded by the login that knows its password."""

from dataclasses import replace
from typing import Final

import pytest
from typing_extensions import override

from latchkey.adapters.memory import MemoryStorage
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.errors import InvalidCredentialsError, PasswordHasherBusyError
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.password_credential import (
    PasswordCredential,
    PasswordCredentialRepository,
)
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.testing.factories import SOURCE
from latchkey.testing.fakes import FastPasswordHasher
from unit.application.service import NEW, PASSWORD, WRONG, Service

pytestmark = pytest.mark.anyio

OLD_COST: Final = 1


class StorageThatLeaves(PasswordCredentialRepository):
    """Answers, and is away when a hash is to be upgraded."""

    def __init__(self, storage: MemoryStorage) -> None:
        self._credentials = storage.password_credentials

    @override
    async def by_email(self, email: EmailAddress) -> PasswordCredential | None:
        return await self._credentials.by_email(email)

    @override
    async def change_password(self, user_id: UserId, new: PasswordHash) -> int | None:
        return await self._credentials.change_password(user_id, new)

    @override
    async def upgrade_hash(self, user_id: UserId, *, old: PasswordHash, new: PasswordHash) -> bool:
        raise StorageUnavailableError


class HasherThatFillsUp(FastPasswordHasher):
    """Verifies, and is too busy to hash."""

    @override
    async def hash(self, password: Password) -> PasswordHash:
        raise PasswordHasherBusyError


@pytest.mark.requirement("PW-9", "LG-3")
async def test_an_outdated_hash_is_upgraded(service: Service) -> None:
    user = await service.added_user(cost=OLD_COST)

    await service.logged_in(user)

    credential = await service.credential_of(user)
    assert credential.password_hash == service.hasher.hashed(PASSWORD, service.hasher.cost)
    assert credential.password_version == 1


async def test_a_hash_of_today_stays_and_costs_no_more_work(service: Service) -> None:
    user = await service.added_user()
    before = await service.credential_of(user)

    await service.logged_in(user)

    assert await service.credential_of(user) == before
    assert service.hasher.works == 1


async def test_a_wrong_password_upgrades_nothing(service: Service) -> None:
    user = await service.added_user(cost=OLD_COST)
    before = await service.credential_of(user)
    command = PasswordLoginCommand(email=user.email.text, password=WRONG, source=SOURCE)

    with pytest.raises(InvalidCredentialsError):
        await service.login(command)

    assert await service.credential_of(user) == before


@pytest.mark.requirement("PW-9")
async def test_a_login_succeeds_although_the_hasher_is_too_busy_to_upgrade(
    service: Service,
) -> None:
    service.hasher = HasherThatFillsUp()
    user = await service.added_user(cost=OLD_COST)
    before = await service.credential_of(user)

    logged_in = await service.logged_in(user)

    assert logged_in.user == user
    assert await service.credential_of(user) == before


async def test_a_login_succeeds_although_the_storage_leaves_before_the_upgrade(
    service: Service,
) -> None:
    user = await service.added_user(cost=OLD_COST)
    login = replace(service.login, credentials=StorageThatLeaves(service.storage))

    logged_in = await login(
        PasswordLoginCommand(email=user.email.text, password=PASSWORD, source=SOURCE)
    )

    assert logged_in.user == user


@pytest.mark.requirement("PW-9")
async def test_an_upgrade_never_undoes_a_change_of_the_password(service: Service) -> None:
    user = await service.added_user(cost=OLD_COST)
    changed = FastPasswordHasher().hashed(NEW, cost=2)

    class SlowHasher(FastPasswordHasher):
        @override
        async def hash(self, password: Password) -> PasswordHash:
            await service.storage.password_credentials.change_password(user.id, changed)
            return await super().hash(password)

    service.hasher = SlowHasher()

    await service.logged_in(user)

    assert (await service.credential_of(user)).password_hash == changed
