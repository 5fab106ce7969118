"""How production refuses to start, and how it ends."""

import asyncio
import json

import pytest

from production.service import ADMIN, HOST, Production, free_port
from production.wire import wire

pytestmark = pytest.mark.anyio

FAULTS = {
    "JWT_SECRET": "",
    "DATABASE_URL": "",
    "ALLOWED_HOSTS": "",
    "ALLOW_BOOTSTRAP": "true",
    "COOKIE_SECURE": "false",
    "CORS_ORIGINS": "http://app.latchkey.example",
    "BCRYPT_ROUNDS": "9",
    "TRUSTED_PROXIES": "the-proxy",
    "JWT_ACCESS_TTL": "2h",
    "TLS_KEY": "key.pem",
}


async def test_each_fault_alone_refuses_to_start_with_its_own_line(production: Production) -> None:
    def refused(name: str) -> tuple[int, list[str]]:
        ended = production.run("serve", PORT=str(free_port()), **{name: FAULTS[name]})
        return ended.returncode, [line.partition(":")[0] for line in ended.stderr.splitlines()]

    ends = await asyncio.gather(*(asyncio.to_thread(refused, name) for name in FAULTS))

    named = ["TLS_CERT" if name == "TLS_KEY" else name for name in FAULTS]
    assert ends == [(1, [name]) for name in named]


async def test_a_weak_secret_is_refused_and_not_repeated(production: Production) -> None:
    weak = "correct-horse-battery"

    ended = production.run("serve", JWT_SECRET=weak, REFRESH_SECRET=weak)

    assert ended.returncode == 1
    assert weak not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("name", "environ"),
    [
        ("TLS_CERT", {"TLS_CERT": "nowhere.pem", "TLS_KEY": "nowhere.key"}),
        ("FRONTEND_DIR", {"FRONTEND_DIR": "nowhere"}),
    ],
)
async def test_files_that_are_not_there_refuse_to_start(
    production: Production, name: str, environ: dict[str, str]
) -> None:
    ended = production.run("serve", PORT=str(free_port()), **environ)

    assert ended.returncode == 1
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()] == [name]


async def test_told_to_end_it_finishes_what_it_has_begun(production: Production) -> None:
    body = json.dumps(ADMIN.credentials).encode()
    head = (
        f"POST /api/auth/login HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    with production.serving(TRUSTED_PROXIES="127.0.0.1") as service:
        async with wire(service.port) as connection:
            await connection.send(head.encode())
            begun = await connection.expect(b"\r\n\r\n")

            service.process.terminate()
            await _until_closed(service.port)
            await connection.send(body)
            answer = await connection.rest()

        status = await asyncio.to_thread(service.process.wait, 30)

    assert begun.startswith(b"HTTP/1.1 100 ")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert status == 0


async def _until_closed(port: int) -> None:
    """Wait until nobody listens any more."""
    async with asyncio.timeout(10):
        while True:
            try:
                async with wire(port):
                    await asyncio.sleep(0.02)
            except ConnectionError:
                return
