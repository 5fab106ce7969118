"""Link tokens, and the port that encodes and decodes them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

LinkId = NewType("LinkId", UUID)


class LinkKind(StrEnum):
    """What a link is for."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a kind
    REGISTRATION = "registration"
    INVITATION = "invitation"
    EMAIL_CHANGE = "email_change"

    @property
    def makes_user(self) -> bool:
        """Whether there is no user yet, and using the link makes one."""
        return self in {LinkKind.REGISTRATION, LinkKind.INVITATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkToken:
    """The content of the token in a link. It is computed when its mail is sent, never stored.

    Attributes:
        password_version: That of the user whom the link is bound to, 0 to 2^32 - 1; 0 if the link
            makes a user.
        expires_at: Aware UTC, whole seconds.
        secret: 16 random bytes; hidden in `repr`.
    """

    kind: LinkKind
    link_id: LinkId
    password_version: int
    expires_at: datetime
    secret: bytes = field(repr=False)


class LinkTokenCodec(ABC):
    """Encodes and decodes link tokens."""

    @abstractmethod
    def encode(self, token: LinkToken) -> str:
        """Encode a token and authenticate it with the current key.

        Returns:
            100 URL-safe characters, always the same for the same token and key.
        """

    @abstractmethod
    def decode(self, encoded: str, now: datetime) -> LinkToken:
        """Decode and verify a token, without storage.

        Args:
            encoded: What the client presented; may be any text.
            now: The time at which the token must not have expired, aware UTC.

        Raises:
            LinkInvalidError: The text differs in any bit from what `encode` creates with one of
                the keys.
            LinkEndedError: The token is genuine, but has expired.
        """
