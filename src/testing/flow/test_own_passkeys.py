"""Users add and remove passkeys (docs/flow.md, F24, F26, F30 and F31)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from latchkey.testing.flow.authenticator import enrolled, opened
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status, check_no_cookie
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.passkey_users import begun, page_of, with_passkey
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.soft_authenticator import Ceremony, SoftPasskey, encoded

pytestmark = pytest.mark.anyio

SAME_FOR_ALL = {
    "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-8, -7, -257)],
    "timeout": 300_000,
    "authenticatorSelection": {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    },
    "attestation": "none",
}

FRESH = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
FOREIGN = {"Sec-Fetch-Site": "cross-site"}


@pytest.mark.promise("F26")
async def test_a_device_is_asked_for_a_passkey_that_it_keeps_and_verifies_its_user_for(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)

    options = await begun(visitor, known.session)

    assert len(options["challenge"]) == 128
    del options["challenge"]
    descriptor = {"type": "public-key", "id": encoded(known.passkey.id)}
    assert options == SAME_FOR_ALL | {
        "rp": {"id": known.passkey.rp_id, "name": options["rp"]["name"]},
        "user": {
            "id": encoded(known.passkey.user_handle),
            "name": user.email,
            "displayName": user.name,
        },
        "excludeCredentials": [descriptor | {"transports": ["hybrid", "internal"]}],
    }


@pytest.mark.promise("Y13")
async def test_devices_know_users_by_random_bytes_that_tell_nothing(
    visitor: Visitor, make_user: MakeUser, deployment: Deployment
) -> None:
    accounts = [await make_user() for _ in range(2)]
    known = [await with_passkey(visitor, each, deployment) for each in accounts]

    first, second = (each.passkey.user_handle for each in known)

    assert first != second
    for each, account in zip(known, accounts, strict=True):
        user = (await visitor.me(each.session.access)).json()["id"]
        assert len(each.passkey.user_handle) == 32
        assert UUID(user).bytes not in each.passkey.user_handle
        assert account.email.encode() not in each.passkey.user_handle


@pytest.mark.promise("F30", "Y14", "Y6")
@pytest.mark.requirement("MF-9")
async def test_adding_a_passkey_ends_all_sessions_and_tells_recovery_codes_once(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    elsewhere = await visitor.sign_in(user)

    known = await with_passkey(visitor, user, deployment)

    assert len(set(known.codes)) == 10
    assert_problem(await visitor.refresh(elsewhere.refresh), 401, "session_ended")
    options = await begun(visitor, known.session)
    second = SoftPasskey.made(options)
    added = await visitor.add_passkey(known.session.access, second.attest(options, known.how))
    assert_status(added, 201)
    assert added.json()["recoveryCodes"] == []
    assert_problem(await visitor.refresh(known.session.refresh), 401, "session_ended")


@pytest.mark.promise("Y13", "F24", "F30")
async def test_the_list_of_factors_names_passkeys_and_what_browsers_are_told(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    app = await enrolled(visitor, user, deployment)
    options = await begun(visitor, app.session)
    how = Ceremony(origin=page_of(deployment, options["rp"]["id"]))
    passkey = SoftPasskey.made(options)

    added = await visitor.add_passkey(
        app.session.access, passkey.attest(options, how), "  My \t laptop "
    )

    assert added.json()["recoveryCodes"] == []
    listed = (await visitor.factors(opened(user, added).access)).json()
    totp, other = listed["items"]
    assert (totp["kind"], totp["name"], totp["synced"]) == ("totp", None, None)
    assert (other["kind"], other["name"], other["synced"]) == ("passkey", "My laptop", False)
    assert other["lastUsedAt"] == other["createdAt"]
    assert listed["acceptedPasskeys"] == {
        "rpId": passkey.rp_id,
        "userId": encoded(passkey.user_handle),
        "allAcceptedCredentialIds": [encoded(passkey.id)],
    }


@pytest.mark.promise("F30")
@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb\0c", "\u202e", 7, None])
async def test_a_name_has_1_to_64_characters_that_can_be_shown(
    visitor: Visitor, reader: SignedIn, deployment: Deployment, name: object
) -> None:
    options = await begun(visitor, reader)
    how = Ceremony(origin=page_of(deployment, options["rp"]["id"]))
    credential = SoftPasskey.made(options).attest(options, how)

    answer = await visitor.add_passkey(reader.access, credential, name)

    assert_problem(answer, 400, "invalid_request")


@pytest.mark.promise("F30")
@pytest.mark.parametrize("alg", [-7, -8, -257])
@pytest.mark.parametrize("length", [1, 1023])
async def test_every_algorithm_and_length_of_a_credential_id_signs_in(
    visitor: Visitor, user: Account, deployment: Deployment, alg: int, length: int
) -> None:
    known = await with_passkey(visitor, user, deployment)
    options = await begun(visitor, known.session)
    credential_id = uuid4().bytes[-1:] if length == 1 else uuid4().bytes + bytes(length - 16)
    passkey = SoftPasskey.made(options, alg=alg, credential_id=credential_id)

    added = await visitor.add_passkey(known.session.access, passkey.attest(options, known.how))

    if added.status_code != 409:  # there are only 256 of the shortest
        assert_status(added, 201)
        challenge = (await visitor.ask_passkey()).json()["publicKey"]
        assert_status(await visitor.login_passkey(passkey.sign(challenge, known.how)), 200)


@pytest.mark.promise("F30")
async def test_a_credential_id_that_is_too_long_or_empty_is_refused(
    visitor: Visitor, newcomer: SignedIn, deployment: Deployment
) -> None:
    options = await begun(visitor, newcomer)
    how = Ceremony(origin=page_of(deployment, options["rp"]["id"]))

    for made in (SoftPasskey.made(options, credential_id=bytes(1024)),):
        answer = await visitor.add_passkey(newcomer.access, made.attest(options, how))
        assert_problem(answer, 400, "invalid_request")


@pytest.mark.promise("F30")
async def test_nobody_adds_a_passkey_twice(
    visitor: Visitor, user: Account, make_user: MakeUser, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    other = await visitor.sign_in(await make_user())

    for session in (known.session, other):
        options = await begun(visitor, session)
        credential = known.passkey.attest(options, known.how)
        answer = await visitor.add_passkey(session.access, credential)
        assert_problem(answer, 409, "passkey_known")
        check_no_cookie(answer, "F30")


@pytest.mark.promise("Y13", "F30", "F26")
async def test_a_user_can_have_ten_passkeys(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    session = known.session
    options = await begun(visitor, session)
    for _ in range(9):
        made = SoftPasskey.made(options).attest(options, known.how)
        session = opened(user, await visitor.add_passkey(session.access, made))

    answer = await visitor.begin_passkey(session.access)

    assert_problem(answer, 409, "too_many_passkeys")
    made = SoftPasskey.made(options).attest(options, known.how)
    assert_problem(await visitor.add_passkey(session.access, made), 409, "too_many_passkeys")
