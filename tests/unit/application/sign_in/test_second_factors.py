"""What a sign-in leads to for users who have a second factor."""

from dataclasses import replace

import pytest

from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means, SecondMethod
from latchkey.domain.factors.errors import SecondFactorRequiredError
from latchkey.domain.factors.gate import Challenge
from latchkey.domain.sessions.end_reason import EndReason
from unit.application.second_factors import proven, with_second_factor
from unit.application.service import Service

pytestmark = pytest.mark.anyio


async def test_a_password_alone_opens_no_session_where_there_is_a_second_factor(
    service: Service,
) -> None:
    user = await with_second_factor(service, await service.added_user())

    opened = await service.container.open_session()(await proven(service, user))

    assert opened == Challenge(answers=frozenset({SecondMethod.TOTP}))
    assert await service.storage.sessions.end_all(user.id, EndReason.REVOKED) == ()
    assert await service.events() == ()


async def test_a_login_asks_for_the_second_factor_and_notes_it(service: Service) -> None:
    user = await with_second_factor(service, await service.added_user())

    with pytest.raises(SecondFactorRequiredError) as asked:
        await service.logged_in(user)

    assert asked.value.answers == {SecondMethod.TOTP}
    assert asked.value.challenge not in f"{asked.value} {asked.value!r}"
    assert await service.storage.sessions.end_all(user.id, EndReason.REVOKED) == ()
    assert await service.actions() == [AuditAction.LOGIN_CHALLENGED]


@pytest.mark.parametrize("second", SecondMethod)
async def test_a_password_and_a_second_factor_open_a_session_of_their_level(
    service: Service, second: SecondMethod
) -> None:
    user = await with_second_factor(service, await service.added_user())

    opened = await service.container.open_session()(await proven(service, user, second))

    assert isinstance(opened, LoggedIn)
    assert service.principal_of(opened.tokens).means is Means.PASSWORD_AND_CODE
    assert service.decoded(opened.tokens.refresh).means is Means.PASSWORD_AND_CODE
    assert await service.end_reason_of(opened.tokens.refresh) is None


async def test_without_a_second_factor_a_password_opens_a_session_of_one(service: Service) -> None:
    opened = await service.logged_in()

    assert service.principal_of(opened.tokens).means is Means.PASSWORD


@pytest.mark.parametrize("had", [False, True])
async def test_a_second_factor_that_comes_or_goes_meanwhile_opens_no_session(
    service: Service,
    had: bool,  # noqa: FBT001 - drawn from both
) -> None:
    user = await with_second_factor(service, await service.added_user())
    read = await proven(service, user, SecondMethod.TOTP)
    if had:
        await service.storage.factors.remove(user.id)

    opened = await service.container.open_session()(replace(read, has_second_factor=had))

    assert opened is None
