"""An authenticator app, and users who have one."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

import httpx
import pytest

from latchkey.domain.factors.totp import start_of, step_at, totp
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status, member
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

HASTE = timedelta(seconds=4)  # within which a request with a code arrives


@dataclass(slots=True, kw_only=True)
class Authenticator:
    """An app that never shows one code twice.

    Attributes:
        used: The number of the step whose code was shown last.
    """

    secret: bytes = field(repr=False)
    used: int = 0

    @classmethod
    def of(cls, answer: httpx.Response) -> Self:
        """Add the secret that a response tells."""
        text = member(answer, "secret")
        return cls(secret=base64.b32decode(text + "=" * (-len(text) % 8)))

    def at(self, step: int) -> str:
        """Return the code of a step."""
        return totp(self.secret, step)

    async def code(self, deployment: Deployment) -> str:
        """Return a code that is good now, later than those before it.

        Of the three codes that are good, it begins with the oldest, so that there is seldom a wait.
        """
        now = deployment.now()
        current = step_at(now)
        is_old_one_safe = start_of(current + 1) - now > HASTE
        step = max(self.used + 1, current - 1 if is_old_one_safe else current)
        if step > current + 1:
            await deployment.outlast(start_of(step - 1) - now)
        self.used = step
        return self.at(step)

    async def wrong_code(self, deployment: Deployment) -> str:
        """Return a code of six digits that is not good now, nor soon."""
        current = step_at(deployment.now())
        good = {self.at(step) for step in range(current - 2, current + 4)}
        return next(code for code in (f"{n:06d}" for n in range(10)) if code not in good)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A user with a second factor.

    Attributes:
        app: Has shown the code that confirmed it.
        codes: The recovery codes.
        session: The session that the confirmation has opened.
    """

    account: Account
    app: Authenticator
    codes: list[str] = field(repr=False)
    session: SignedIn


async def begun(visitor: Visitor, session: SignedIn) -> tuple[str, Authenticator]:
    """Begin to add an app, and return its id."""
    answer = await visitor.begin_totp(session.access)
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs FACTOR_SECRET")
    assert_status(answer, 201)
    return member(answer, "id"), Authenticator.of(answer)


async def enrolled(visitor: Visitor, account: Account, deployment: Deployment) -> Enrolled:
    """Add an app to an account that has none."""
    factor_id, app = await begun(visitor, session := await visitor.sign_in(account))
    code = await app.code(deployment)
    answer = await visitor.confirm_totp(session.access, factor_id, code)
    assert_status(answer, 200)
    return Enrolled(
        account=account,
        app=app,
        codes=answer.json()["recoveryCodes"],
        session=opened(account, answer),
    )


def opened(account: Account, answer: httpx.Response) -> SignedIn:
    """Return the session that a response has opened."""
    access, refresh = member(answer, "accessToken"), SetCookie.of(answer).value
    return SignedIn(account=account, access=access, refresh=refresh)


async def challenged(visitor: Visitor, account: Account) -> str:
    """Log in with the right password, and return the challenge."""
    answer = await visitor.login(account.credentials)
    assert_problem(answer, 401, "second_factor_required")
    return member(answer, "challenge")


async def signed_in(visitor: Visitor, user: Enrolled, deployment: Deployment) -> SignedIn:
    """Log in with password and app."""
    challenge = await challenged(visitor, user.account)
    answer = await visitor.second_factor(challenge, await user.app.code(deployment))
    assert_status(answer, 200)
    return opened(user.account, answer)
