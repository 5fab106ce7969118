"""Clients that are slow, or that say two things at once: none of them is in anybody's way."""

import asyncio
import ssl
import time
from contextlib import AsyncExitStack, suppress

import pytest

from harness.service import Installation, Service
from harness.wire import Wire, wire
from latchkey.entrypoints.http.pipeline.body import DEADLINE
from production.deployment import HOST, PROXY, visitor_of

pytestmark = pytest.mark.anyio

LATE = 8.0  # s; what a busy machine adds to a deadline
READ = 64 * 1024  # bytes of a head that are read at most
CROWD = 20  # slow clients of each kind
HEAD = (
    f"POST /api/auth/login HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
    "Content-Type: application/json\r\n"
).encode()
HALF_A_HEAD = b"GET /health/live HTTP/1.1\r\nX: "
HALF_A_BODY = HEAD + b'Content-Length: 90\r\n\r\n{"email":'
HALF_A_HELLO = bytes((22, 3, 1, 2, 0, 1))  # RFC 8446, 5.1: a handshake of 512 bytes, cut short
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"2\r\n{}\r\n0\r\n\r\n"
CODINGS = {
    "coding-before-chunked": b"Transfer-Encoding: gzip, chunked\r\n",
    "chunked-twice": b"Transfer-Encoding: chunked, chunked\r\n",
    "chunked-in-two-lines": b"Transfer-Encoding: chunked\r\n" * 2,
}

AMBIGUOUS = {
    "two-lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "folded-line": HEAD + b"X-Folded: one\r\n two\r\nContent-Length: 2\r\n\r\n{}",
    "odd-coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "negative-length": HEAD + b"Content-Length: -1\r\n\r\n",
    "two-lengths-in-one": HEAD + b"Content-Length: 2, 3\r\n\r\n{}",
    "signed-length": HEAD + b"Content-Length: +2\r\n\r\n{}",
    "two-codings": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
    "chunk-of-no-size": CHUNKED + b"ZZ\r\n{}\r\n0\r\n\r\n",
    "chunk-of-negative-size": CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "chunk-of-vast-size": CHUNKED + b"f" * 18 + b"\r\n{}\r\n0\r\n\r\n",
    "chunk-beyond-its-size": CHUNKED + b"2\r\n{}{}\r\n0\r\n\r\n",
    "blank-before-colon": HEAD + b"Content-Length : 2\r\n\r\n{}",
    "carriage-return-inside": HEAD + b"X-Odd: a\rb\r\nContent-Length: 2\r\n\r\n{}",
    "nul-inside": HEAD + b"X-Odd: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "many-headers": HEAD + b"X-Many: x\r\n" * 200 + b"\r\n",
    "no-version": b"GET /health/live\r\n\r\n",
    "large-header": HEAD + b"X-Large: " + b"x" * 128 * 1024 + b"\r\n\r\n",
}


@pytest.mark.requirement("HT-4", "HT-6")
@pytest.mark.parametrize("request_bytes", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_an_ambiguous_request_is_refused_and_the_connection_closed(
    behind_proxy: Service, request_bytes: bytes
) -> None:
    async with wire(behind_proxy.port) as connection:
        await connection.send(request_bytes)
        answer = await connection.rest()

    is_lost = answer == b"" and len(request_bytes) > READ  # by a reset, with what was left unread
    assert is_lost or answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 ")), answer
    assert answer.count(b"HTTP/1.1 ") <= 1


@pytest.mark.requirement("HT-4")
@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS.keys())
async def test_another_transfer_coding_than_chunked_is_refused(
    behind_proxy: Service, coding: bytes
) -> None:
    async with wire(behind_proxy.port) as connection:
        await connection.send(HEAD + coding + b"\r\n" + CHUNKS)
        answer = await connection.rest()

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nconnection: close\r\n" in answer.lower()
    assert b'"field":"Transfer-Encoding"' in answer


@pytest.mark.requirement("HT-4")
async def test_a_length_beside_chunks_smuggles_no_second_request(behind_proxy: Service) -> None:
    smuggled = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    framing = f"Content-Length: {len(smuggled) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with wire(behind_proxy.port) as connection:
        await connection.send(HEAD + framing.encode() + b"0\r\n\r\n" + smuggled)
        answer = await connection.rest()

    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"HTTP/1.1 2" not in answer


