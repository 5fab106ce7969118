"""What administrators leave behind when they change a user."""

import pytest

from latchkey.application.administration.change_user import ChangeUserCommand
from latchkey.application.administration.end_user_sessions import EndUserSessionsCommand
from latchkey.domain.accounts.errors import LastAdminError
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.errors import NotFoundError
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.testing.factories import SOURCE, UserFactory
from unit.application.service import Service

pytestmark = pytest.mark.anyio


async def administrator(service: Service) -> Principal:
    admin = await service.added_user(role=Role.ADMIN)
    return service.principal_of((await service.logged_in(admin)).tokens)


async def test_events_name_who_has_made_a_change(service: Service) -> None:
    by, user = await administrator(service), await service.added_user()

    await service.change_user(
        ChangeUserCommand(by=by, user_id=user.id, role=Role.ADMIN, disabled=True, source=SOURCE)
    )

    [role] = await service.events(AuditAction.ROLE_CHANGED)
    [disabled] = await service.events(AuditAction.USER_DISABLED)
    assert {event.user_id for event in (role, disabled)} == {user.id}
    assert role.detail == {"role": "ADMIN", "by": str(by.id)}
    assert disabled.detail == {"by": str(by.id)}


async def test_a_change_that_fails_leaves_nothing(service: Service) -> None:
    by = await administrator(service)

    with pytest.raises(LastAdminError):
        await service.change_user(
            ChangeUserCommand(by=by, user_id=by.id, role=Role.USER, source=SOURCE)
        )

    assert await service.events(AuditAction.ROLE_CHANGED) == ()


async def test_an_administrator_can_step_down_if_there_is_another(service: Service) -> None:
    by = await administrator(service)
    await service.added_user(role=Role.ADMIN)

    changed = await service.change_user(
        ChangeUserCommand(by=by, user_id=by.id, role=Role.USER, source=SOURCE)
    )

    assert changed.role is Role.USER


async def test_ended_sessions_name_who_has_ended_them_and_are_told_once(service: Service) -> None:
    by, user = await administrator(service), await service.added_user()
    sessions = [await service.logged_in(user) for _ in range(2)]
    await service.logged_out(sessions[0].tokens.refresh)

    for _ in range(2):
        await service.container.end_user_sessions()(
            EndUserSessionsCommand(by=by, user_id=user.id, chosen=None, source=SOURCE)
        )

    ended = [
        event.detail
        for event in await service.events(AuditAction.SESSION_ENDED)
        if event.detail["reason"] == "revoked"
    ]
    assert ended == [{"reason": "revoked", "by": str(by.id)}]
    now = service.clock.now()
    claims = await service.storage.outbox.claim(now, until=now, limit=100)
    told = [claim.mail for claim in claims if claim.mail.kind is MailKind.SESSIONS_ENDED]
    assert [mail.user_id for mail in told] == [user.id]


async def test_an_administrator_can_end_all_sessions_of_their_own(service: Service) -> None:
    by = await administrator(service)

    ended = await service.container.end_user_sessions()(
        EndUserSessionsCommand(by=by, user_id=by.id, chosen=None, source=SOURCE)
    )

    assert ended == 1
    with pytest.raises(AccessTokenStaleError):
        await service.current_user(by)


async def test_a_link_that_an_administrator_sends_names_them_in_the_log(service: Service) -> None:
    by, user = await administrator(service), await service.added_user()

    await service.container.send_reset()(by, user.id, SOURCE)

    [event] = await service.events(AuditAction.PASSWORD_RESET_REQUESTED)
    assert set(event.detail) == {"account_hash", "by"}
    assert event.detail["by"] == str(by.id)


async def test_who_is_not_there_gets_no_link(service: Service) -> None:
    by, nobody = await administrator(service), UserFactory.build()

    with pytest.raises(NotFoundError):
        await service.container.send_reset()(by, nobody.id, SOURCE)
