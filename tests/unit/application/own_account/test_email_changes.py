"""Changes of an address: what is noted, and what happens while a password is checked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from typing_extensions import override

from latchkey.application.links.prepare_link import AddressTaken, PreparedLink
from latchkey.application.own_account.change_email import ChangeEmailCommand, EmailChanged
from latchkey.application.own_account.request_email_change import RequestEmailChangeCommand
from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.accounts.errors import (
    EmailTakenError,
    PasswordHasherBusyError,
    PasswordIncorrectError,
)
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.links.errors import LinkEndedError
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.mail.errors import MailDisabledError
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.testing.factories import SOURCE, UserFactory, address, password_hash
from latchkey.testing.fakes import FastPasswordHasher
from latchkey.testing.ports.stored_links import new_email_change
from unit.application.service import PASSWORD, PSEUDONYMS, WRONG, Service

pytestmark = pytest.mark.anyio

WANTED: Final = address("wanted@example.org")
MANY: Final = 30  # more than the limit


class Meanwhile(FastPasswordHasher):
    """Lets something happen while a password is checked."""

    def __init__(self, act: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._act = act

    @override
    async def verify(
        self, password: Password, expected: PasswordHash | None, clients: Sequence[str] = ()
    ) -> bool:
        is_right = await super().verify(password, expected, clients)
        await self._act()
        return is_right


def asking(
    service: Service, own: LoggedIn, email: str = WANTED.text, password: Password = PASSWORD
) -> RequestEmailChangeCommand:
    by = service.principal_of(own.tokens)
    return RequestEmailChangeCommand(by=by, email=email, current=password, source=SOURCE)


async def change_of(service: Service, user: User) -> Link:
    found = await service.storage.user_links.change_of(user.id)
    assert found is not None
    return found.link


async def token_of(service: Service, user: User) -> str:
    """Keep a link to the wanted address, and return its token."""
    link = new_email_change(user, WANTED, service.clock.now())
    await service.storage.links.add(link)
    token = link.token
    assert token is not None
    return service.container.link_codec().encode(token)


async def change(service: Service, token: str, password: Password = PASSWORD) -> EmailChanged:
    command = ChangeEmailCommand(token=token, password=password, source=SOURCE)
    return await service.container.change_email()(command)


async def test_a_request_is_noted_without_the_address(service: Service) -> None:
    own = await service.logged_in()

    await service.container.request_email_change()(asking(service, own))

    [event] = await service.events(AuditAction.EMAIL_CHANGE_REQUESTED)
    link = await change_of(service, own.user)
    assert (event.user_id, event.source) == (own.user.id, SOURCE)
    assert event.session_id == service.principal_of(own.tokens).session_id
    assert event.detail == {"link": str(link.id), "new_hash": PSEUDONYMS.of(WANTED.canonical)}
    assert link.email == WANTED
    lifetime = link.expires_at - service.clock.now()
    assert timedelta(hours=23, minutes=59) < lifetime <= timedelta(hours=24)


async def test_a_change_is_noted_with_hashes_of_both_addresses(service: Service) -> None:
    user = await service.added_user()

    changed = await change(service, await token_of(service, user))

    [event] = await service.events(AuditAction.EMAIL_CHANGED)
    assert changed.user == replace(user, email=WANTED)
    assert event.user_id == user.id
    assert {**event.detail, "link": ""} == {
        "link": "",
        "old_hash": PSEUDONYMS.of(user.email.canonical),
        "new_hash": PSEUDONYMS.of(WANTED.canonical),
    }


async def test_a_withdrawal_is_noted_if_there_was_something_to_withdraw(service: Service) -> None:
    own = await service.logged_in()
    by, cancel = service.principal_of(own.tokens), service.container.cancel_email_change()
    await cancel(by, SOURCE)
    await service.container.request_email_change()(asking(service, own))

    await cancel(by, SOURCE)

    [event] = await service.events(AuditAction.EMAIL_CHANGE_WITHDRAWN)
    assert (event.user_id, event.session_id) == (own.user.id, by.session_id)


async def test_a_wrong_password_is_noted_with_the_session_or_the_link(service: Service) -> None:
    own = await service.logged_in()
    token = await token_of(service, own.user)

    with pytest.raises(PasswordIncorrectError):
        await service.container.request_email_change()(asking(service, own, password=WRONG))
    with pytest.raises(PasswordIncorrectError):
        await change(service, token, WRONG)

    by_link, by_session = await service.events(AuditAction.PASSWORD_ATTEMPT_FAILED)
    link = await change_of(service, own.user)
    assert {by_link.user_id, by_session.user_id} == {own.user.id}
    sessions = {by_link.session_id, by_session.session_id}
    assert sessions == {None, service.principal_of(own.tokens).session_id}
    assert {**by_link.detail, **by_session.detail} == {"link": str(link.id)}


async def test_a_service_without_mail_changes_no_address(service: Service) -> None:
    own = await service.logged_in()
    request = replace(service.container.request_email_change(), has_mail=False)

    with pytest.raises(MailDisabledError):
        await request(asking(service, own))


async def test_a_session_that_ends_while_the_password_is_checked_asks_for_nothing(
    service: Service,
) -> None:
    own = await service.logged_in()
    hasher = Meanwhile(lambda: service.logged_out(own.tokens.refresh))
    checking = replace(service.container.current_password(), hasher=hasher)
    request = replace(service.container.request_email_change(), current_password=checking)

    with pytest.raises(AccessTokenStaleError):
        await request(asking(service, own))

    assert await service.storage.user_links.change_of(own.user.id) is None


async def test_a_link_stands_on_the_password_that_was_checked(service: Service) -> None:
    own = await service.logged_in()
    credentials = service.storage.password_credentials
    hasher = Meanwhile(lambda: credentials.change_password(own.user.id, password_hash()))
    checking = replace(service.container.current_password(), hasher=hasher)
    request = replace(service.container.request_email_change(), current_password=checking)

    await request(asking(service, own))

    link = await change_of(service, own.user)
    assert await service.container.prepare_link()(link.id) is None


@pytest.mark.requirement("EC-3", "EC-4")
@pytest.mark.parametrize("what", ["password", "disabled", "withdrawn", "taken"])
async def test_whatever_changes_while_the_password_is_checked_keeps_the_link_from_being_used(
    service: Service, what: str
) -> None:
    user, storage = await service.added_user(), service.storage
    token = await token_of(service, user)
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "password": lambda: storage.password_credentials.change_password(user.id, password_hash()),
        "disabled": lambda: storage.users.disable(user.id, service.clock.now()),
        "withdrawn": lambda: storage.user_links.withdraw_changes(user.id),
        "taken": lambda: storage.users.add(UserFactory.build(email=WANTED), password_hash()),
    }
    service.hasher = Meanwhile(acts[what])

    with pytest.raises(EmailTakenError if what == "taken" else LinkEndedError) as ended:
        await change(service, token)

    if isinstance(ended.value, LinkEndedError):
        is_gone = what == "withdrawn"
        assert ended.value.reason is (LinkEnd.WITHDRAWN if is_gone else LinkEnd.SUPERSEDED)
    assert await storage.users.by_email(user.email) is not None
    assert await service.events(AuditAction.EMAIL_CHANGED) == ()


async def test_a_link_to_an_address_that_is_taken_stays_good(service: Service) -> None:
    user, storage = await service.added_user(), service.storage
    token, holder = await token_of(service, user), UserFactory.build(email=WANTED)
    await storage.users.add(holder, password_hash())
    with pytest.raises(EmailTakenError):
        await change(service, token)
    await storage.users.set_email(holder.id, address("elsewhere@example.org"))

    changed = await change(service, token)

    assert changed.user.email == WANTED


async def test_attempts_that_find_the_hasher_busy_do_not_count(service: Service) -> None:
    own = await service.logged_in()
    token = await token_of(service, own.user)
    service.hasher.is_busy = True
    for _ in range(MANY):
        with pytest.raises(PasswordHasherBusyError):
            await service.container.request_email_change()(asking(service, own))
        with pytest.raises(PasswordHasherBusyError):
            await change(service, token)
    service.hasher.is_busy = False

    assert (await change(service, token)).user.email == WANTED


async def test_what_is_sent_depends_on_who_has_the_address(service: Service) -> None:
    own, holder = await service.logged_in(), await service.added_user()
    prepare = service.container.prepare_link()
    sent = []
    for email in (WANTED, own.user.email, holder.email):
        await service.container.request_email_change()(asking(service, own, email.text))
        sent.append(await prepare((await change_of(service, own.user)).id))

    free, same, taken = sent
    assert isinstance(free, PreparedLink)
    assert isinstance(same, PreparedLink)
    assert (free.user, free.email, same.email) == (own.user, WANTED, own.user.email)
    assert taken == AddressTaken(user=holder)
