"""Settings of sessions and of the cookie that carries the refresh token."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from typing_extensions import override

from latchkey.domain.sessions.session import SessionPolicy
from latchkey.entrypoints.settings.kinds import BOOLEAN, Kind, always, duration, integer
from latchkey.entrypoints.settings.variable import Change, Group, setting

_MINUTE: Final = timedelta(minutes=1)
_YEAR: Final = timedelta(days=366)
_SECURE_PREFIX: Final = "__secure-"


def _cookie_name(text: str) -> str:
    is_token = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    if not is_token or text.lower().startswith("__host-"):
        raise ValueError(text)
    return text


COOKIE_NAME: Final = Kind(
    form="letters, digits, - and _, without the prefix __Host- (the cookie's path is not /)",
    parse=_cookie_name,
)
"""Source: RFC 6265bis, section 4.1.3: browsers drop a cookie that does not do what its prefix says.

`__Secure-` is possible, since the cookie can be `Secure`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings(Group):
    """How long sessions last, and how many there may be."""

    title: ClassVar[str] = "Sessions"

    idle: timedelta = setting(
        "JWT_REFRESH_TTL",
        duration(_MINUTE, _YEAR),
        "7d",
        doc="A session expires this long after its last refresh.",
    )
    absolute: timedelta = setting(
        "SESSION_MAX_AGE",
        duration(_MINUTE, _YEAR),
        "30d",
        doc="A session expires this long after its login.",
    )
    grace: timedelta = setting(
        "REFRESH_GRACE",
        duration(timedelta(0), _MINUTE),
        "10s",
        doc="How long a retired refresh token is still accepted as an honest retry.",
    )
    per_user: int = setting(
        "SESSIONS_PER_USER",
        integer(1, 10_000),
        "100",
        doc="The number of sessions that a user may have at once; one more ends the one that"
        " was not refreshed for the longest time.",
    )
    retention: timedelta = setting(
        "SESSION_RETENTION",
        duration(timedelta(0), 10 * _YEAR),
        "7d",
        doc="How long a session is kept after its absolute expiry, so that the service can still"
        " say why it ended.",
    )

    @property
    def policy(self) -> SessionPolicy:
        """These settings as the domain's policy for sessions."""
        return SessionPolicy(
            idle=self.idle, absolute=self.absolute, grace=self.grace, per_user=self.per_user
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieSettings(Group):
    """How browsers keep the refresh token."""

    title: ClassVar[str] = "Cookie"

    name: str = setting(
        "REFRESH_COOKIE_NAME",
        COOKIE_NAME,
        "refresh_token",
        production=Change(default="__Secure-refresh_token"),
        doc="The name of the refresh token's cookie. Browsers accept a name that begins with"
        " __Secure- over HTTPS only, so no sibling host can plant the cookie over plain HTTP.",
    )
    is_secure: bool = setting(
        "COOKIE_SECURE",
        BOOLEAN,
        "false",
        production=Change(default="true", kind=always(value=True, form="true in production")),
        doc="Whether the cookie is sent over HTTPS only. In production the service does not start"
        " with false.",
    )

    @property
    def has_secure_name(self) -> bool:
        """Whether browsers accept a cookie of this name only if it is secure."""
        return self.name.lower().startswith(_SECURE_PREFIX)

    @override
    def cautions(self) -> Iterator[str]:
        if not self.has_secure_name:
            yield (
                "REFRESH_COOKIE_NAME: does not begin with __Secure-, so a page of a sibling host"
                " can plant such a cookie over plain HTTP"
            )
