"""Users who have a device remembered."""

from dataclasses import dataclass

import httpx
import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.authenticator import Enrolled, challenged, enrolled, opened
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status, check_no_cookie
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A user with a remembered device.

    Attributes:
        user: With a second factor.
        session: The one that remembered the device.
        cookie: That of the device.
    """

    user: Enrolled
    session: SignedIn
    cookie: SetCookie

    @property
    def account(self) -> Account:
        """The user's account."""
        return self.user.account


async def enrolled_user(guest: Visitor, deployment: Deployment) -> Enrolled:
    """Create a user with a second factor."""
    if deployment.operator is None:
        pytest.skip("needs an operator's access besides the API")
    account = Account(email=new_email())
    await deployment.operator.create(account, Role.USER)
    return await enrolled(guest, account, deployment)


async def asked_to_remember(
    guest: Visitor, user: Enrolled, deployment: Deployment, **more: str
) -> httpx.Response:
    """Complete a login, and ask that the device is remembered."""
    challenge = await challenged(guest, user.account)
    code = await user.app.code(deployment)
    answer = await guest.second_factor(challenge, code, headers=FIREFOX | more, rememberDevice=True)
    assert_status(answer, 200)
    return answer


async def remembered(guest: Visitor, user: Enrolled, deployment: Deployment) -> Remembered:
    """Have a device of a user remembered."""
    answer = await asked_to_remember(guest, user, deployment)
    cookie = SetCookie.of_remembered(answer)
    assert cookie is not None
    return Remembered(user=user, session=opened(user.account, answer), cookie=cookie)


async def login_on(guest: Visitor, known: Remembered, password: str | None = None) -> SignedIn:
    """Log in on the device with the password alone, and expect success."""
    answer = await sent_from(guest, known.account, known.cookie, password)
    assert_status(answer, 200)
    return opened(known.account, answer)


async def assert_forgotten(guest: Visitor, known: Remembered, password: str | None = None) -> None:
    """Check that the device needs a code."""
    assert_challenged(await sent_from(guest, known.account, known.cookie, password))


async def sent_from(
    guest: Visitor, account: Account, cookie: SetCookie, password: str | None = None
) -> httpx.Response:
    """Log in with the cookie of a device."""
    body = account.credentials | ({"password": password} if password else {})
    return await guest.login(body, headers=cookie.header)


def assert_challenged(answer: httpx.Response) -> None:
    """Check that a login needs a code."""
    assert_problem(answer, 401, "second_factor_required")
    check_no_cookie(answer, "Y18")
