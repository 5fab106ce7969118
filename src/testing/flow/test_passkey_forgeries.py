"""What passkeys do not sign is refused, and never an error of the service (docs/flow.md, Y8)."""

from typing import Any

import httpx
import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_problem,
    assert_status,
    check_no_cookie,
    expect,
)
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.passkey_users import (
    PasskeyUser,
    asked,
    begun,
    login_with,
    signed_in,
    with_passkey,
)
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.soft_authenticator import (
    BACKED_UP,
    PRESENT,
    SYNCED,
    USUAL,
    VERIFIED,
    SoftPasskey,
    encoded,
)

pytestmark = pytest.mark.anyio

LIES: dict[str, dict[str, Any]] = {
    "user not verified": {"flags": PRESENT},
    "user not present": {"flags": VERIFIED},
    "suddenly synced": {"flags": USUAL | SYNCED},
    "backed up but not synced": {"flags": USUAL | BACKED_UP},
    "other relying party": {"rp_id": "evil.example"},
    "other origin": {"origin": "https://evil.example"},
    "origin below ours": {"origin": "https://localhost.evil.example"},
    "in a frame": {"client_data": {"crossOrigin": True}},
    "below another page": {"client_data": {"topOrigin": "https://evil.example"}},
    "made, not used": {"kind": "webauthn.create"},
    "payment": {"kind": "payment.get"},
    "bytes after the data": {"extra": b"\0"},
}


async def assert_refused(visitor: Visitor, known: PasskeyUser, answer: httpx.Response) -> None:
    """Expect a refusal that has not used up anything."""
    assert_problem(answer, 401, "passkey_invalid")
    check_no_cookie(answer, "Y8")
    assert_status(await login_with(visitor, known), 200)


@pytest.mark.promise("Y8")
@pytest.mark.requirement("MF-9")
@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_what_a_device_or_a_browser_must_not_say_signs_nobody_in(
    visitor: Visitor, passkey_user: PasskeyUser, lie: dict[str, Any]
) -> None:
    answer = await login_with(visitor, passkey_user, **lie)

    await assert_refused(visitor, passkey_user, answer)


