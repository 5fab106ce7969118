"""When a test mail is written, and when not."""

from dataclasses import replace

import pytest

from latchkey.application.administration.send_test_mail import SendTestMailCommand
from latchkey.domain.accounts.user import Role
from latchkey.domain.mail.errors import MailDisabledError
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.mail.queue import MailStatus
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.testing.factories import SOURCE
from unit.application.service import Service

pytestmark = pytest.mark.anyio


async def administrator(service: Service) -> Principal:
    admin = await service.added_user(role=Role.ADMIN)
    return service.principal_of((await service.logged_in(admin)).tokens)


async def tests_written(service: Service) -> list[str]:
    page = await service.storage.mail_queue.page(MailStatus.WAITING, after=None, limit=100)
    return [row.mail.recipient.text for row in page.items if row.mail.kind is MailKind.TEST]


async def test_a_test_mail_goes_into_the_outbox(service: Service) -> None:
    by = await administrator(service)

    await service.container.send_test_mail()(
        SendTestMailCommand(by=by, email="Ada@example.org", source=SOURCE)
    )

    assert await tests_written(service) == ["Ada@example.org"]


async def test_without_mail_there_is_no_test_mail(service: Service) -> None:
    by = await administrator(service)
    send = replace(service.container.send_test_mail(), has_mail=False)

    with pytest.raises(MailDisabledError):
        await send(SendTestMailCommand(by=by, email="ada@example.org", source=SOURCE))

    assert await tests_written(service) == []


async def test_who_is_no_administrator_any_more_sends_and_sees_none(service: Service) -> None:
    by = await administrator(service)
    await service.added_user(role=Role.ADMIN)
    await service.storage.users.set_role(by.id, Role.USER)

    with pytest.raises(AccessTokenStaleError):
        await service.container.send_test_mail()(
            SendTestMailCommand(by=by, email="ada@example.org", source=SOURCE)
        )
    with pytest.raises(AccessTokenStaleError):
        await service.container.list_mails()(by, MailStatus.WAITING, after=None, limit=1)

    assert await tests_written(service) == []
