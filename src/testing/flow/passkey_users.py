"""Users who have a passkey."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from latchkey.testing.flow.authenticator import opened
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import assert_status
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.soft_authenticator import Ceremony, SoftPasskey

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyUser:
    """A user with a passkey.

    Attributes:
        codes: The recovery codes.
        session: The session that adding it has opened.
        how: How browser and device usually behave.
    """

    account: Account
    passkey: SoftPasskey
    codes: list[str] = field(repr=False)
    session: SignedIn
    how: Ceremony


def page_of(deployment: Deployment, rp_id: str) -> str:
    """Return the origin of the deployment's pages, which browsers show on a name only."""
    url = httpx.URL(deployment.base_url)
    is_at_name = url.host == rp_id or url.host.endswith(f".{rp_id}")
    page = url if is_at_name else url.copy_with(host=rp_id)
    return str(page).rstrip("/")


async def asked(visitor: Visitor) -> Json:
    """Ask for a challenge, and return the options."""
    answer = await visitor.ask_passkey()
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs a host name for passkeys")
    assert_status(answer, 200)
    options: Json = answer.json()["publicKey"]
    return options


async def begun(visitor: Visitor, session: SignedIn) -> Json:
    """Begin to add a passkey, and return the options."""
    answer = await visitor.begin_passkey(session.access)
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs a host name for passkeys, and FACTOR_SECRET")
    assert_status(answer, 200)
    options: Json = answer.json()["publicKey"]
    return options


async def with_passkey(
    visitor: Visitor,
    account: Account,
    deployment: Deployment,
    **device: Any,  # noqa: ANN401 - of any field
) -> PasskeyUser:
    """Add a passkey to an account that has no second factor.

    Args:
        visitor: Who sends the requests.
        account: Whose passkey it is.
        deployment: Whose pages they come from.
        **device: How browser and device behave from the beginning on, see `Ceremony`.
    """
    options = await begun(visitor, session := await visitor.sign_in(account))
    how = Ceremony(origin=page_of(deployment, options["rp"]["id"]), **device)
    passkey = SoftPasskey.made(options)
    answer = await visitor.add_passkey(session.access, passkey.attest(options, how))
    assert_status(answer, 201)
    return PasskeyUser(
        account=account,
        passkey=passkey,
        codes=answer.json()["recoveryCodes"],
        session=opened(account, answer),
        how=how,
    )


async def login_with(
    visitor: Visitor,
    user: PasskeyUser,
    **device: Any,  # noqa: ANN401 - of any field
) -> httpx.Response:
    """Ask for a challenge, and log in with the passkey.

    Args:
        visitor: Who sends the requests.
        user: Whose passkey it is.
        **device: How browser and device behave this time, see `Ceremony`.
    """
    options = await asked(visitor)
    return await visitor.login_passkey(user.passkey.sign(options, user.how.but(**device)))


async def signed_in(visitor: Visitor, user: PasskeyUser) -> SignedIn:
    """Log in with the passkey, and expect success."""
    answer = await login_with(visitor, user)
    assert_status(answer, 200)
    return opened(user.account, answer)


async def id_of_passkey(visitor: Visitor, session: SignedIn) -> str:
    """Return the id of the user's oldest passkey."""
    items = (await visitor.factors(session.access)).json()["items"]
    passkey_id: str = next(item["id"] for item in items if item["kind"] == "passkey")
    return passkey_id
