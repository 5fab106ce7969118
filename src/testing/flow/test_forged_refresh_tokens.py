"""Refresh tokens that the service did not issue: all get the same response, and do no harm."""

import base64
import secrets
from collections.abc import Callable

import pytest

from latchkey.testing.flow.deployments import Forger
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_problem,
    assert_status,
    check_no_cookie,
    constant_body,
)
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

BYTES = 75
_PARTS = {
    "version": 0,
    "key id": 1,
    "flags": 2,
    "session id": 3,
    "generation": 22,
    "expiry": 23,
    "secret": 27,
    "end of the secret": 42,
    "MAC": 43,
    "end of the MAC": 74,
}
_SPELLINGS: dict[str, Callable[[str], str]] = {
    "a word": lambda _: "null",
    "cut": lambda token: token[:-1],
    "cut by a group": lambda token: token[:-4],
    "longer": lambda token: token + "A",
    "longer by a group": lambda token: token + "AAAA",
    "padded": lambda token: token + "=",
    "standard base64": lambda token: token[:50] + "+/" + token[52:],
    "in hexadecimal": lambda token: token.encode().hex(),
    "an access token's form": lambda _: "eyJhbGciOiJub25lIn0.e30.",
    "very long": lambda token: token * 60,
    "two with a comma": lambda token: f"{token},{token}",
}


@pytest.mark.promise("S4")
@pytest.mark.requirement("CK-12")
async def test_a_token_is_a_hundred_characters_in_one_spelling(
    visitor: Visitor, survivor: SignedIn
) -> None:
    for token in (survivor.refresh, await visitor.successor(survivor.refresh)):
        raw = base64.urlsafe_b64decode(token)

        assert (len(token), len(raw)) == (100, BYTES)
        assert (raw[0], raw[2]) == (1, 0)
        assert base64.urlsafe_b64encode(raw).decode() == token


@pytest.mark.promise("S4")
async def test_the_successor_differs_in_generation_and_mac_alone(
    visitor: Visitor, somebody: SignedIn
) -> None:
    successor = await visitor.successor(somebody.refresh)

    old, new = (base64.urlsafe_b64decode(token) for token in (somebody.refresh, successor))
    generations = [int.from_bytes(raw[19:23], "big") for raw in (old, new)]
    assert generations == [0, 1]
    assert (old[:19], old[23:43]) == (new[:19], new[23:43])
    assert old[43:] != new[43:]


@pytest.mark.promise("S4")
@pytest.mark.parametrize("place", _PARTS.values(), ids=_PARTS.keys())
async def test_a_token_with_a_changed_bit_is_rejected_and_the_session_survives(
    visitor: Visitor, survivor: SignedIn, place: int
) -> None:
    for bit in (0, 7):
        raw = bytearray(base64.urlsafe_b64decode(survivor.refresh))
        raw[place] ^= 1 << bit

        answer = await visitor.refresh(base64.urlsafe_b64encode(raw).decode())

        assert_problem(answer, 401, "refresh_token_invalid")
        check_no_cookie(answer, "R11")
    assert await visitor.successor(survivor.refresh)


@pytest.mark.promise("R1", "R11")
@pytest.mark.parametrize("spell", _SPELLINGS.values(), ids=_SPELLINGS.keys())
async def test_a_token_of_another_form_is_rejected_and_the_session_survives(
    visitor: Visitor, survivor: SignedIn, spell: Callable[[str], str]
) -> None:
    answer = await visitor.refresh(spell(survivor.refresh))

    assert_problem(answer, 401, "refresh_token_invalid")
    check_no_cookie(answer, "R11")
    assert await visitor.successor(survivor.refresh)


@pytest.mark.promise("R1")
@pytest.mark.requirement("RS-7", "RS-8")
async def test_all_forgeries_get_the_same_bytes(visitor: Visitor, survivor: SignedIn) -> None:
    headers = {"X-Request-ID": "the-same"}
    forgeries = ["nonsense", survivor.refresh[:-1], "A" * 100, secrets.token_urlsafe(75)]

    answers = [await visitor.refresh(token, headers=headers) for token in forgeries]

    assert len({constant_body(answer) for answer in answers}) == 1


@pytest.mark.promise("S4")
@pytest.mark.requirement("RS-6", "RS-8")
async def test_a_token_with_another_session_secret_reveals_nothing_and_ends_nothing(
    visitor: Visitor, somebody: SignedIn, forger: Forger
) -> None:
    stranger = forger.refresh_token(somebody.refresh, secret=secrets.token_bytes(16))

    assert_ended(await visitor.refresh(stranger), "expired")
    assert_status(await visitor.logout(stranger), 200)
    assert await visitor.successor(somebody.refresh)


@pytest.mark.promise("S4")
async def test_a_token_can_be_computed_again(
    visitor: Visitor, somebody: SignedIn, forger: Forger
) -> None:
    successor = await visitor.successor(somebody.refresh)

    assert forger.refresh_token(somebody.refresh, ahead=1) == successor


@pytest.mark.promise("C6", "R1")
@pytest.mark.requirement("RS-18")
async def test_an_access_token_is_not_accepted_as_a_refresh_token(
    visitor: Visitor, survivor: SignedIn
) -> None:
    answer = await visitor.refresh(survivor.access)

    assert_problem(answer, 401, "refresh_token_invalid")
