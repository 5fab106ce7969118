"""The five attacks on an account that its owner does not have yet, each by its name.

The attacker knows the victim's address, and acts first. Source: Sudhodanan and Paverd,
"Pre-hijacked accounts" (USENIX Security 2022), section 4.

Without sign-in at other providers, two of the attacks have no operation of their own: each
docstring says what stands in for it. Where the attacker needs an account with the victim's
address, which no registration gives, an administrator has created one with a password that
the attacker knows.
"""

import asyncio
from dataclasses import replace

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_link_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.mailbox import (
    LULL,
    RESET,
    address_token,
    asked,
    invitation_token,
    mailbox,
    registration_tokens,
    reset_token,
)
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

OWNERS = f"{GOOD_PASSWORD}-of-the-owner"
ATTACKERS = f"{GOOD_PASSWORD}-of-the-attacker"


@pytest.mark.promise("RG13", "RG5", "RG8")
@pytest.mark.requirement("RG-1")
async def test_classic_federated_merge(visitor: Visitor, admin: SignedIn) -> None:
    """The attacker registers the address; the victim comes by another route, and they merge.

    An invitation stands in for the sign-in elsewhere. The attacker is even given the link.
    """
    email = new_email()
    [attackers] = await registration_tokens(visitor, email)
    invited = await invitation_token(visitor, admin.access, email)

    assert_status(await visitor.complete(invited, "The Owner", OWNERS), 201)

    assert_link_ended(await visitor.complete(attackers, "Mallory", ATTACKERS), "superseded")
    login = await visitor.login({"email": email, "password": ATTACKERS})
    assert_problem(login, 401, "invalid_credentials")
    assert_status(await visitor.login({"email": email, "password": OWNERS}), 200)


@pytest.mark.promise("RG13", "PR6")
@pytest.mark.requirement("RG-1")
async def test_unexpired_session_identifier(visitor: Visitor, newcomer: SignedIn) -> None:
    """The attacker keeps a session alive while the victim recovers the account."""
    kept = await visitor.successor(newcomer.refresh)
    token = await reset_token(visitor, newcomer.account.email)

    assert_status(await visitor.reset_password(token, OWNERS), 200)

    assert_ended(await visitor.refresh(kept), "revoked")
    assert_problem(await visitor.me(newcomer.access), 401, "access_token_invalid")


@pytest.mark.promise("RG13", "EC1", "EC6", "PR2")
@pytest.mark.requirement("RG-1")
async def test_trojan_identifier(visitor: Visitor, newcomer: SignedIn) -> None:
    """The attacker adds an address to the account, to come back by it after the recovery."""
    account, trojan = newcomer.account, new_email()
    await address_token(visitor, newcomer, trojan)
    token = await reset_token(visitor, account.email)
    assert_status(await visitor.reset_password(token, OWNERS), 200)

    await asked(visitor, trojan)
    login = await visitor.login({"email": trojan, "password": OWNERS})

    assert_problem(login, 401, "invalid_credentials")
    await asyncio.sleep(LULL)
    assert await mailbox(visitor, trojan, RESET) == []
    owner = await visitor.sign_in(replace(account, password=OWNERS))
    assert (await visitor.account(owner.access)).json()["pendingEmail"] is None


@pytest.mark.promise("RG13", "LK8", "EC6")
@pytest.mark.requirement("RG-1")
async def test_unexpired_email_change(visitor: Visitor, newcomer: SignedIn) -> None:
    """The attacker asks for another address, and uses the link after the recovery."""
    account = newcomer.account
    change = await address_token(visitor, newcomer, new_email())
    token = await reset_token(visitor, account.email)
    assert_status(await visitor.reset_password(token, OWNERS), 200)

    answers = [await visitor.change_email(change, each) for each in (account.password, OWNERS)]

    for answer in answers:
        assert_link_ended(answer, "superseded")
    login = await visitor.login({"email": account.email, "password": OWNERS})
    assert login.json()["user"]["email"] == account.email


@pytest.mark.promise("RG13", "RG4", "RG5", "EC1", "EC8")
@pytest.mark.requirement("RG-1")
async def test_non_verifying_identity_provider(visitor: Visitor, newcomer: SignedIn) -> None:
    """The attacker has somebody vouch for the victim's address who has not verified it.

    Two claims without the victim's mailbox stand in for the provider: a link to the attacker's
    own address that names the victim's, and a change to the victim's that is not confirmed.
    """
    email, own = new_email(), new_email()
    [attackers] = await registration_tokens(visitor, own)
    claim = {"token": attackers, "name": "Mallory", "password": ATTACKERS, "email": email}
    path = "/api/auth/registrations/complete"
    assert_invalid(await visitor.http.post(path, json=claim), "email")
    change = await address_token(visitor, newcomer, email)
    for password in (ATTACKERS, newcomer.account.password):
        login = await visitor.login({"email": email, "password": password})
        assert_problem(login, 401, "invalid_credentials")

    [owners] = await registration_tokens(visitor, email)
    assert_status(await visitor.complete(owners, "The Owner", OWNERS), 201)

    late = await visitor.change_email(change, newcomer.account.password)
    assert_problem(late, 409, "email_taken")
    login = await visitor.login({"email": email, "password": OWNERS})
    assert login.json()["user"]["name"] == "The Owner"
