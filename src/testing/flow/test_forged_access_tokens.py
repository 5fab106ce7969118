"""Access tokens that the service did not issue: all get the same response."""

import pytest

from latchkey.testing.flow.deployments import Forger
from latchkey.testing.flow.expectations import assert_challenge, assert_problem, assert_status
from latchkey.testing.flow.forgeries import SIGNED, UNSIGNED, Forgery, Unsigned
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("A2")
@pytest.mark.requirement("AT-1", "AT-9", "AT-14", "HT-6")
@pytest.mark.parametrize("forgery", UNSIGNED.values(), ids=UNSIGNED.keys())
async def test_a_token_that_was_tampered_with_is_rejected(
    visitor: Visitor, reader: SignedIn, forgery: Unsigned
) -> None:
    token = forgery(reader.access)

    answer = await visitor.http.get(
        "/api/orders", headers={b"Authorization": f"Bearer {token}".rstrip().encode()}
    )

    assert_problem(answer, 401, "access_token_invalid")
    assert_challenge(answer, error="invalid_token")


@pytest.mark.promise("A2")
@pytest.mark.requirement(
    "AT-1", "AT-4", "AT-5", "AT-6", "AT-10", "AT-11", "AT-12", "AT-14", "AT-19"
)
@pytest.mark.parametrize("forgery", SIGNED.values(), ids=SIGNED.keys())
async def test_a_token_that_deviates_is_rejected_even_with_the_right_signature(
    visitor: Visitor, reader: SignedIn, forger: Forger, forgery: Forgery
) -> None:
    token = forgery(Anatomy.of(reader.access)).signed(forger)

    answer = await visitor.http.get("/api/orders", headers={"Authorization": f"Bearer {token}"})

    assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.promise("A2")
async def test_a_token_that_is_put_together_again_unchanged_is_accepted(
    visitor: Visitor, reader: SignedIn, forger: Forger
) -> None:
    token = Anatomy.of(reader.access).with_claims().with_header().signed(forger)

    answer = await visitor.orders(token)

    assert_status(answer, 200)


@pytest.mark.promise("A2", "C6")
@pytest.mark.requirement("RS-18")
async def test_a_refresh_token_is_not_accepted_as_an_access_token(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answer = await visitor.me(somebody.refresh)

    assert_problem(answer, 401, "access_token_invalid")
