"""Settings of access tokens, and the secrets and keys that tokens are signed with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import ClassVar, Final
from urllib.parse import urlsplit

from typing_extensions import override

from latchkey.entrypoints.settings.kinds import NAMES, TEXT, Kind, duration, utf8
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


def _keys(text: str) -> tuple[Mapping[str, object], ...]:
    if not text:
        return ()
    from latchkey.adapters.keys import (  # noqa: PLC0415 - cryptography comes with it
        key_file,
    )

    return key_file.read(text)


def _key_faults(keys: tuple[Mapping[str, object], ...]) -> Iterable[str]:
    from latchkey.adapters.keys import (  # noqa: PLC0415 - as above
        key_file,
    )

    return key_file.faults_of(keys)


KEYS: Final = Kind(
    form="a JWK Set of private keys, as `latchkey keys new` writes it",
    parse=_keys,
    check=_key_faults,
)
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
        access_secrets: Empty in development, which creates one at the first start, and where
            there are `keys`.
        refresh_secrets: If empty, they are derived from `access_secrets`.
        keys: JWKs of private keys that sign access tokens instead; empty for none.
        audiences: Other services that clients can get a token for.
    """

    title: ClassVar[str] = "Tokens"

    access_secrets: tuple[str, ...] = setting(
        "JWT_SECRET",
        SECRETS,
        is_secret=True,
        production=Change(
            kind=STRONG_SECRETS, is_required=True, or_else=("JWT_KEYS", "JWT_KEYS_FILE")
        ),
        doc="Signs access tokens, unless JWT_KEYS does. May be a list, separated by commas, so that"
        " you can change secrets without rejecting tokens: the first signs, all of them verify. If"
        " unset: created at the first start, and kept in LATCHKEY_HOME.",
    )
    refresh_secrets: tuple[str, ...] = setting(
        "REFRESH_SECRET",
        SECRETS,
        is_secret=True,
        production=Change(kind=STRONG_SECRETS),
        doc="Signs refresh tokens. May be a list, too. If unset: derived from JWT_SECRET.",
    )
    keys: tuple[Mapping[str, object], ...] = setting(
        "JWT_KEYS",
        KEYS,
        is_secret=True,
        doc="Private keys that sign access tokens, so that other services can verify them without"
        " being able to sign: `latchkey keys` writes the file. In production, JWT_ISSUER must be"
        " the service's address then. Tokens signed with JWT_SECRET stay valid as long as it is"
        " set. If unset: JWT_SECRET signs.",
    )
    access_lifetime: timedelta = setting(
        "JWT_ACCESS_TTL",
        duration(timedelta(seconds=1), timedelta(hours=1)),
        "15m",
        doc="The lifetime of an access token.",
    )
    issuer: str = setting(
        "JWT_ISSUER",
        TEXT,
        "latchkey",
        doc="The claim `iss` of access tokens. With JWT_KEYS: the service's address without a path,"
        " such as https://auth.example.com.",
    )
    former_issuer: str = setting(
        "JWT_FORMER_ISSUER",
        TEXT,
        doc="What JWT_ISSUER was before it was changed. Access tokens of that issuer stay valid,"
        " and so do all sessions, since the keys of refresh tokens depend on the issuer.",
    )
    audience: str = setting(
        "JWT_AUDIENCE", TEXT, "latchkey", doc="The claim `aud` of access tokens."
    )
    audiences: tuple[str, ...] = setting(
        "AUDIENCES",
        NAMES,
        doc="Other services that a client can get an access token for, as the claim `aud` names"
        " them. If unset: none.",
    )

    @property
    def issuer_origin(self) -> str | None:
        """The address of the service if the issuer is one, without a slash at the end, or None.

        Source: RFC 8414, section 2: an https URL without query and fragment. Here it has no path
        either, and may be http where only this machine uses it.
        """
        bare = self.issuer.removesuffix("/")
        try:
            parts = urlsplit(bare)
            is_origin = parts.port is None or parts.port > 0
        except ValueError:
            return None
        is_origin = is_origin and parts.scheme in {"https", "http"} and bool(parts.hostname)
        return bare if is_origin and bare == f"{parts.scheme}://{parts.netloc}" else None

    @override
    def faults(self) -> Iterator[str]:
        if set(self.access_secrets) & set(self.refresh_secrets):
            yield "REFRESH_SECRET: is the same as JWT_SECRET; must be a different secret"
