"""What a login does when the storage leaves in the middle of it."""

from dataclasses import replace
from datetime import datetime

import pytest
from typing_extensions import override

from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.throttling.throttle import Admission, Count, Exemption, Throttle
from latchkey.testing.factories import SOURCE
from unit.application.service import PASSWORD, Service

pytestmark = pytest.mark.anyio


class ThrottleThatLeaves(Throttle):
    """Refuses nobody, and is unavailable when hits are to be taken back."""

    @override
    async def admit(self, *counts: Count, now: datetime) -> Admission:
        return Admission(wait=None, is_exempt=False)

    @override
    async def refund(self, *counts: Count, now: datetime) -> None:
        raise StorageUnavailableError

    @override
    async def clear(self, *counts: Count, now: datetime, grant: Exemption | None = None) -> None:
        raise StorageUnavailableError

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        return 0


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
