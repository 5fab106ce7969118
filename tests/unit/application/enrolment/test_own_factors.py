"""What changes of second factors note, and what they need of the deployment."""

from dataclasses import replace
from datetime import timedelta

import pytest
from dependency_injector import providers

from latchkey.adapters.factor_keys import HmacFactorKeys
from latchkey.application.enrolment.confirm_totp import ConfirmTotpCommand, FactorsChanged
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.errors import FactorNotFoundError, SecondFactorsDisabledError
from latchkey.domain.factors.factor import TotpFactor
from latchkey.domain.factors.totp import step_at, totp
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.mail.mail import MailKind
from latchkey.testing.factories import SOURCE
from unit.application.service import Service

pytestmark = pytest.mark.anyio

FIREFOX = "Firefox on Linux"
HALF = timedelta(minutes=2, seconds=30)
SECOND = timedelta(seconds=1)


def wanted(service: Service, tokens: TokenPair) -> ChangeFactorsCommand:
    return ChangeFactorsCommand(by=service.principal_of(tokens), device_name=FIREFOX, source=SOURCE)


async def enrolled(service: Service, user: User) -> FactorsChanged:
    """Add an app to a user, as a signed-in one does."""
    use_cases = service.container.factor_use_cases()
    command = wanted(service, (await service.logged_in(user)).tokens)
    begun = await use_cases.begin_totp(command)
    found = await service.storage.factors.find(user.id)
    assert found is not None
    assert found.pending is not None
    secret = service.container.factor_keys().totp_secret(user.id, found.pending.seed)
    assert secret is not None
    return await use_cases.confirm_totp(
        ConfirmTotpCommand(
            by=command.by,
            device_name=FIREFOX,
            source=SOURCE,
            factor_id=begun.id,
            typed=totp(secret, step_at(service.clock.now())),
        )
    )


async def told(service: Service) -> list[MailKind]:
    now = service.clock.now()
    claims = await service.storage.outbox.claim(now, until=now, limit=100)
    mails = sorted((claim.mail for claim in claims), key=lambda mail: mail.id)
    return [mail.kind for mail in mails if mail.kind is not MailKind.NEW_SIGN_IN]


async def test_each_change_is_noted_with_its_session_and_its_device(service: Service) -> None:
    user = await service.added_user()
    use_cases = service.container.factor_use_cases()

    added = await enrolled(service, user)
    replaced = await use_cases.replace_codes(wanted(service, added.tokens))
    await use_cases.remove_factors(wanted(service, replaced.tokens))

    by = {
        AuditAction.RECOVERY_CODES_REPLACED: added.tokens,
        AuditAction.SECOND_FACTORS_REMOVED: replaced.tokens,
    }
    for action, tokens in by.items():
        [event] = await service.events(action)
        assert event.user_id == user.id
        assert event.session_id == service.principal_of(tokens).session_id
    [event] = await service.events(AuditAction.SECOND_FACTOR_ADDED)
    assert event.user_id == user.id
    opened = (await service.events(AuditAction.LOGIN_SUCCEEDED))[1:]
    ways = ["password_and_code", "password_and_code", "password"]
    assert [event.detail for event in opened] == [
        {"device": FIREFOX, "signed_in_with": way} for way in ways
    ]
    ended = await service.events(AuditAction.SESSION_ENDED)
    assert [event.detail for event in ended] == [{"reason": "revoked"}] * 3


async def test_a_wrong_code_in_a_confirmation_is_noted_as_at_a_login(service: Service) -> None:
    user = await service.added_user()
    use_cases = service.container.factor_use_cases()
    command = wanted(service, (await service.logged_in(user)).tokens)
    begun = await use_cases.begin_totp(command)

    with pytest.raises(InvalidInputError):
        await use_cases.confirm_totp(
            ConfirmTotpCommand(by=command.by, source=SOURCE, factor_id=begun.id, typed="any text")
        )

    [event] = await service.events(AuditAction.SECOND_FACTOR_FAILED)
    assert (event.user_id, event.session_id) == (user.id, command.by.session_id)
    assert event.detail == {"factor": "totp"}


async def test_a_session_that_replaces_another_ends_when_that_one_would_have_ended(
    service: Service,
) -> None:
    added = await enrolled(service, await service.added_user())
    before = (await service.session_of(added.tokens.refresh)).session
    service.clock.move(HALF)

    replaced = await service.container.factor_use_cases().replace_codes(
        wanted(service, added.tokens)
    )

    after = (await service.session_of(replaced.tokens.refresh)).session
    assert abs(after.expires_at - before.expires_at) < SECOND
    assert after.rotated_at == service.clock.now()


async def test_an_operator_resets_factors_once_and_tells_the_user(service: Service) -> None:
    user = await service.added_user()
    added = await enrolled(service, user)
    reset = service.container.reset_factors()

    results = [await reset(user, SOURCE) for _ in range(2)]

    assert results == [True, False]
    [event] = await service.events(AuditAction.SECOND_FACTORS_REMOVED)
    assert (event.user_id, event.session_id) == (user.id, None)
    assert await service.end_reason_of(added.tokens.refresh) is not None
    assert await told(service) == [MailKind.SECOND_FACTOR_ADDED, MailKind.SECOND_FACTORS_REMOVED]


async def test_without_a_secret_nothing_can_be_added_and_what_is_there_can_be_removed(
    service: Service,
) -> None:
    user = await service.added_user()
    added = await enrolled(service, user)
    service.container.factor_keys.override(providers.Object(HmacFactorKeys([])))
    service.container.factor_use_cases.reset()
    use_cases = service.container.factor_use_cases()
    command = wanted(service, added.tokens)

    with pytest.raises(SecondFactorsDisabledError):
        await use_cases.begin_totp(command)
    with pytest.raises(SecondFactorsDisabledError):
        await use_cases.replace_codes(command)
    await use_cases.remove_factors(command)

    found = await service.storage.factors.find(user.id)
    assert found is not None
    assert found.answers == frozenset()


async def test_an_app_whose_key_is_gone_is_not_found(service: Service) -> None:
    user = await service.added_user()
    tokens = (await service.logged_in(user)).tokens
    use_cases = service.container.factor_use_cases()
    begun = await use_cases.begin_totp(wanted(service, tokens))
    found = await service.storage.factors.find(user.id)
    assert found is not None
    assert found.pending is not None
    gone: TotpFactor = replace(found.pending, seed=replace(found.pending.seed, key_id="gone"))
    await service.storage.factors.enrol(user.id, gone)

    with pytest.raises(FactorNotFoundError):
        await use_cases.confirm_totp(
            ConfirmTotpCommand(
                by=service.principal_of(tokens), source=SOURCE, factor_id=begun.id, typed="000000"
            )
        )
