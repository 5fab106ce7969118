"""Access tokens that the service didn't issue: one answer to them all."""

import pytest

from contract.flow.deployments import Forger
from contract.flow.expectations import assert_problem
from contract.flow.forgeries import SIGNED, UNSIGNED, Forgery, Unsigned
from contract.flow.jwt_anatomy import Anatomy
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.step("A2")
@pytest.mark.requirement("AT-1", "AT-9", "AT-14", "HT-6")
@pytest.mark.parametrize("forgery", UNSIGNED.values(), ids=UNSIGNED.keys())
async def test_a_token_that_was_tampered_with_is_refused(
    visitor: Visitor, somebody: SignedIn, forgery: Unsigned
) -> None:
    token = forgery(somebody.access)

    answer = await visitor.http.get(
        "/api/orders", headers={b"Authorization": f"Bearer {token}".rstrip().encode()}
    )

    assert_problem(answer, 401, "access_token_invalid")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.step("A2")
@pytest.mark.requirement(
    "AT-1", "AT-4", "AT-5", "AT-6", "AT-10", "AT-11", "AT-12", "AT-14", "AT-19"
)
@pytest.mark.parametrize("forgery", SIGNED.values(), ids=SIGNED.keys())
async def test_a_token_that_deviates_is_refused_even_with_the_right_signature(
    visitor: Visitor, somebody: SignedIn, forger: Forger, forgery: Forgery
) -> None:
    token = forgery(Anatomy.of(somebody.access)).signed(forger)

    answer = await visitor.http.get("/api/orders", headers={"Authorization": f"Bearer {token}"})

    assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.step("A2")
async def test_a_token_that_is_put_together_again_unchanged_is_accepted(
    visitor: Visitor, somebody: SignedIn, forger: Forger
) -> None:
    token = Anatomy.of(somebody.access).with_claims().with_header().signed(forger)

    answer = await visitor.orders(token)

    assert answer.status_code == 200


@pytest.mark.step("A2", "C6")
@pytest.mark.requirement("RS-18")
async def test_a_refresh_token_is_no_access_token(visitor: Visitor, somebody: SignedIn) -> None:
    answer = await visitor.me(somebody.refresh)

    assert_problem(answer, 401, "access_token_invalid")
