"""Which changes users are told about, and that a login that needs no notice writes none."""

from dataclasses import replace

import pytest

from latchkey.application.administration.change_user import ChangeUserCommand
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.mail.mail import Mail, MailKind
from latchkey.testing.factories import SOURCE
from unit.application.service import NEW, PASSWORD, Service

pytestmark = pytest.mark.anyio

ELSEWHERE = RequestSource(address="198.51.100.7", request_id="request-2")


def disabling(user: User) -> ChangeUserCommand:
    return ChangeUserCommand(by=None, user_id=user.id, disabled=True, source=SOURCE)


async def written(service: Service) -> list[Mail]:
    """Return the mails that wait, oldest first."""
    now = service.clock.now()
    claims = await service.storage.outbox.claim(now, until=now, limit=100)
    return sorted((claim.mail for claim in claims), key=lambda mail: mail.id)


async def log_in(
    service: Service, user: User, *devices: str, source: RequestSource = SOURCE
) -> str:
    """Log in with device tokens, and return the one of the answer."""
    command = PasswordLoginCommand(
        email=user.email.text, password=PASSWORD, devices=devices, source=source
    )
    return (await service.login(command)).device


@pytest.mark.requirement("MA-4")
async def test_each_change_by_an_operator_is_told_to_the_stored_address(service: Service) -> None:
    user = await service.added_user()
    await service.added_user(role=Role.ADMIN)

    await service.set_password(user, NEW, SOURCE)
    await service.changed(user, role=Role.ADMIN)
    await service.changed(user, disabled=True)
    await service.changed(user, disabled=False)

    mails = await written(service)
    assert [mail.kind for mail in mails] == [
        MailKind.PASSWORD_CHANGED,
        MailKind.ROLE_CHANGED,
        MailKind.ACCOUNT_DISABLED,
        MailKind.ACCOUNT_ENABLED,
    ]
    assert mails[1].facts == {"role": "ADMIN"}
    assert {(mail.recipient, mail.user_id) for mail in mails} == {(user.email, user.id)}


async def test_a_sign_in_is_told_unless_it_carries_the_token_of_the_accounts_device(
    service: Service,
) -> None:
    user, other = await service.added_user(), await service.added_user()
    foreign = await log_in(service, other)
    before = await written(service)

    device = await log_in(service, user)
    await log_in(service, user, "no token", device, source=ELSEWHERE)
    await log_in(service, user, foreign, source=ELSEWHERE)

    told = [mail for mail in await written(service) if mail not in before]
    assert [(mail.kind, mail.user_id, mail.facts["address"]) for mail in told] == [
        (MailKind.NEW_SIGN_IN, user.id, SOURCE.address),
        (MailKind.NEW_SIGN_IN, user.id, ELSEWHERE.address),
    ]


async def test_a_device_from_before_the_password_was_set_is_not_known(service: Service) -> None:
    user = await service.added_user()
    device = await log_in(service, user)
    await service.set_password(user, PASSWORD, SOURCE)

    await log_in(service, user, device)

    told = [mail.kind for mail in await written(service)]
    assert told.count(MailKind.NEW_SIGN_IN) == 2


async def test_a_failed_login_is_told_to_nobody(service: Service) -> None:
    user = await service.added_user()
    await service.changed(user, disabled=True)
    before = await written(service)

    with pytest.raises(Exception, match=r"^$"):
        await log_in(service, user)

    assert await written(service) == before


async def test_no_sign_in_is_told_if_that_is_off(service: Service) -> None:
    user = await service.added_user()
    login = replace(
        service.login, open_session=replace(service.container.open_session(), notifies=False)
    )

    await login(PasswordLoginCommand(email=user.email.text, password=PASSWORD, source=SOURCE))

    assert await written(service) == []


@pytest.mark.parametrize("off", ["account", "address", "successes"])
async def test_without_a_limit_sign_ins_are_told_all_the_same(service: Service, off: str) -> None:
    service.limits = replace(service.limits, **{off: None})
    user = await service.added_user()

    device = await log_in(service, user)
    await log_in(service, user, device)

    assert len(await written(service)) == 1


async def test_a_deployment_without_mail_writes_none(service: Service) -> None:
    user = await service.added_user()
    off = replace(service.container.notices(), is_on=False)

    await replace(service.change_user, notices=off)(disabling(user))

    assert await written(service) == []


async def test_notices_are_in_the_deployments_language(service: Service) -> None:
    user = await service.added_user()
    german = replace(service.container.notices(), language="de")

    await replace(service.change_user, notices=german)(disabling(user))

    assert [mail.language for mail in await written(service)] == ["de"]
