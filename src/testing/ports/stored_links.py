"""Links for the suite of their repository."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.links.link import (
    Binding,
    FoundLink,
    Invitation,
    Link,
)
from latchkey.domain.links.link_token import LinkId, LinkKind
from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START

HOUR: Final = timedelta(hours=1)
MILLISECOND: Final = timedelta(milliseconds=1)


def new_link(user: User, at: datetime = START) -> Link:
    """Ask for a link to a user's address."""
    return Link.ask(LinkKind.PASSWORD_RESET, user.email, at, HOUR)


async def added_link(storage: Storage, user: User, at: datetime = START) -> Link:
    """Store a link to a user's address."""
    link = new_link(user, at)
    await storage.links.add(link)
    return link


def new_registration(user: User, at: datetime = START) -> Link:
    """Ask for a link that makes a user with this user's address."""
    return Link.ask(LinkKind.REGISTRATION, user.email, at, HOUR)


def new_invitation(
    user: User, by: User | None, role: Role = Role.USER, at: datetime = START
) -> Link:
    """Invite somebody with this user's address, as an administrator or as an operator."""
    invitation = Invitation(role=role, by=by.id if by else None)
    return Link.ask(LinkKind.INVITATION, user.email, at, HOUR, invitation)


def new_email_change(user: User, email: EmailAddress, at: datetime = START) -> Link:
    """Ask for a link that gives a user another address."""
    asked = Link.ask(LinkKind.EMAIL_CHANGE, email, at, HOUR)
    return replace(asked, binding=Binding(user_id=user.id, password_version=1))


async def stored(storage: Storage, link: Link) -> Link:
    """Store a link."""
    await storage.links.add(link)
    return link


async def bound_link(storage: Storage, user: User) -> Link:
    """Store a link, and bind it to its user."""
    link = await added_link(storage, user)
    await storage.links.bind(link.id)
    return (await found_link(storage, link.id)).link


async def found_link(storage: Storage, link_id: LinkId) -> FoundLink:
    """Return a link that is there."""
    found = await storage.links.find(link_id)
    assert found is not None
    return found
