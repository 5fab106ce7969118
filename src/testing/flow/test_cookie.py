"""The refresh token's cookie: how it is set, cleared and read."""

import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_problem,
    assert_status,
    check,
    check_no_cookie,
    expect,
)
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

CONSTANT = {"httponly": "", "path": "/api/auth", "samesite": "Strict"}


def _secure(deployment: Deployment) -> dict[str, str]:
    return {"secure": ""} if deployment.base_url.startswith("https:") else {}


def _promised(deployment: Deployment) -> str:
    secure = "; Secure" if _secure(deployment) else ""
    return f"HttpOnly; Path=/api/auth; SameSite=Strict{secure}, Max-Age and no other attributes"


@pytest.mark.promise("C1", "C2", "C3")
@pytest.mark.requirement("CK-1", "CK-11")
async def test_a_login_and_a_refresh_set_a_cookie_that_scripts_cannot_read(
    visitor: Visitor, resident: Account, deployment: Deployment
) -> None:
    login = await visitor.login(resident.credentials)
    refresh = await visitor.refresh(SetCookie.of(login).value)

    for answer in (login, refresh):
        cookie = SetCookie.of(answer)
        attributes = dict(cookie.attributes)
        attributes.pop("max-age", None)
        is_named = cookie.name == visitor.cookie_name
        expect(answer, f"a cookie named {visitor.cookie_name}", holds=is_named)
        attributes_only = attributes == CONSTANT | _secure(deployment)
        expect(answer, _promised(deployment), holds=attributes_only)
        has_week = 7 * 86_400 - 2 <= cookie.max_age <= 7 * 86_400
        check("C2", answer, "a cookie with Max-Age=604800 (7 days)", holds=has_week)
        is_hidden = cookie.value not in answer.text
        check("C6", answer, "no refresh token in the body", holds=is_hidden)


@pytest.mark.promise("C4")
@pytest.mark.requirement("RS-10", "CK-1")
async def test_a_logout_clears_the_cookie_with_the_attributes_it_was_set_with(
    visitor: Visitor, resident: Account
) -> None:
    set_by = SetCookie.of(await visitor.login(resident.credentials))

    answer = await visitor.logout(set_by.value)

    cleared = SetCookie.of(answer)
    is_empty = (cleared.name, cleared.value, cleared.max_age) == (set_by.name, "", 0)
    expect(answer, "an empty cookie with Max-Age=0", holds=is_empty)
    attributes = {**set_by.attributes, "max-age": "0"}
    is_same = {**attributes, "expires": ""} == {**cleared.attributes, "expires": ""}
    expect(answer, "a cookie with the attributes of the one that it clears", holds=is_same)


@pytest.mark.promise("R11", "C4")
@pytest.mark.requirement("CK-13")
async def test_only_a_logout_clears_the_cookie(visitor: Visitor, somebody: SignedIn) -> None:
    await visitor.logout(somebody.refresh)

    answers = [
        await visitor.refresh(somebody.refresh),
        await visitor.refresh("nonsense"),
        await visitor.login({"email": "nobody@example.com", "password": "a-wrong-guess"}),
        await visitor.me("nonsense"),
    ]

    for answer in answers:
        check_no_cookie(answer, "R11" if answer.request.url.path.endswith("/refresh") else "C4")


@pytest.mark.promise("C5", "C1")
async def test_other_cookies_are_ignored_even_those_with_a_similar_name(
    visitor: Visitor, somebody: SignedIn
) -> None:
    name = visitor.cookie_name
    line = f"theme=dark; {name}2=x; x{name}=y; {name}={somebody.refresh}; a=b"

    answer = await visitor.http.post("/api/auth/refresh", headers={"Cookie": line})

    assert_status(answer, 200)


def together(visitor: Visitor, *tokens: str) -> list[list[tuple[str, str]]]:
    """Return `Cookie` headers with these tokens: one header or several, in both orders."""
    cookies = [f"{visitor.cookie_name}={token}" for token in tokens]
    orders = (cookies, cookies[::-1])
    lines = [[("Cookie", "; ".join(order))] for order in orders]
    return lines + [[("Cookie", cookie) for cookie in order] for order in orders]


@pytest.mark.promise("C5", "R3", "R4")
@pytest.mark.requirement("CK-3")
@pytest.mark.parametrize("planted", ["nonsense", "", None], ids=["nonsense", "empty", "the same"])
async def test_a_refresh_takes_the_genuine_one_of_two_cookies(
    visitor: Visitor, survivor: SignedIn, planted: str | None
) -> None:
    other = survivor.refresh if planted is None else planted

    answers = [
        await visitor.http.post("/api/auth/refresh", headers=lines)
        for lines in together(visitor, survivor.refresh, other)
    ]

    successor = await visitor.successor(survivor.refresh)
    assert [SetCookie.of(answer).value for answer in answers] == [successor] * len(answers)