@pytest.mark.requirement("HT-1")
@pytest.mark.parametrize(
    "framing", [b"Content-Length: 60000", b"Transfer-Encoding: chunked"], ids=["whole", "chunked"]
)
async def test_who_still_sends_a_body_that_is_too_large_can_finish_and_read_the_response(
    behind_proxy: Service, framing: bytes
) -> None:
    part, end = b"x" * 20_000, b""
    if b"chunked" in framing:
        part, end = b"4e20\r\n%s\r\n" % part, b"0\r\n\r\n"
    async with wire(behind_proxy.port) as connection:
        for sent in (HEAD + framing + b"\r\n\r\n", part, part, part + end):
            connection.writer.write(sent)
            await connection.writer.drain()  # fails when the service has closed the connection
            await asyncio.sleep(0.1)
        answer = await connection.reader.read()

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_nobody_can_send_without_end_or_pause_for_long(behind_proxy: Service) -> None:
    began = time.monotonic()
    async with wire(behind_proxy.port) as endless, wire(behind_proxy.port) as pausing:
        await endless.send(HEAD + b"Content-Length: 100000000\r\n\r\n")
        answers = [await endless.rest()]
        await pausing.send(HEAD + b"Content-Length: 60000\r\n\r\n{")
        answers.append(await pausing.rest())
    took = time.monotonic() - began

    assert [answer[:13] for answer in answers] == [b"HTTP/1.1 413 "] * 2
    assert took < LATE


async def test_the_target_of_a_request_names_no_other_host(behind_proxy: Service) -> None:
    head = "{} {} HTTP/1.1\r\nHost: {}\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    answers = []
    for target, host in (("http://evil.example", HOST), (f"http://{HOST}", "evil.example")):
        async with wire(behind_proxy.port) as connection:
            await connection.send(head.format("GET", f"{target}/api/auth/me", host).encode())
            answers.append(await connection.rest())

    assert [answer[:13] for answer in answers] == [b"HTTP/1.1 401 ", b"HTTP/1.1 400 "]
    assert b"host_not_allowed" in answers[1]
    assert b"evil.example" not in b"".join(answers)


@pytest.mark.requirement("HT-5")
async def test_the_time_for_a_head_can_be_set(
    production: Installation, certificate: dict[str, str], trust: ssl.SSLContext
) -> None:
    with production.serving(trust, WORKERS="1", HEAD_TIMEOUT="1s", **certificate) as service:
        began = time.monotonic()
        async with wire(service.port, trust) as silent, wire(service.port, trust) as idle:
            await idle.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            await idle.expect(b'"ok"}')
            rest = await asyncio.gather(silent.rest(), idle.rest())
        took = time.monotonic() - began

    assert set(rest) == {b""}
    assert 1.0 <= took < DEADLINE


@pytest.mark.requirement("HT-15")
async def test_http_2_is_not_spoken(behind_proxy: Service) -> None:
    settings = bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))  # RFC 9113, 6.5: an empty frame
    async with wire(behind_proxy.port) as connection:
        await connection.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings)
        answer = await connection.rest()

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.requirement("HT-5")
async def test_slow_clients_are_cut_off(behind_proxy: Service) -> None:
    began = time.monotonic()
    async with (
        wire(behind_proxy.port) as stalled,
        wire(behind_proxy.port) as dripping,
        wire(behind_proxy.port) as head,
    ):
        await stalled.send(HALF_A_BODY)
        rest_of_head, *answers = await asyncio.gather(
            _drip(head, HALF_A_HEAD), _drip(dripping, HALF_A_BODY), stalled.rest()
        )
        took = time.monotonic() - began

    assert took < DEADLINE + LATE
    assert b"HTTP/1.1 2" not in rest_of_head
    for answer in answers:
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"\r\nconnection: close\r\n" in answer.lower()


@pytest.mark.requirement("HT-5")
async def test_a_crowd_of_slow_clients_holds_up_nobody(behind_proxy: Service) -> None:
    async with AsyncExitStack() as stack:
        slow = []
        for beginning in (b"", HALF_A_HEAD, HALF_A_BODY) * CROWD:
            slow.append(await stack.enter_async_context(wire(behind_proxy.port)))
            await slow[-1].send(beginning)

        visitor = visitor_of(await stack.enter_async_context(behind_proxy.client(PROXY)))
        meanwhile = [await visitor.refresh("x" * 100) for _ in range(CROWD)]
        waiting = [connection for connection in slow if not connection.reader.at_eof()]

    assert {answer.status_code for answer in meanwhile} == {401}
    assert waiting == slow


@pytest.mark.requirement("HT-5")
async def test_a_connection_without_a_request_is_closed(
    behind_proxy: Service, over_tls: Service, trust: ssl.SSLContext
) -> None:
    async with (
        wire(behind_proxy.port) as silent,
        wire(behind_proxy.port) as idle,
        wire(over_tls.port) as without_hello,
        wire(over_tls.port) as amid_hello,
        wire(over_tls.port, trust) as after_hello,
    ):
        await amid_hello.send(HALF_A_HELLO)
        await idle.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        await idle.expect(b'"ok"}')

        said_nothing = (silent, idle, without_hello, amid_hello, after_hello)
        rest = await asyncio.gather(*(connection.rest() for connection in said_nothing))

    assert set(rest) == {b""}


async def _drip(connection: Wire, beginning: bytes) -> bytes:
    """Send a byte now and then, until the service has enough of it, and give what it said."""
    ended = asyncio.create_task(connection.rest())
    await connection.send(beginning)
    while not ended.done():
        await connection.send(b"x")
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(ended), timeout=0.5)
    return ended.result()
