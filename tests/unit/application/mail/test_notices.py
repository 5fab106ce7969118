"""Which changes users are told about, and that a login that needs no notice writes none."""

from dataclasses import replace

import pytest

from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.mail.mail import Mail, MailKind
from latchkey.domain.throttling.rate import Rate
from latchkey.testing.factories import SOURCE
from unit.application.service import HOUR, NEW, PASSWORD, Service

pytestmark = pytest.mark.anyio

ELSEWHERE = RequestSource(address="198.51.100.7", request_id="request-2")


async def written(service: Service) -> list[Mail]:
    """Return the mails that wait, oldest first."""
    now = service.clock.now()
    claims = await service.storage.outbox.claim(now, until=now, limit=100)
    return sorted((claim.mail for claim in claims), key=lambda mail: mail.id)


async def log_in(service: Service, user: User, source: RequestSource = SOURCE) -> None:
    await service.login(
        PasswordLoginCommand(email=user.email.text, password=PASSWORD, source=source)
    )


@pytest.mark.requirement("MA-4")
async def test_each_change_by_an_operator_is_told_to_the_stored_address(service: Service) -> None:
    user = await service.added_user()

    await service.set_password(user, NEW, SOURCE)
    await service.set_role(user.id, Role.ADMIN, SOURCE)
    await service.disable_user(user.id, SOURCE)
    await service.enable_user(user.id, SOURCE)

    mails = await written(service)
    assert [mail.kind for mail in mails] == [
        MailKind.PASSWORD_CHANGED,
        MailKind.ROLE_CHANGED,
        MailKind.ACCOUNT_DISABLED,
        MailKind.ACCOUNT_ENABLED,
    ]
    assert mails[1].facts == {"role": "ADMIN"}
    assert {(mail.recipient, mail.user_id) for mail in mails} == {(user.email, user.id)}


async def test_the_first_sign_in_from_an_address_is_told_and_no_further_one(
    service: Service,
) -> None:
    user = await service.added_user()

    for source in (SOURCE, SOURCE, ELSEWHERE, SOURCE, ELSEWHERE):
        await log_in(service, user, source)
        service.clock.move(HOUR)

    told = [(mail.kind, mail.facts["address"]) for mail in await written(service)]
    assert told == [
        (MailKind.NEW_SIGN_IN, SOURCE.address),
        (MailKind.NEW_SIGN_IN, ELSEWHERE.address),
    ]


async def test_a_failed_login_is_told_to_nobody(service: Service) -> None:
    user = await service.added_user()
    await service.disable_user(user.id, SOURCE)
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


async def test_without_a_limit_for_accounts_every_address_is_known(service: Service) -> None:
    service.limits = replace(service.limits, account=None)
    user = await service.added_user()

    await log_in(service, user)

    assert await written(service) == []


async def test_without_a_limit_for_addresses_sign_ins_are_still_told(service: Service) -> None:
    service.limits = replace(service.limits, address=None, account=Rate(count=9, period=HOUR))
    user = await service.added_user()

    for _ in range(2):
        await log_in(service, user)

    assert len(await written(service)) == 1


async def test_a_deployment_without_mail_writes_none(service: Service) -> None:
    user = await service.added_user()
    off = replace(service.container.notices(), is_on=False)

    await replace(service.disable_user, notices=off)(user.id, SOURCE)

    assert await written(service) == []


async def test_notices_are_in_the_deployments_language(service: Service) -> None:
    user = await service.added_user()
    german = replace(service.container.notices(), language="de")

    await replace(service.disable_user, notices=german)(user.id, SOURCE)

    assert [mail.language for mail in await written(service)] == ["de"]
