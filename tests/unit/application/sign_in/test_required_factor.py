"""A factor that a role requires: when it can be added without a session, and what is noted."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from dependency_injector import providers

from latchkey.application.enrolment.pending_totp import BegunTotp
from latchkey.application.sessions.refresh import RefreshCommand
from latchkey.application.sign_in.required_factor import (
    ConfirmRequiredFactorCommand,
    EnrolledLoggedIn,
)
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.errors import ChallengeEndedError, SecondFactorRequiredError
from latchkey.domain.factors.totp import step_at, totp
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.entrypoints.container import Container
from latchkey.testing.factories import SOURCE
from unit.application.service import NEW, PASSWORD, SETTINGS, Service

pytestmark = pytest.mark.anyio

Change = Callable[[Service, User], Awaitable[object]]


@pytest.fixture
def strict(service: Service) -> Container:
    """The use cases of a service whose administrators must have a second factor."""
    factors = replace(SETTINGS.factors, required_roles=("ADMIN",))
    container = Container(settings=replace(SETTINGS, factors=factors), storage=service.storage)
    container.hasher.override(providers.Object(service.hasher))
    return container


async def challenge_of(strict: Container, user: User) -> str:
    command = PasswordLoginCommand(email=user.email.text, password=PASSWORD, source=SOURCE)
    with pytest.raises(SecondFactorRequiredError) as asked:
        await strict.password_login()(command)
    assert asked.value.answers == frozenset()
    return asked.value.challenge


async def begun(strict: Container, challenge: str) -> BegunTotp:
    return await strict.challenge_answers().begin_enrolment(challenge)


async def confirmed(
    service: Service, strict: Container, user: User, challenge: str, factor: BegunTotp
) -> EnrolledLoggedIn:
    found = await service.storage.factors.find(user.id)
    assert found is not None
    assert found.pending is not None
    secret = strict.factor_keys().totp_secret(user.id, found.pending.seed)
    assert secret is not None
    command = ConfirmRequiredFactorCommand(
        challenge=challenge,
        factor_id=factor.id,
        typed=totp(secret, step_at(service.clock.now())),
        source=SOURCE,
    )
    return await strict.challenge_answers().confirm_enrolment(command)


async def test_a_factor_that_is_added_is_noted_and_told(
    service: Service, strict: Container
) -> None:
    admin = await service.added_user(role=Role.ADMIN)
    challenge = await challenge_of(strict, admin)

    logged_in = await confirmed(service, strict, admin, challenge, await begun(strict, challenge))

    [added] = await service.events(AuditAction.SECOND_FACTOR_ADDED)
    [opened] = await service.events(AuditAction.LOGIN_SUCCEEDED)
    assert added.user_id == opened.user_id == logged_in.user.id
    assert opened.detail == {"factor": "totp", "signed_in_with": "password_and_code"}
    now = service.clock.now()
    claims = await service.storage.outbox.claim(now, until=now, limit=100)
    kinds = {claim.mail.kind for claim in claims}
    assert kinds == {MailKind.SECOND_FACTOR_ADDED, MailKind.NEW_SIGN_IN}


async def test_a_wrong_code_in_a_confirmation_is_noted_as_at_a_login(
    service: Service, strict: Container
) -> None:
    admin = await service.added_user(role=Role.ADMIN)
    challenge = await challenge_of(strict, admin)
    factor = await begun(strict, challenge)

    with pytest.raises(InvalidInputError):
        await strict.challenge_answers().confirm_enrolment(
            ConfirmRequiredFactorCommand(
                challenge=challenge, factor_id=factor.id, typed="any text", source=SOURCE
            )
        )

    [event] = await service.events(AuditAction.SECOND_FACTOR_FAILED)
    assert (event.user_id, event.session_id) == (admin.id, None)
    assert event.detail == {"factor": "totp"}


async def _new_password(service: Service, user: User) -> None:
    await service.set_password(user, NEW, SOURCE)


async def _disable(service: Service, user: User) -> None:
    await service.changed(user, disabled=True)


async def _demote(service: Service, user: User) -> None:
    await service.changed(user, role=Role.USER)


@pytest.mark.requirement("MF-8")
@pytest.mark.parametrize("change", [_new_password, _disable, _demote])
async def test_a_challenge_lapses_with_what_it_was_made_for(
    service: Service, strict: Container, change: Change
) -> None:
    await service.added_user(role=Role.ADMIN)  # who is left
    admin = await service.added_user(role=Role.ADMIN)
    challenge = await challenge_of(strict, admin)
    factor = await begun(strict, challenge)

    await change(service, admin)

    with pytest.raises(ChallengeEndedError):
        await begun(strict, challenge)
    with pytest.raises(ChallengeEndedError):
        await confirmed(service, strict, admin, challenge, factor)


@pytest.mark.requirement("MF-8")
async def test_a_session_of_one_factor_is_ended_for_good(
    service: Service, strict: Container
) -> None:
    token = (await service.logged_in(await service.added_user(role=Role.ADMIN))).tokens.refresh
    command = RefreshCommand(presented=service.decoded(token), source=SOURCE)

    with pytest.raises(SessionEndedError) as refused:
        await strict.refresh()(command)

    assert refused.value.reason is EndReason.REVOKED
    assert await service.end_reason_of(token) is EndReason.REVOKED
    [event] = await service.events(AuditAction.SESSION_ENDED)
    assert event.detail == {"reason": "revoked"}
