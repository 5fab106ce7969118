"""The refresh tokens that a client presents: several, if several cookies have the name.

A cookie of the name can come from a sibling host or from another application on the same machine.
The MAC tells which tokens are genuine.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec


def genuine(
    codec: RefreshTokenCodec, presented: Iterable[str], now: datetime
) -> tuple[RefreshToken, ...]:
    """Return the newest genuine token of each session, in the order of the sessions' ids.

    The order is the same for every request, so that two requests that end the same sessions cannot
    deadlock.

    Args:
        codec: Decodes the tokens.
        presented: What the client sent; any texts.
        now: The time at which the tokens must not have expired, aware UTC.
    """
    newest: dict[object, RefreshToken] = {}
    for encoded in presented:
        with suppress(RefreshTokenInvalidError):
            token = codec.decode(encoded, now)
            known = newest.setdefault(token.session_id, token)
            newest[token.session_id] = max(known, token, key=_generation)
    return tuple(sorted(newest.values(), key=_session_id))


def only(tokens: tuple[RefreshToken, ...]) -> RefreshToken:
    """Return the one genuine token.

    Raises:
        RefreshTokenInvalidError: There is none, or there are tokens of different sessions.
    """
    if len(tokens) != 1:
        raise RefreshTokenInvalidError
    return tokens[0]


def _generation(token: RefreshToken) -> int:
    return token.generation


def _session_id(token: RefreshToken) -> bytes:
    return token.session_id.bytes
