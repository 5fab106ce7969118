"""What the most expensive requests cost the event loop, beside an ordinary one."""

import gc
import json
from collections.abc import Iterator
from time import process_time

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from unit.entrypoints.http.asgi import ENVIRON, Client, Headers, quiet_logs

pytestmark = pytest.mark.anyio

ADA = {"email": "ada@example.com", "password": "violet kettle 41"}
JSON_BYTES = 16 * 1024
BOUND = 15.0  # times; the worst of them cost 5, and a fault has cost 100 or more
ROUNDS = 7


def marks(count: int) -> str:
    """Two kinds of combining marks in the wrong order: the worst case of a normalisation."""
    return "\u0345" * (count // 2) + "\u0334" * (count - count // 2)


def filled(before: str, item: str, after: str) -> bytes:
    """Repeat an item, with commas, as often as a body may."""
    count = (JSON_BYTES - 16 - len(before)) // (len(item) + 1)
    return (before + ",".join([item] * count) + after).encode()


def login(email: str = ADA["email"], password: str = ADA["password"]) -> bytes:
    return json.dumps({"email": email, "password": password}, ensure_ascii=False).encode()


BODIES = {
    "a password of marks, of the length that fits": login(password="a" + marks(511)),
    "a password of marks, longer than any": login(password="a" + marks(7_900)),
    "a local part of marks": login(email=marks(368) + "@example.com"),
    "a domain of marks": login(email="a@b" + marks(120) + ".example"),
    "an address of marks, longer than any": login(email=marks(7_900) + "@example.com"),
    "a domain of many labels": login(email="a@" + "\u00fc." * 60 + "example"),
    "a domain of one label": login(email="a@" + "\u00fc\u00e4" * 60),
    "a local part of 16 KB": login(email="a" * 16_000 + "@example.com"),
    "numbers that are hard to round": filled('{"email":[', "9e306", "]}"),
    "numbers that are hard to round, and no UTF-8": filled('{"email":[', "9e306", ",")
    + b'"\xff"]}',
    "a number of many digits": b'{"email":' + b"1" * 16_000 + b"}",
    "some numbers of many digits": filled('{"email":[', "1" * 4_000, "]}"),
    "deep lists": b"[" * 16_000,
    "deep objects": b'{"a":' * 3_000,
    "many lists": filled("[", "[]", "]"),
    "many members": ("{" + ",".join(f'"{n}":0' for n in range(1_700)) + "}").encode(),
}

COOKIES = {
    "semicolons": b";" * 12_000,
    "blanks": b" " * 12_000,
    "blanks behind a name": b"refresh_token=" + b" \t" * 5_900,
    "blanks and letters": b"refresh_token=" + b"x \t" * 3_900,
    "many tokens": b";".join([b"refresh_token=x"] * 700),
    "many tokens of the right length": b";".join([b"refresh_token=" + b"A" * 100] * 103),
}


async def cost(client: Client, path: str, headers: Headers, body: bytes) -> float:
    """Time a request in CPU, in seconds; of several, the one that nothing was in the way of."""
    spent = []
    gc.disable()
    for _ in range(ROUNDS):
        before = process_time()
        await client("POST", path, headers, body)
        spent.append(process_time() - before)
    gc.enable()
    return min(spent)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """One application for all: the least that a request costs does not depend on those before."""
    with quiet_logs():
        storage = MemoryStorage(FrozenClock())
        yield Client(create_app(from_env(ENVIRON), storage))


@pytest.fixture
async def refused_login(client: Client) -> float:
    """The cost of a login that the throttle refuses: the cheapest that gets that far."""
    for _ in range(10):
        await client("POST", "/api/auth/login", [], login())
    return await cost(client, "/api/auth/login", [], login())


@pytest.mark.requirement("HT-1")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_no_body_makes_a_login_expensive(
    client: Client, refused_login: float, body: bytes
) -> None:
    for _ in range(10):
        await client("POST", "/api/auth/login", [], body)

    assert await cost(client, "/api/auth/login", [], body) < BOUND * refused_login


@pytest.mark.parametrize("field", ["email", "password", "name"])
@pytest.mark.parametrize(
    "text",
    [
        *(marks(7_900), "a" * 16_000, "a " * 8_000, ("a" * 100 + " ") * 150),
        *(marks(200), marks(381), marks(512), "a" * 128, "a " * 64, ("a" * 12 + " ") * 9),
    ],
    ids=[
        *("marks, far too many", "a letter", "letters apart", "words"),
        *("200 marks", "381 marks", "512 marks", "128 letters", "64 letters apart", "9 words"),
    ],
)
async def test_no_text_makes_a_new_account_expensive(
    client: Client, refused_login: float, field: str, text: str
) -> None:
    wanted = {**ADA, "email": "nobody", "name": "Ada", field: text}
    body = json.dumps(wanted, ensure_ascii=False).encode()

    status, _, _ = await client("POST", "/api/auth/bootstrap", [], body)

    assert status == 400  # an acceptable one beside an address that is none, so nothing is hashed
    assert await cost(client, "/api/auth/bootstrap", [], body) < BOUND * refused_login


@pytest.mark.parametrize("cookie", COOKIES.values(), ids=COOKIES.keys())
async def test_no_cookie_makes_a_refresh_expensive(
    client: Client, refused_login: float, cookie: bytes
) -> None:
    headers = [(b"cookie", cookie)]

    assert await cost(client, "/api/auth/refresh", headers, b"") < BOUND * refused_login