@pytest.mark.promise("Y8")
@pytest.mark.requirement("MF-9")
async def test_neither_the_signature_nor_the_handle_of_another_user_signs_in(
    visitor: Visitor, user: Account, make_user: MakeUser, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    other = await with_passkey(visitor, await make_user(), deployment)
    handle = other.passkey.user_handle
    options = await asked(visitor)
    mine, theirs = (each.passkey.sign(options, each.how) for each in (known, other))

    mixed = mine | {"response": theirs["response"] | {"userHandle": mine["response"]["userHandle"]}}
    nobody = mine | {"response": mine["response"] | {"userHandle": None}}
    for credential in (mixed, nobody):
        await assert_refused(visitor, known, await visitor.login_passkey(credential))
    await assert_refused(visitor, known, await login_with(visitor, known, user_handle=handle))


@pytest.mark.promise("Y8")
async def test_a_passkey_that_could_be_synced_must_still_be_one(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment, flags=USUAL | SYNCED)

    await assert_refused(visitor, known, await login_with(visitor, known, flags=USUAL))


@pytest.mark.promise("Y8", "F30")
@pytest.mark.requirement("MF-9")
@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_what_a_device_or_a_browser_must_not_say_adds_no_passkey(
    visitor: Visitor, passkey_user: PasskeyUser, lie: dict[str, Any]
) -> None:
    session = await signed_in(visitor, passkey_user)
    before = (await visitor.factors(session.access)).json()
    options = await begun(visitor, session)
    new = SoftPasskey.made(options)
    how = passkey_user.how.but(**({"kind": "webauthn.get"} if "kind" in lie else lie))
    if lie == {"flags": USUAL | SYNCED}:
        how = passkey_user.how.but(flags=0)

    answer = await visitor.add_passkey(session.access, new.attest(options, how))

    assert_problem(answer, 400, "invalid_request")
    assert [each["field"] for each in answer.json()["errors"]] == ["credential"]
    assert (await visitor.factors(session.access)).json() == before


@pytest.mark.promise("Y8")
@pytest.mark.requirement("MF-9")
async def test_a_challenge_is_good_for_its_own_purpose_and_user_alone(
    visitor: Visitor, user: Account, make_user: MakeUser, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    other = await with_passkey(visitor, await make_user(), deployment)
    to_sign_in, to_add = await asked(visitor), await begun(visitor, known.session)
    theirs = await begun(visitor, other.session)

    confused = await visitor.login_passkey(known.passkey.sign(to_add, known.how))
    assert_problem(confused, 401, "challenge_invalid")
    new = SoftPasskey.made(to_add)
    for challenge in (to_sign_in["challenge"], theirs["challenge"], "", "A" * 128, "é"):
        how = known.how.but(challenge=challenge or "-")
        answer = await visitor.add_passkey(known.session.access, new.attest(to_add, how))
        assert_problem(answer, 401, "challenge_invalid")
    password = await visitor.second_factor(to_sign_in["challenge"], "000000")
    assert_problem(password, 401, "challenge_invalid")


@pytest.mark.promise("Y8", "F30")
@pytest.mark.requirement("MF-9")
async def test_the_first_passkey_is_not_added_with_the_challenge_of_another_user(
    visitor: Visitor, newcomer: SignedIn, make_user: MakeUser, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, await make_user(), deployment)
    theirs = await begun(visitor, known.session)
    credential = SoftPasskey.made(theirs).attest(theirs, known.how)

    answer = await visitor.add_passkey(newcomer.access, credential)

    assert_problem(answer, 401, "challenge_invalid")
    check_no_cookie(answer, "Y8")


@pytest.mark.promise("F22")
async def test_an_unknown_passkey_has_a_problem_of_its_own(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    options = await begun(visitor, known.session)
    stranger = SoftPasskey.made(options)

    answer = await visitor.login_passkey(stranger.sign(await asked(visitor), known.how))

    assert_problem(answer, 401, "passkey_unknown")
    check_no_cookie(answer, "F22")


def garbage() -> dict[str, Any]:
    """Return bytes that no device makes, by what is wrong with them."""
    cbor = {
        "nothing": b"",
        "no map": b"\x01",
        "half a map": b"\xa1",
        "endless map": b"\xbb" + b"\xff" * 8,
        "endless text": b"\x7b" + b"\xff" * 8,
        "indefinite": b"\xbf\xff",
        "nested": b"\x81" * 5000,
        "no UTF-8": b"\xa1\x61\xff\x01",
        "key of lists": b"\xa1\x80\x01",
        "other members": b"\xa3cfmtdnonegattStmt\xa0hauthData\x01",
        "short data": b"\xa3cfmtdnonegattStmt\xa0hauthDataX\x25" + bytes(37),
        "undefined": b"\xf7",
    }
    return {name: encoded(raw) for name, raw in cbor.items()}


@pytest.mark.promise("Y8", "K2")
@pytest.mark.requirement("MF-9")
@pytest.mark.parametrize("raw", garbage().values(), ids=garbage().keys())
async def test_garbage_is_refused(visitor: Visitor, passkey_user: PasskeyUser, raw: str) -> None:
    session = await signed_in(visitor, passkey_user)
    options = await begun(visitor, session)
    made, used = (
        SoftPasskey.made(options).attest(options, passkey_user.how),
        passkey_user.passkey.sign(await asked(visitor), passkey_user.how),
    )

    for name in ("attestationObject", "clientDataJSON"):
        spoilt = made | {"response": made["response"] | {name: raw}}
        answer = await visitor.add_passkey(session.access, spoilt)
        assert_problem(answer, 400, "invalid_request")
    for name in ("authenticatorData", "signature", "clientDataJSON"):
        spoilt = used | {"response": used["response"] | {name: raw}}
        answer = await visitor.login_passkey(spoilt)
        assert_problem(answer, 401, "passkey_invalid")


@pytest.mark.promise("Y8", "K2")
@pytest.mark.parametrize("wrong", ["=", "a", "a+b/", "é", "\0", " ", 7, None, [], {}, True])
@pytest.mark.parametrize("name", ["id", "rawId", "type", "response", "signature", "userHandle"])
async def test_a_body_of_another_form_is_invalid(
    visitor: Visitor, name: str, wrong: object
) -> None:
    response = {"clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA"}
    good = {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": response,
    }
    inner = {"response": {**response, name: wrong}} if name not in good else {name: wrong}

    answer = await visitor.login_passkey(good | inner)

    is_left_out = name == "userHandle" and wrong is None
    assert_status(answer, *((401, 403) if is_left_out else (400,)))
    expect(answer, "no error of the service", holds=answer.status_code < 500)
