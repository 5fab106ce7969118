"""The owner's device is told from strangers, and an account is not logged in to without end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import count

import httpx
import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_problem,
    assert_retry_later,
    assert_status,
    expect,
)
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import NewUser, Visitor

pytestmark = pytest.mark.anyio

LIMIT = 10  # the documented default, in a quarter of an hour
STRANGERS = 5 * LIMIT
WRONG = "a-wrong-guess"
OTHER_PASSWORD = "cedar-Kettle-77-harbour-lamp"

_numbers = count(1)


def new_address() -> dict[str, str]:
    """Come from an address that nobody had before."""
    number = next(_numbers)
    return {"X-Forwarded-For": f"198.18.{number // 250}.{number % 250}"}


@pytest.fixture
async def behind_proxy(deploy: Deploy) -> Deployment:
    """Deploy behind a proxy, which is believed when it names the client."""
    return await deploy(TRUSTED_PROXIES="127.0.0.1")


@pytest.fixture
async def http(behind_proxy: Deployment) -> AsyncIterator[Visitor]:
    async with behind_proxy.client() as client:
        yield Visitor(http=client, cookie_name=behind_proxy.cookie_name)


@pytest.fixture
def owner(behind_proxy: Deployment) -> Account:
    assert behind_proxy.admin is not None
    return behind_proxy.admin


async def guess(
    visitor: Visitor, account: Account, headers: Iterator[dict[str, str]]
) -> list[httpx.Response]:
    """Try wrong passwords, one after the other."""
    wrong = account.credentials | {"password": WRONG}
    return [await visitor.login(wrong, headers=each) for each in headers]


async def attack(visitor: Visitor, account: Account) -> None:
    """Guess from so many addresses that all strangers have to wait."""
    answers = await guess(visitor, account, (new_address() for _ in range(STRANGERS + 1)))
    assert_retry_later(answers[-1], 429, "too_many_attempts")


async def device_of(visitor: Visitor, account: Account) -> SetCookie:
    """Log in, and return the cookie of the device."""
    answer = await visitor.login(account.credentials, headers=new_address())
    assert_status(answer, 200)
    return SetCookie.of_device(answer)


@pytest.mark.promise("L8")
@pytest.mark.requirement("LG-6")
async def test_strangers_never_lock_out_the_owners_device_wherever_it_is(
    http: Visitor, owner: Account
) -> None:
    device = await device_of(http, owner)
    await attack(http, owner)

    without = await http.login(owner.credentials, headers=new_address())
    with_it = await http.login(owner.credentials, headers=new_address() | device.header)

    assert_retry_later(without, 429, "too_many_attempts")
    assert_status(with_it, 200)


@pytest.mark.promise("L8")
@pytest.mark.requirement("LG-6")
async def test_the_device_of_another_account_makes_nobody_known(
    http: Visitor, owner: Account
) -> None:
    attacker = Account(email="mallory@latchkey.example")
    signed_in = await http.sign_in(owner)
    assert_status(await http.create_user(signed_in.access, NewUser.of(attacker).body), 201)
    devices = [await device_of(http, attacker) for _ in range(2)]
    address = new_address()

    with_it = await guess(http, owner, (address | devices[0].header for _ in range(LIMIT)))
    without = await guess(http, owner, iter([address]))
    await attack(http, owner)
    amid = await guess(http, owner, iter([new_address() | devices[1].header]))

    assert [answer.status_code for answer in with_it] == [401] * LIMIT
    for answer in (*without, *amid):
        assert_retry_later(answer, 429, "too_many_attempts")


@pytest.mark.promise("L8")
@pytest.mark.requirement("LG-6")
async def test_a_device_has_no_more_tries_than_an_address(http: Visitor, owner: Account) -> None:
    device = await device_of(http, owner)

    headers = (new_address() | device.header for _ in range(LIMIT + 1))
    answers = await guess(http, owner, headers)

    assert [answer.status_code for answer in answers] == [401] * LIMIT + [429]


@pytest.mark.promise("L8")
@pytest.mark.requirement("LG-6")
async def test_a_device_is_forgotten_with_the_password(
    http: Visitor, owner: Account, behind_proxy: Deployment
) -> None:
    if behind_proxy.operator is None:
        pytest.skip("needs an operator's access besides the API")
    device = await device_of(http, owner)
    await behind_proxy.operator.set_password(owner.email, OTHER_PASSWORD)
    await attack(http, owner)

    answers = await guess(http, owner, (new_address() | device.header for _ in range(2)))

    for answer in answers:
        assert_retry_later(answer, 429, "too_many_attempts")


@pytest.mark.promise("C7")
async def test_a_login_keeps_the_device_that_it_knows(http: Visitor, owner: Account) -> None:
    device = await device_of(http, owner)
    await guess(http, owner, (new_address() | device.header for _ in range(LIMIT - 1)))
    again = await http.login(owner.credentials, headers=new_address() | device.header)
    await guess(http, owner, (new_address() | device.header for _ in range(LIMIT)))

    same = await http.login(
        owner.credentials, headers=new_address() | SetCookie.of_device(again).header
    )

    assert_status(again, 200)
    assert_retry_later(same, 429, "too_many_attempts")


@pytest.mark.promise("C7")
async def test_only_a_login_sets_the_cookie_of_the_device(
    visitor: Visitor, resident: Account
) -> None:
    login = await visitor.login(resident.credentials)
    wrong = await visitor.login(resident.credentials | {"password": WRONG})
    refresh = await visitor.refresh(SetCookie.of(login).value)
    logout = await visitor.logout(SetCookie.of(refresh).value)

    device = SetCookie.of_device(login)
    assert device.name == f"{visitor.cookie_name}_device"
    assert len(device.value) == 76
    expected = {"httponly": "", "path": "/api/auth/login", "samesite": "Strict"}
    assert {**device.attributes} == expected | {"max-age": f"{400 * 86_400}"}
    for answer in (wrong, refresh, logout):
        sets = answer.headers.get_list("set-cookie")
        expect(answer, "no cookie of the device", holds=not any("_device=" in it for it in sets))


@pytest.mark.promise("L9")
@pytest.mark.requirement("LG-15")
async def test_an_account_is_logged_in_to_so_often_and_then_has_to_wait(deploy: Deploy) -> None:
    deployment = await deploy(LOGIN_LIMIT_SUCCESSES="3/15m", TRUSTED_PROXIES="127.0.0.1")
    assert deployment.admin is not None
    right, nobody = deployment.admin.credentials, {"email": "x@latchkey.example", "password": WRONG}
    async with deployment.client() as client:
        visitor = Visitor(http=client)
        logins = [await visitor.login(right, headers=new_address()) for _ in range(3)]

        device = SetCookie.of_device(logins[0]).header
        refused = await asyncio.gather(
            visitor.login(right, headers=new_address()),
            visitor.login(right, headers=new_address() | device),
            visitor.login(right | {"password": WRONG}, headers=new_address()),
        )
        other = await visitor.login(nobody)
        seconds = [assert_retry_later(answer, 429, "too_many_attempts") for answer in refused]
        await deployment.outlast(timedelta(seconds=max(seconds) if deployment.clock else 0))
        later = await visitor.login(right) if deployment.clock else None

    assert [answer.status_code for answer in logins] == [200] * 3
    assert_problem(other, 401, "invalid_credentials")
    if later is not None:
        assert_status(later, 200)


@pytest.mark.promise("L9")
@pytest.mark.requirement("LG-15")
async def test_wrong_passwords_never_use_up_the_logins_that_succeed(deploy: Deploy) -> None:
    deployment = await deploy(LOGIN_LIMIT_SUCCESSES="3/15m", TRUSTED_PROXIES="127.0.0.1")
    assert deployment.admin is not None
    async with deployment.client() as client:
        visitor = Visitor(http=client)
        await guess(visitor, deployment.admin, (new_address() for _ in range(LIMIT)))

        answer = await visitor.login(deployment.admin.credentials, headers=new_address())

    assert_status(answer, 200)
