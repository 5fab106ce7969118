"""Settings of access tokens, and the secrets that tokens are signed with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import ClassVar, Final

from typing_extensions import override

from latchkey.entrypoints.settings.kinds import TEXT, Kind, duration, utf8
from latchkey.entrypoints.settings.secret_quality import MIN_BYTES, fault_of, strong_fault_of
from latchkey.entrypoints.settings.variable import Change, Group, setting


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in utf8(text).split(",") if part.strip())


def _faults(
    secrets: tuple[str, ...], fault_of: Callable[[str], str | None] = fault_of
) -> Iterator[str]:
    if not secrets:
        yield "contains no secret"
    for place, secret in enumerate(secrets, start=1):
        if fault := fault_of(secret):
            yield f"secret {place} of {len(secrets)} {fault}" if secrets[1:] else fault


SECRETS: Final = Kind(
    form=f"at least {MIN_BYTES} random bytes, as `latchkey secrets` prints them",
    parse=_secrets,
    check=_faults,
)
STRONG_SECRETS: Final = replace(SECRETS, check=partial(_faults, fault_of=strong_fault_of))


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings(Group):
    """How tokens are signed. Of each list of secrets the first signs and all of them verify.

    Attributes:
        access_secrets: Empty only in development, which creates one at the first start.
        refresh_secrets: If empty, they are derived from `access_secrets`.
    """

    title: ClassVar[str] = "Tokens"

    access_secrets: tuple[str, ...] = setting(
        "JWT_SECRET",
        SECRETS,
        is_secret=True,
        production=Change(kind=STRONG_SECRETS, is_required=True),
        doc="Signs access tokens. May be a list, separated by commas, so that you can change"
        " secrets without rejecting tokens: the first signs, all of them verify. If unset: created"
        " at the first start, and kept in LATCHKEY_HOME.",
    )
    refresh_secrets: tuple[str, ...] = setting(
        "REFRESH_SECRET",
        SECRETS,
        is_secret=True,
        production=Change(kind=STRONG_SECRETS),
        doc="Signs refresh tokens. May be a list, too. If unset: derived from JWT_SECRET.",
    )
    access_lifetime: timedelta = setting(
        "JWT_ACCESS_TTL",
        duration(timedelta(seconds=1), timedelta(hours=1)),
        "15m",
        doc="The lifetime of an access token.",
    )
    issuer: str = setting("JWT_ISSUER", TEXT, "latchkey", doc="The claim `iss` of access tokens.")
    audience: str = setting(
        "JWT_AUDIENCE", TEXT, "latchkey", doc="The claim `aud` of access tokens."
    )

    @override
    def faults(self) -> Iterator[str]:
        if set(self.access_secrets) & set(self.refresh_secrets):
            yield "REFRESH_SECRET: is the same as JWT_SECRET; must be a different secret"
