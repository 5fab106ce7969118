"""What a withdrawal of an invitation leaves behind."""

from uuid import uuid4

import pytest

from latchkey.application.registration.invite import InviteCommand
from latchkey.application.registration.withdraw_invitation import WithdrawInvitationCommand
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.testing.factories import SOURCE, UserFactory
from unit.application.service import PSEUDONYMS, Service

pytestmark = pytest.mark.anyio


async def administrator(service: Service) -> Principal:
    admin = await service.added_user(role=Role.ADMIN)
    return service.principal_of((await service.logged_in(admin)).tokens)


async def invited(service: Service, by: Principal, user: User) -> Link:
    command = InviteCommand(by=by, email=user.email.text, role=Role.USER, source=SOURCE)
    return await service.container.invite()(command)


async def withdraw(service: Service, by: Principal, link_id: LinkId) -> None:
    await service.container.withdraw_invitation()(
        WithdrawInvitationCommand(by=by, link_id=link_id, source=SOURCE)
    )


async def test_a_withdrawal_is_noted_once_without_the_address(service: Service) -> None:
    by, asked = await administrator(service), UserFactory.build()
    link = await invited(service, by, asked)

    for _ in range(2):
        await withdraw(service, by, link.id)
    await withdraw(service, by, LinkId(uuid4()))

    [event] = await service.events(AuditAction.INVITATION_WITHDRAWN)
    assert (event.user_id, event.source) == (None, SOURCE)
    assert event.detail == {
        "account_hash": PSEUDONYMS.of(asked.email.canonical),
        "by": str(by.id),
    }


async def test_a_withdrawn_invitation_is_not_sent_any_more(service: Service) -> None:
    by = await administrator(service)
    link = await invited(service, by, UserFactory.build())
    assert await service.container.prepare_link()(link.id) is not None

    await withdraw(service, by, link.id)

    assert await service.container.prepare_link()(link.id) is None


async def test_who_is_no_administrator_any_more_withdraws_nothing(service: Service) -> None:
    by = await administrator(service)
    link = await invited(service, by, UserFactory.build())
    await service.added_user(role=Role.ADMIN)
    await service.storage.users.set_role(by.id, Role.USER)

    with pytest.raises(AccessTokenStaleError):
        await withdraw(service, by, link.id)
    with pytest.raises(AccessTokenStaleError):
        await service.container.list_invitations()(by, after=None, limit=1)

    assert await service.storage.links.find(link.id) is not None