@pytest.mark.promise("C5")
@pytest.mark.requirement("CK-3")
async def test_a_refresh_takes_the_newest_token_of_one_session(
    visitor: Visitor, somebody: SignedIn
) -> None:
    newer = await visitor.successor(somebody.refresh)

    answers = [
        await visitor.http.post("/api/auth/refresh", headers=lines)
        for lines in together(visitor, somebody.refresh, newer)
    ]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert SetCookie.of(answers[0]).value == await visitor.successor(newer)


@pytest.mark.promise("C5", "R1")
@pytest.mark.requirement("CK-3")
async def test_tokens_of_two_sessions_are_refused_and_change_nothing(
    visitor: Visitor, survivor: SignedIn
) -> None:
    other = await visitor.sign_in(survivor.account)

    answers = [
        await visitor.http.post("/api/auth/refresh", headers=lines)
        for lines in together(visitor, survivor.refresh, other.refresh)
    ]

    for answer in answers:
        assert_problem(answer, 401, "refresh_token_invalid")
        check_no_cookie(answer, "R11")
    assert await visitor.successor(survivor.refresh)
    assert await visitor.successor(other.refresh)


@pytest.mark.promise("C5", "O1")
@pytest.mark.requirement("CK-3")
@pytest.mark.parametrize("planted", ["nonsense", ""], ids=["nonsense", "empty"])
async def test_a_logout_ends_the_session_whatever_comes_beside_its_cookie(
    visitor: Visitor, resident: Account, planted: str
) -> None:
    for place in range(4):
        signed_in = await visitor.sign_in(resident)
        lines = together(visitor, signed_in.refresh, planted)[place]

        answer = await visitor.http.post("/api/auth/logout", headers=lines)

        assert answer.status_code == 200
        assert_ended(await visitor.refresh(signed_in.refresh), "logged_out")


@pytest.mark.promise("O1")
async def test_a_logout_ends_the_sessions_of_all_genuine_cookies(
    visitor: Visitor, somebody: SignedIn
) -> None:
    other = await visitor.sign_in(somebody.account)

    await visitor.http.post(
        "/api/auth/logout", headers=together(visitor, somebody.refresh, other.refresh)[0]
    )

    assert_ended(await visitor.refresh(somebody.refresh), "logged_out")
    assert_ended(await visitor.refresh(other.refresh), "logged_out")


@pytest.mark.promise("L4")
async def test_a_login_replaces_the_session_whatever_comes_beside_its_cookie(
    visitor: Visitor, somebody: SignedIn
) -> None:
    name = visitor.cookie_name
    cookie = f"{name}=nonsense; {name}={somebody.refresh}"

    await visitor.http.post(
        "/api/auth/login", json=somebody.account.credentials, headers={"Cookie": cookie}
    )

    assert_ended(await visitor.refresh(somebody.refresh), "replaced")


@pytest.mark.promise("C5")
@pytest.mark.requirement("CK-4")
async def test_a_cookie_is_neither_percent_decoded_nor_unquoted(
    visitor: Visitor, survivor: SignedIn
) -> None:
    token = survivor.refresh
    encoded = f"%{ord(token[0]):02X}{token[1:]}"

    answers = [await visitor.refresh(spelling) for spelling in (encoded, f'"{token}"')]

    for answer in answers:
        assert_problem(answer, 401, "refresh_token_invalid")
    assert await visitor.successor(token)


@pytest.mark.promise("C6")
@pytest.mark.requirement("RS-18")
async def test_a_refresh_token_outside_the_cookie_is_ignored(
    visitor: Visitor, survivor: SignedIn
) -> None:
    token = survivor.refresh

    answers = [
        await visitor.http.post("/api/auth/refresh", json={"refreshToken": token}),
        await visitor.http.post("/api/auth/refresh", params={visitor.cookie_name: token}),
        await visitor.http.post("/api/auth/refresh", headers={"Authorization": f"Bearer {token}"}),
    ]

    for answer in answers:
        assert_problem(answer, 401, "refresh_token_missing")


@pytest.mark.promise("N13", "C1")
@pytest.mark.requirement("CK-2")
@pytest.mark.parametrize("name", ["session_key", "__Secure-refresh"])
async def test_the_cookies_name_is_as_configured(deploy: Deploy, name: str) -> None:
    deployment = await deploy(REFRESH_COOKIE_NAME=name, COOKIE_SECURE="true")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=name)

        login = await visitor.login(deployment.admin.credentials)
        refresh = await visitor.refresh(SetCookie.of(login).value)

    assert SetCookie.of(login).name == SetCookie.of(refresh).name == name
