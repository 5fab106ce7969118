"""Errors about second factors."""

from collections.abc import Set as AbstractSet
from datetime import timedelta

from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.kernel.errors import (
    AuthenticationError,
    AuthorizationError,
    ConflictError,
    LatchkeyError,
)


class SecondFactorRequiredError(AuthenticationError):
    """The password is right, and the user has to prove a second factor.

    Attributes:
        challenge: What the proof has to come with, URL-safe characters. Not in the message.
        answers: Each of these methods is enough. If there is none, the user has to add a second
            factor first, since the role requires one.
        expires_in: How long the challenge is good, timedelta > 0.
        remembered_for: How long the device can do without a second factor after this one, or None
            if it cannot.
    """

    code = "second_factor_required"

    def __init__(
        self,
        challenge: str,
        answers: AbstractSet[SecondMethod],
        expires_in: timedelta,
        remembered_for: timedelta | None = None,
    ) -> None:
        super().__init__()
        self.challenge = challenge
        self.answers = answers
        self.expires_in = expires_in
        self.remembered_for = remembered_for


class SecondFactorInvalidError(AuthenticationError):
    """The code is wrong, or was used before. The challenge stays good."""

    code = "second_factor_invalid"


class ChallengeInvalidError(AuthenticationError):
    """The service has not issued the challenge."""

    code = "challenge_invalid"


class ChallengeEndedError(ChallengeInvalidError):
    """The service has issued the challenge, but it has expired or is no longer true."""


class ReauthenticationRequiredError(AuthenticationError):
    """The sign-in of the session is too long ago, or has proven too little.

    Attributes:
        max_age: How long ago it may be at most, timedelta > 0.

    Source: RFC 9470, section 3.
    """

    code = "reauthentication_required"

    def __init__(self, max_age: timedelta) -> None:
        super().__init__(f"a sign-in of the last {max_age.total_seconds():.0f} s")
        self.max_age = max_age


class SecondFactorsDisabledError(AuthorizationError):
    """This deployment has no secret for second factors."""

    code = "second_factors_disabled"


class LastFactorError(ConflictError):
    """The user's role requires a second factor, and there would be none."""

    code = "last_factor"


class FactorNotFoundError(LatchkeyError):
    """The user has no such factor."""

    code = "factor_not_found"


class PasskeysDisabledError(AuthorizationError):
    """This deployment has no host name that passkeys could be bound to."""

    code = "passkeys_disabled"


class PasskeyInvalidError(AuthenticationError):
    """What the browser sent does not prove the passkey."""

    code = "passkey_invalid"


class PasskeyUnknownError(AuthenticationError):
    """Nobody has this passkey; it may have been removed."""

    code = "passkey_unknown"


class PasskeyKnownError(ConflictError):
    """Somebody has this passkey already."""

    code = "passkey_known"


class TooManyPasskeysError(ConflictError):
    """The user has as many passkeys as one can have."""

    code = "too_many_passkeys"
