"""Problems of accounts."""

from typing import Final

from latchkey.domain.accounts.errors import (
    AlreadyBootstrappedError,
    BootstrapDisabledError,
    EmailTakenError,
    InsufficientRoleError,
    InvalidCredentialsError,
    LastAdminError,
    PasswordHasherBusyError,
    PasswordIncorrectError,
    RegistrationClosedError,
)
from latchkey.entrypoints.http.problems.problem import Problem, Problems

PROBLEMS: Final[Problems] = {
    InvalidCredentialsError: Problem(
        status=401,
        title="Invalid credentials",
        detail="E-mail and password do not match an account.",
        advice="Let the user try again. Which of the two is wrong is not disclosed.",
    ),
    InsufficientRoleError: Problem(
        status=403,
        title="Insufficient role",
        detail="The user's role does not allow this operation.",
        advice="Do not repeat the request. Hide what the user's role does not allow.",
        error="insufficient_scope",
    ),
    BootstrapDisabledError: Problem(
        status=403,
        title="Bootstrap disabled",
        detail="The first administrator cannot be created over HTTP on this deployment.",
        advice="Run `latchkey create-admin` on a machine that reaches the database.",
    ),
    RegistrationClosedError: Problem(
        status=403,
        title="Registration closed",
        detail="Nobody can become a user in this way on this deployment.",
        advice="Do not offer it. Ask an administrator for an invitation or an account.",
    ),
    PasswordIncorrectError: Problem(
        status=403,
        title="Password incorrect",
        detail="The current password is another one.",
        advice="Ask for the current password again. The session is kept.",
    ),
    AlreadyBootstrappedError: Problem(
        status=409,
        title="Already bootstrapped",
        detail="An administrator already exists.",
        advice="Log in as that administrator, who can create others.",
    ),
    EmailTakenError: Problem(
        status=409,
        title="E-mail taken",
        detail="Another user has this e-mail address.",
        advice="Choose another address. Upper and lower case are the same.",
    ),
    LastAdminError: Problem(
        status=409,
        title="Last administrator",
        detail="This user is the only administrator.",
        advice="Make somebody else an administrator first.",
    ),
    PasswordHasherBusyError: Problem(
        status=503,
        title="Too many logins at once",
        detail="Too many password checks are queued.",
        advice="Wait for the seconds in `Retry-After` plus some jitter, and repeat.",
    ),
}
