"""Links that make users: what is noted, and what happens while a password is hashed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from typing_extensions import override

from latchkey.application.links.prepare_link import PreparedLink
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.application.registration.complete_registration import CompleteRegistrationCommand
from latchkey.application.registration.invite import InviteCommand
from latchkey.domain.accounts.errors import PasswordHasherBusyError, RegistrationClosedError
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.registration import Registration
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.links.errors import LinkEndedError
from latchkey.domain.links.link import Invitation, Link
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkKind
from latchkey.testing.factories import SOURCE, UserFactory, password_hash
from latchkey.testing.fakes import FastPasswordHasher
from unit.application.service import PASSWORD, WRONG, Service

pytestmark = pytest.mark.anyio

NAME: Final = "Grace"
DAY: Final = timedelta(days=1)


def command(token: str, password: Password = PASSWORD) -> CompleteRegistrationCommand:
    return CompleteRegistrationCommand(token=token, name=NAME, password=password, source=SOURCE)


async def link_of(
    service: Service, user: User, by: User | None = None, role: Role = Role.USER
) -> str:
    """Keep a link to an address, and return its token."""
    invitation = Invitation(role=role, by=by.id) if by else None
    kind = LinkKind.INVITATION if by else LinkKind.REGISTRATION
    link = Link.ask(kind, user.email, service.clock.now(), DAY, invitation)
    await service.storage.links.add(link)
    token = link.token
    assert token is not None
    return service.container.link_codec().encode(token)


class Meanwhile(FastPasswordHasher):
    """Lets something happen while a password is hashed."""

    def __init__(self, act: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._act = act

    @override
    async def hash(self, password: Password) -> PasswordHash:
        hashed = await super().hash(password)
        await self._act()
        return hashed


async def test_a_new_user_is_noted_with_the_link(service: Service) -> None:
    admin, asked = await service.added_user(role=Role.ADMIN), UserFactory.build()
    done = await service.container.complete_registration()(
        command(await link_of(service, asked, admin, Role.ADMIN))
    )
    user = done.user

    [event] = await service.events()
    assert (user.email, user.name, user.role) == (asked.email, NAME, Role.ADMIN)
    assert (event.action, event.user_id) == (AuditAction.USER_REGISTERED, user.id)
    assert {**event.detail, "link": ""} == {
        "kind": "invitation",
        "link": "",
        "role": "ADMIN",
        "by": str(admin.id),
    }


@pytest.mark.requirement("RG-3", "RG-5")
@pytest.mark.parametrize("change", ["taken", "demoted", "disabled"])
async def test_whatever_changes_while_the_password_is_hashed_keeps_the_link_from_being_used(
    service: Service, change: str
) -> None:
    await service.added_user(role=Role.ADMIN)
    admin, asked = await service.added_user(role=Role.ADMIN), UserFactory.build()
    token = await link_of(service, asked, admin, Role.ADMIN)
    users = service.storage.users
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "taken": lambda: users.add(UserFactory.build(email=asked.email), password_hash()),
        "demoted": lambda: users.set_role(admin.id, Role.USER),
        "disabled": lambda: users.disable(admin.id, service.clock.now()),
    }
    complete = replace(service.container.complete_registration(), hasher=Meanwhile(acts[change]))

    with pytest.raises(LinkEndedError) as ended:
        await complete(command(token))

    expected = LinkEnd.SUPERSEDED if change == "taken" else LinkEnd.WITHDRAWN
    assert ended.value.reason is expected
    [event] = await service.events()
    assert (event.action, event.detail["reason"]) == (AuditAction.LINK_REFUSED, expected)


@pytest.mark.requirement("RG-3")
async def test_the_same_request_while_the_password_is_hashed_gets_the_same_response(
    service: Service,
) -> None:
    token = await link_of(service, UserFactory.build())
    made: list[User] = []

    async def complete() -> None:
        made.append((await service.container.complete_registration()(command(token))).user)

    again = await replace(service.container.complete_registration(), hasher=Meanwhile(complete))(
        command(token)
    )

    assert made == [again.user]
    assert await service.actions() == [AuditAction.LINK_REPEATED, AuditAction.USER_REGISTERED]


async def test_an_attempt_that_finds_the_hasher_busy_leaves_the_link_good(
    service: Service,
) -> None:
    token = await link_of(service, UserFactory.build())

    async def busy() -> None:
        raise PasswordHasherBusyError(timedelta(seconds=1))

    complete = replace(service.container.complete_registration(), hasher=Meanwhile(busy))
    for _ in range(30):
        with pytest.raises(PasswordHasherBusyError):
            await complete(command(token))

    assert (await service.container.complete_registration()(command(token))).user.name == NAME


async def test_another_password_after_the_use_is_noted_and_refused(service: Service) -> None:
    token = await link_of(service, UserFactory.build())
    user = (await service.container.complete_registration()(command(token))).user

    with pytest.raises(LinkEndedError) as ended:
        await service.container.complete_registration()(command(token, WRONG))

    [refused] = await service.events(AuditAction.LINK_REFUSED)
    assert ended.value.reason is LinkEnd.USED
    assert (refused.user_id, refused.detail["kind"]) == (user.id, "registration")


@pytest.mark.requirement("RG-4")
@pytest.mark.parametrize(
    ("registration", "invites", "is_open"),
    [
        (Registration.OPEN, False, True),
        (Registration.OPEN, True, True),
        (Registration.INVITATION, False, False),
        (Registration.INVITATION, True, True),
        (Registration.OFF, False, False),
        (Registration.OFF, True, False),
    ],
)
async def test_links_that_were_sent_are_good_only_as_registration_allows(
    service: Service,
    registration: Registration,
    invites: bool,  # noqa: FBT001 - given by pytest
    is_open: bool,  # noqa: FBT001 - given by pytest
) -> None:
    admin, asked = await service.added_user(role=Role.ADMIN), UserFactory.build()
    token = await link_of(service, asked, admin if invites else None)
    complete = replace(service.container.complete_registration(), registration=registration)

    if is_open:
        assert (await complete(command(token))).user.email == asked.email
    else:
        with pytest.raises(RegistrationClosedError):
            await complete(command(token))
        assert await service.storage.users.by_email(asked.email) is None


async def test_an_invitation_is_noted_without_its_address(service: Service) -> None:
    admin, asked = await service.added_user(role=Role.ADMIN), UserFactory.build()
    signed_in = await service.logged_in(admin)
    by = service.principal_of(signed_in.tokens)

    link = await service.container.invite()(
        InviteCommand(by=by, email=asked.email.text, role=Role.USER, source=SOURCE)
    )

    [event] = await service.events(AuditAction.INVITATION_SENT)
    assert (event.user_id, event.source) == (None, SOURCE)
    assert set(event.detail) == {"account_hash", "role", "by"}
    assert (event.detail["role"], event.detail["by"]) == ("USER", str(admin.id))
    assert asked.email.canonical not in str(event)
    assert link.invitation == Invitation(role=Role.USER, by=admin.id)


async def test_who_asked_has_no_say_in_what_is_made(service: Service) -> None:
    asked = UserFactory.build()
    await service.container.request_registration()(
        RequestLinkCommand(email=asked.email.text, source=SOURCE)
    )

    assert await service.storage.users.by_email(asked.email) is None


@pytest.mark.requirement("RG-5")
async def test_an_operators_invitation_to_be_an_administrator_stays_good(service: Service) -> None:
    asked = UserFactory.build()
    link = await service.container.invite()(
        InviteCommand(by=None, email=asked.email.text, role=Role.ADMIN, source=SOURCE)
    )
    prepared = await service.container.prepare_link()(link.id)
    assert isinstance(prepared, PreparedLink)

    done = await service.container.complete_registration()(command(prepared.token))

    [sent] = await service.events(AuditAction.INVITATION_SENT)
    [registered] = await service.events(AuditAction.USER_REGISTERED)
    assert (done.user.email, done.user.role) == (asked.email, Role.ADMIN)
    assert {sent.detail["by"], registered.detail["by"]} == {"command line"}


async def test_operators_invite_as_many_as_they_like(service: Service) -> None:
    asked = UserFactory.build()

    for _ in range(30):
        await service.container.invite()(
            InviteCommand(by=None, email=asked.email.text, role=Role.USER, source=SOURCE)
        )

    assert len(await service.events(AuditAction.INVITATION_SENT)) == 30
