"""Problems of second factors."""

from typing import Final

from latchkey.domain.factors.errors import (
    ChallengeInvalidError,
    FactorNotFoundError,
    LastFactorError,
    PasskeyInvalidError,
    PasskeyKnownError,
    PasskeysDisabledError,
    PasskeyUnknownError,
    ReauthenticationRequiredError,
    SecondFactorInvalidError,
    SecondFactorRequiredError,
    SecondFactorsDisabledError,
    TooManyPasskeysError,
)
from latchkey.entrypoints.http.problems.problem import Problem, Problems

PROBLEMS: Final[Problems] = {
    SecondFactorRequiredError: Problem(
        status=401,
        title="Second factor required",
        detail="The password is right. The user has to prove a second factor, too.",
        advice="Ask for a code of one of the `factors`, and send it with the `challenge`. If there"
        " is none, add an app first, at `/api/auth/login/enrolment`, or a passkey, at"
        " `/api/auth/login/enrolment/passkeys/options`.",
    ),
    SecondFactorInvalidError: Problem(
        status=401,
        title="Second factor invalid",
        detail="The code is wrong, or it was used before.",
        advice="Let the user try again with the same challenge. An app has a new code soon.",
    ),
    ChallengeInvalidError: Problem(
        status=401,
        title="Challenge invalid",
        detail="The challenge was not issued by this service, has expired, or is no longer true.",
        advice="Start again: with e-mail and password, or with a new challenge for the passkey.",
    ),
    PasskeyUnknownError: Problem(
        status=401,
        title="Passkey unknown",
        detail="Nobody has this passkey. It may have been removed.",
        advice="Tell the browser with `PublicKeyCredential.signalUnknownCredential`, so that it"
        " does not offer it again, and let the user sign in in another way.",
    ),
    PasskeyInvalidError: Problem(
        status=401,
        title="Passkey invalid",
        detail="What the device has signed is not what was asked for, or the user is disabled.",
        advice="Let the user try again with a new challenge, or sign in in another way.",
    ),
    ReauthenticationRequiredError: Problem(
        status=401,
        title="Reauthentication required",
        detail="The user has signed in too long ago for this, or without the second factor.",
        advice="Let the user log in again, and repeat the request with the new access token.",
        error="insufficient_user_authentication",
    ),
    SecondFactorsDisabledError: Problem(
        status=403,
        title="Second factors disabled",
        detail="Nobody can add a second factor on this deployment.",
        advice="Do not offer it. Operators set FACTOR_SECRET.",
    ),
    PasskeysDisabledError: Problem(
        status=403,
        title="Passkeys disabled",
        detail="There is no host name that passkeys could be bound to.",
        advice="Do not offer them. Operators set PASSKEY_RP_ID.",
    ),
    PasskeyKnownError: Problem(
        status=409,
        title="Passkey known",
        detail="The passkey was added before.",
        advice="Get the factors again: it may be there already.",
    ),
    TooManyPasskeysError: Problem(
        status=409,
        title="Too many passkeys",
        detail="The user has as many passkeys as one can have.",
        advice="Let the user remove one first.",
    ),
    LastFactorError: Problem(
        status=409,
        title="Last factor",
        detail="The user's role requires a second factor.",
        advice="Do not offer to remove it. Another app can replace it.",
    ),
    FactorNotFoundError: Problem(
        status=404,
        title="Factor not found",
        detail="The user has no such second factor.",
        advice="Get the factors again. A newer request to add an app replaces an earlier one.",
    ),
}
