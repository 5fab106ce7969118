"""Links and users that the tests of their meaning begin with."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role
from latchkey.domain.links.link import Binding, FoundLink, Invitation, Link
from latchkey.domain.links.link_token import LinkKind, LinkToken
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START

HOUR: Final = timedelta(hours=1)
MICROSECOND: Final = timedelta(microseconds=1)
USER: Final = UserFactory.build()
UNBOUND: Final = Link.ask(LinkKind.PASSWORD_RESET, USER.email, START, HOUR)
BOUND: Final = replace(UNBOUND, binding=Binding(user_id=USER.id, password_version=7))
TOKEN: Final = LinkToken(
    kind=LinkKind.PASSWORD_RESET,
    link_id=UNBOUND.id,
    password_version=7,
    expires_at=UNBOUND.expires_at,
    secret=UNBOUND.secret,
)
CREDENTIAL: Final = PasswordCredential(user=USER, password_hash=password_hash(), password_version=7)
DISABLED: Final = replace(USER, disabled_at=START)
MOVED: Final = replace(USER, email=address("moved@example.org"))


ADMIN_ID: Final = UserFactory.build().id
REGISTRATION: Final = Link.ask(LinkKind.REGISTRATION, USER.email, START, HOUR)
INVITATIONS: Final = {
    role: Link.ask(LinkKind.INVITATION, USER.email, START, HOUR, Invitation(role=role, by=ADMIN_ID))
    for role in Role
}


def found(link: Link = BOUND, **changes: Any) -> FoundLink:  # noqa: ANN401 - whatever the field holds
    """Return a link with its user."""
    return FoundLink(link=link, credential=replace(CREDENTIAL, **changes))


def used(version: int = 8) -> Link:
    """Return a link that was used."""
    return replace(BOUND, result_version=version)
