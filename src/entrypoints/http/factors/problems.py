"""Problems of second factors."""

from typing import Final

from latchkey.domain.factors.errors import (
    ChallengeInvalidError,
    FactorNotFoundError,
    LastFactorError,
    ReauthenticationRequiredError,
    SecondFactorInvalidError,
    SecondFactorRequiredError,
    SecondFactorsDisabledError,
)
from latchkey.entrypoints.http.problems.problem import Problem, Problems

PROBLEMS: Final[Problems] = {
    SecondFactorRequiredError: Problem(
        status=401,
        title="Second factor required",
        detail="The password is right. The user has to prove a second factor, too.",
        advice="Ask for a code of one of the `factors`, and send it with the `challenge`. If there"
        " is none, add an app first, at `/api/auth/login/enrolment`.",
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
        advice="Start again with e-mail and password.",
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
