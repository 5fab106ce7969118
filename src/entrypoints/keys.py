"""Builds the service's keys from the configured secrets."""

from collections.abc import Iterable

from latchkey.adapters.keys import (
    KeySet,
    SigningKey,
    access_key,
    device_key,
    pseudonym_key,
    refresh_key,
    refresh_secret,
)
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.entrypoints.settings import Settings


def access_keys(settings: Settings) -> KeySet:
    """Return the keys of access tokens: the first of `JWT_SECRET` signs, all verify."""
    return KeySet.in_order(
        [access_key(secret) for secret in _distinct(settings.tokens.access_secrets)]
    )


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
    return f"{settings.tokens.issuer}|{settings.environment}"
