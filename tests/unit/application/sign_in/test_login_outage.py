"""What a login does when the storage leaves in the middle of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest
from typing_extensions import override

from latchkey.adapters.memory.accounts.password_credentials import (
    MemoryPasswordCredentialRepository,
)
from latchkey.adapters.memory.tables import CommittedTables
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.throttling.throttle import Count, Throttle
from latchkey.testing.factories import SOURCE
from unit.application.service import PASSWORD, Service

pytestmark = pytest.mark.anyio

MANY: Final = 200  # more than any limit allows


class ThrottleThatLeaves(Throttle):
    """Refuses nobody, and is unavailable when hits are to be taken back."""

    @override
    async def hit(self, *counts: Count, now: datetime) -> timedelta | None:
        return None

    @override
    async def refund(self, *counts: Count, now: datetime) -> None:
        raise StorageUnavailableError

    @override
    async def succeed(self, *counts: Count, now: datetime) -> None:
        raise StorageUnavailableError

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        return 0


class CredentialsThatLeave(MemoryPasswordCredentialRepository):
    """Is unavailable when a login looks for a user."""

    @override
    async def by_email(self, email: EmailAddress) -> PasswordCredential | None:
        raise StorageUnavailableError


@pytest.mark.requirement("LG-5")
async def test_a_login_whose_user_can_not_be_read_is_not_counted(service: Service) -> None:
    user = await service.added_user()
    command = PasswordLoginCommand(email=user.email.text, password=PASSWORD, source=SOURCE)
    login = replace(service.login, credentials=CredentialsThatLeave(CommittedTables()))
    for _ in range(MANY):
        with pytest.raises(StorageUnavailableError):
            await login(command)

    logged_in = await service.login(command)
    assert logged_in.user == user


async def test_a_login_succeeds_although_its_attempts_can_not_be_taken_back(
    service: Service,
) -> None:
    user = await service.added_user()
    login = replace(
        service.login, throttle=replace(service.login_throttle, throttle=ThrottleThatLeaves())
    )

    logged_in = await login(
        PasswordLoginCommand(email=user.email.text, password=PASSWORD, source=SOURCE)
    )

    assert await service.end_reason_of(logged_in.tokens.refresh) is None
