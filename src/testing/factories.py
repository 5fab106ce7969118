"""Makes test data. A test gives the values that matter to it; the others are made up."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from polyfactory import Use
from polyfactory.factories import DataclassFactory

from latchkey.adapters.idna import IdnaDomainNames
from latchkey.domain.accounts.email_address import EmailAddress, EmailAddressParser
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.user import Role, User, UserId
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event
from latchkey.domain.factors.authentication import Means
from latchkey.domain.factors.factor import TotpFactor, TotpSeed
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.links.link import Binding, Link
from latchkey.domain.links.link_token import LinkKind, LinkToken
from latchkey.domain.orders.order import Order, OrderId
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.frozen_clock import START

ABSOLUTE: Final = timedelta(days=30)
SOURCE: Final = RequestSource(address="192.0.2.1", request_id="request-1")


_ADDRESSES: Final = EmailAddressParser(domains=IdnaDomainNames())


def address(text: str) -> EmailAddress:
    """Parse an e-mail address as a login does."""
    return _ADDRESSES.parse(text)


class UserFactory(DataclassFactory[User]):
    """Makes enabled users with the role USER, each with a new e-mail address."""

    id = Use(lambda: UserId(new_id(START)))
    email = Use(lambda: address(f"{uuid4()}@example.org"))
    role = Role.USER
    created_at = START
    disabled_at = None


class OrderFactory(DataclassFactory[Order]):
    """Makes orders with random totals and states."""

    id = Use(lambda: OrderId(new_id(START)))
    total_cents = Use(lambda: secrets.randbelow(1_000_000))
    currency = "EUR"
    created_at = START


class PrincipalFactory(DataclassFactory[Principal]):
    """Makes principals whose `id` and `session_id` belong to no stored user or session."""

    email = "somebody@example.org"
    role = Role.USER
    means = Means.PASSWORD
    session_id = Use(lambda: SessionId(new_id(START)))


def password_hash() -> PasswordHash:
    """Make a unique password hash."""
    return PasswordHash(f"hash-{secrets.token_hex(8)}")


def refresh_token(
    now: datetime = START, *, generation: int = 0, absolute: timedelta = ABSOLUTE
) -> RefreshToken:
    """Make a refresh token of a new session that begins at an instant."""
    return RefreshToken.first(now, absolute).with_generation(generation)


def audit_event(
    at: datetime = START,
    action: AuditAction = AuditAction.LOGIN_SUCCEEDED,
    *,
    user_id: UserId | None = None,
    session_id: SessionId | None = None,
    **detail: str,
) -> AuditEvent:
    """Make an audit event."""
    return event(action, at, SOURCE, user_id=user_id, session_id=session_id, **detail)


def link(now: datetime = START, *, lifetime: timedelta = timedelta(hours=1)) -> Link:
    """Make a link to a new user's address, bound to the user and the first password."""
    user = UserFactory.build()
    binding = Binding(user_id=user.id, password_version=1)
    return replace(Link.ask(LinkKind.PASSWORD_RESET, user.email, now, lifetime), binding=binding)


def link_token(now: datetime = START) -> LinkToken:
    """Make the token of a new link that was asked for at an instant."""
    token = link(now).token
    assert token is not None
    return token


def totp_factor(at: datetime = START) -> TotpFactor:
    """Make a factor that is not confirmed, for no key."""
    return TotpFactor.begin(TotpSeed(key_id="key", nonce=secrets.token_bytes(16)), at)
