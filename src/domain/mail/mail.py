"""Mails: whom they go to, what they tell, and how long they are tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType
from uuid import UUID

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.kernel.identifier import new_id, time_of

MailId = NewType("MailId", UUID)


class MailKind(StrEnum):
    """What a mail is about."""

    TEST = "test"
    NEW_SIGN_IN = "new_sign_in"
    REGISTRATION = "registration"
    ALREADY_REGISTERED = "already_registered"
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a mail
    EMAIL_CHANGE = "email_change"
    ADDRESS_TAKEN = "address_taken"
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a mail
    SECOND_FACTOR_ADDED = "second_factor_added"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    SECOND_FACTORS_REMOVED = "second_factors_removed"
    RECOVERY_CODES_REPLACED = "recovery_codes_replaced"
    ROLE_CHANGED = "role_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    SESSIONS_ENDED = "sessions_ended"
    ACCOUNT_DELETED = "account_deleted"


FACTS: Final[Mapping[MailKind, frozenset[str]]] = MappingProxyType(
    {
        MailKind.TEST: frozenset(),
        MailKind.NEW_SIGN_IN: frozenset({"address"}),
        MailKind.REGISTRATION: frozenset(),
        MailKind.ALREADY_REGISTERED: frozenset(),
        MailKind.INVITATION: frozenset(),
        MailKind.PASSWORD_RESET: frozenset(),
        MailKind.EMAIL_CHANGE: frozenset(),
        MailKind.ADDRESS_TAKEN: frozenset(),
        MailKind.EMAIL_CHANGE_REQUESTED: frozenset({"new"}),
        MailKind.EMAIL_CHANGED: frozenset({"old", "new"}),
        MailKind.PASSWORD_CHANGED: frozenset(),
        MailKind.SECOND_FACTOR_ADDED: frozenset(),
        MailKind.PASSKEY_ADDED: frozenset(),
        MailKind.PASSKEY_REMOVED: frozenset(),
        MailKind.SECOND_FACTORS_REMOVED: frozenset(),
        MailKind.RECOVERY_CODES_REPLACED: frozenset(),
        MailKind.ROLE_CHANGED: frozenset({"role"}),
        MailKind.ACCOUNT_DISABLED: frozenset(),
        MailKind.ACCOUNT_ENABLED: frozenset(),
        MailKind.SESSIONS_ENDED: frozenset(),
        MailKind.ACCOUNT_DELETED: frozenset(),
    }
)
"""The names of the facts that each kind tells besides its time and its recipient."""

LINKED: Final = frozenset(
    {
        MailKind.PASSWORD_RESET,
        MailKind.REGISTRATION,
        MailKind.INVITATION,
        MailKind.EMAIL_CHANGE,
    }
)
"""The kinds whose mails have a link, which is computed when they are sent.

The identifier of such a mail is that of its link. Until then its recipient is the address that the
link was asked for, which may be nobody's.
"""

IF_TAKEN: Final[Mapping[MailKind, MailKind]] = MappingProxyType(
    {
        MailKind.REGISTRATION: MailKind.ALREADY_REGISTERED,
        MailKind.EMAIL_CHANGE: MailKind.ADDRESS_TAKEN,
    }
)
"""What is sent instead of a link to an address that is another user's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedLink:
    """A link as its mail tells it.

    Attributes:
        token: URL-safe characters; hidden in `repr`.
        expires_at: Aware UTC datetime.
    """

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as the outbox stores it: its kind and facts. The text is written when it is sent.

    Attributes:
        id: Sorts by creation, and tells when that was. It is the mail's `Message-ID`, too.
        language: A language tag, such as "en" (RFC 5646).
        recipient: The address as stored, to which alone the mail goes; see `LINKED`.
        user_id: The user whom the mail concerns, or None if there is none.
        facts: What the mail tells, by the names of `FACTS`. Derived by the service: never a link,
            a secret, or a text that a stranger chose, except for the hint of an address.
        give_up_at: When the mail is no longer worth sending, aware UTC datetime.
    """

    id: MailId
    kind: MailKind
    language: str
    recipient: EmailAddress = field(repr=False)
    user_id: UserId | None
    facts: Mapping[str, str]
    give_up_at: datetime

    @property
    def created_at(self) -> datetime:
        """When the mail was written, to the millisecond, aware UTC datetime."""
        return time_of(self.id)


def notice(
    kind: MailKind,
    user: User,
    at: datetime,
    *,
    language: str,
    lifetime: timedelta,
    **facts: str,
) -> Mail:
    """Write a mail that tells a user what happened to the account.

    Args:
        kind: What happened.
        user: Whom it happened to, as stored now.
        at: When it happened, aware UTC datetime.
        language: A language tag, such as "en".
        lifetime: How long the mail is tried, timedelta > 0.
        facts: What there is to tell.

    Raises:
        ValueError: The facts are not those of the kind: a programming error.
    """
    if facts.keys() != FACTS[kind]:
        raise ValueError(f"{kind} tells {sorted(FACTS[kind])}, not {sorted(facts)}")
    return Mail(
        id=MailId(new_id(at)),
        kind=kind,
        language=language,
        recipient=user.email,
        user_id=user.id,
        facts=facts,
        give_up_at=at + lifetime,
    )
