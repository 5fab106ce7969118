"""Attacks on accounts that their owners do not have yet, by the names under which they are known.

The fifth, the unexpired email change, is in `test_email_change_attacks.py`.

Source: Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022), section 4.
"""

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.flow.expectations import assert_ended, assert_problem, assert_status
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.mailbox import (
    RESET,
    address_asked,
    asked,
    invitation_token,
    mailbox,
    mails,
    registered,
    registration_tokens,
    reset_token,
)
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NAME = "Grace Hopper"
OWNERS = f"{GOOD_PASSWORD}-owners"
ATTACKERS = f"{GOOD_PASSWORD}-attackers"


@pytest.mark.promise("RG1", "RG5", "RG8")
@pytest.mark.requirement("RG-1")
async def test_classic_federated_merge(visitor: Visitor) -> None:
    """An attacker signs up with the owner's address first: nothing of it is in the account."""
    email = new_email()
    chosen = {"email": email, "name": "Mallory", "password": ATTACKERS}
    attack = await visitor.http.post("/api/auth/registrations", json=chosen)
    before = await visitor.login({"email": email, "password": ATTACKERS})
    tokens = await registration_tokens(visitor, email)

    made = await visitor.complete(tokens[-1], NAME, OWNERS)

    assert attack.status_code in {202, 400}
    assert_problem(before, 401, "invalid_credentials")
    assert_status(made, 201)
    assert made.json()["name"] == NAME
    after = await visitor.login({"email": email, "password": ATTACKERS})
    assert_problem(after, 401, "invalid_credentials")
    assert_status(await visitor.login({"email": email, "password": OWNERS}), 200)


@pytest.mark.promise("PR6", "S6")
@pytest.mark.requirement("EC-3")
async def test_unexpired_session_identifier(visitor: Visitor, newcomer: SignedIn) -> None:
    """Whoever knew the password before keeps no session once the owner has set a new one."""
    account = newcomer.account
    renewed = await visitor.successor(newcomer.refresh)

    token = await reset_token(visitor, account.email)
    assert_status(await visitor.reset_password(token, OWNERS), 200)

    for kept in (newcomer.refresh, renewed):
        assert_ended(await visitor.refresh(kept), "revoked")
    login = await visitor.login(account.credentials)
    assert_problem(login, 401, "invalid_credentials")


@pytest.mark.promise("PR6", "LK8", "EC6")
@pytest.mark.requirement("EC-3")
async def test_trojan_identifier(visitor: Visitor, newcomer: SignedIn) -> None:
    """An address that an attacker has asked for leads to no account after the owner's reset."""
    trojan = new_email()
    await address_asked(visitor, newcomer, trojan)

    token = await reset_token(visitor, newcomer.account.email)
    assert_status(await visitor.reset_password(token, OWNERS), 200)

    for password in (newcomer.account.password, OWNERS):
        login = await visitor.login({"email": trojan, "password": password})
        assert_problem(login, 401, "invalid_credentials")
    await asked(visitor, trojan)
    await asked(visitor, newcomer.account.email)
    await mails(visitor, newcomer.account.email, 2, RESET)  # what was asked for later has come
    assert await mailbox(visitor, trojan, RESET) == []


@pytest.mark.promise("RG4", "RG5")
@pytest.mark.requirement("RG-1")
async def test_non_verifying_identity_provider(visitor: Visitor, admin: SignedIn) -> None:
    """Nobody else's word is taken for an address: it is that of the mailbox that has the link.

    There is no sign-in elsewhere; whoever completes a link stands for what a provider claims.
    """
    owners, attackers = new_email(), new_email()
    await registered(visitor, owners)
    token = await invitation_token(visitor, admin.access, attackers)

    claim = {"token": token, "name": "Mallory", "password": ATTACKERS, "email": owners}
    claimed = await visitor.http.post("/api/auth/registrations/complete", json=claim)

    assert claimed.status_code in {201, 400}
    if claimed.is_success:
        assert claimed.json()["email"] == attackers
    login = await visitor.login({"email": owners, "password": ATTACKERS})
    assert_problem(login, 401, "invalid_credentials")
