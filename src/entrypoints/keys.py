"""Builds the service's keys from the configured secrets and private keys."""

from collections.abc import Iterable
from datetime import timedelta

from latchkey.adapters.jwt import LEEWAY
from latchkey.adapters.keys import (
    KeySet,
    SigningKey,
    access_key,
    challenge_key,
    device_key,
    factor_key,
    guard_key,
    link_key,
    passkey_challenge_key,
    pseudonym_key,
    refresh_key,
    refresh_secret,
    remembered_device_key,
)
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.entrypoints.settings import Settings


def access_keys(settings: Settings) -> KeySet:
    """Return the keys of access tokens.

    If there are private keys (`JWT_KEYS`), they sign one after another, each from the start that
    it names. All secrets of `JWT_SECRET` verify; the first signs if there is no private key.
    """
    secrets = [access_key(secret) for secret in _distinct(settings.tokens.access_secrets)]
    if not settings.tokens.keys:
        return KeySet.in_order(secrets)
    from latchkey.adapters.keys.key_file import (  # noqa: PLC0415 - cryptography comes with it
        ScheduledKey,
    )

    scheduled = [ScheduledKey.of(jwk) for jwk in settings.tokens.keys]
    context = _context(settings)
    return KeySet.in_turns(
        [(each.key, each.signs_from) for each in scheduled],
        kept=kept(settings.tokens.access_lifetime),
        also=[key.verifying for key in secrets],
        guards=[guard_key(secret, context) for secret in _refresh_secrets(settings)],
    )


def kept(access_lifetime: timedelta) -> timedelta:
    """Return how long a key is accepted and published after another has taken over.

    That is until its last token has expired, if another replica's clock is a little behind.
    """
    return access_lifetime + LEEWAY


def refresh_keys(settings: Settings) -> list[SigningKey]:
    """Return the keys of refresh tokens: the first of `REFRESH_SECRET` signs, all verify.

    If `REFRESH_SECRET` is unset, they are derived from `JWT_SECRET`.
    """
    context = _context(settings)
    return [refresh_key(secret, context) for secret in _refresh_secrets(settings)]


def device_keys(settings: Settings) -> list[SigningKey]:
    """Return the keys of device tokens: the first of `REFRESH_SECRET` writes, all read."""
    context = _context(settings)
    return [device_key(secret, context) for secret in _refresh_secrets(settings)]


def remembered_device_keys(settings: Settings) -> list[SigningKey]:
    """Return the keys of remembered devices: the first of `REFRESH_SECRET` writes, all read."""
    context = _context(settings)
    return [remembered_device_key(secret, context) for secret in _refresh_secrets(settings)]


def link_keys(settings: Settings) -> list[SigningKey]:
    """Return the keys of links in mails: the first of `REFRESH_SECRET` writes, all read."""
    context = _context(settings)
    return [link_key(secret, context) for secret in _refresh_secrets(settings)]


def challenge_keys(settings: Settings) -> list[SigningKey]:
    """Return the keys of challenges: the first of `REFRESH_SECRET` writes, all read."""
    context = _context(settings)
    return [challenge_key(secret, context) for secret in _refresh_secrets(settings)]


def passkey_challenge_keys(settings: Settings) -> list[SigningKey]:
    """Return the keys of passkeys' challenges: the first of `REFRESH_SECRET` writes, all read."""
    context = _context(settings)
    return [passkey_challenge_key(secret, context) for secret in _refresh_secrets(settings)]


def factor_keys(settings: Settings) -> list[SigningKey]:
    """Return the keys of second factors: the first computes what is new, all what is stored.

    They depend on `FACTOR_SECRET` and the environment alone: another issuer leaves factors as they
    are.
    """
    secrets = _distinct(settings.factors.secrets)
    return [factor_key(secret, settings.environment) for secret in secrets]


def pseudonyms(settings: Settings) -> Pseudonyms:
    """Return the pseudonyms of the audit log, the same in every process of an installation."""
    return Pseudonyms(pseudonym_key(_refresh_secrets(settings)[0], _context(settings)))


def _refresh_secrets(settings: Settings) -> list[bytes]:
    tokens = settings.tokens
    own = _distinct(tokens.refresh_secrets)
    return own or [refresh_secret(secret) for secret in _distinct(tokens.access_secrets)]


def _distinct(secrets: Iterable[str]) -> list[bytes]:
    return [secret.encode() for secret in dict.fromkeys(secrets)]


def _context(settings: Settings) -> str:
    tokens = settings.tokens
    return f"{tokens.former_issuer or tokens.issuer}|{settings.environment}"
