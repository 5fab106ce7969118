from ipaddress import ip_network
from typing import Any

import pytest

from latchkey.entrypoints.http.pipeline.client import ClientInfo, Proxies, trace_of

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def ignore() -> None:
    """Let a silent proxy be."""


PROXIES = Proxies(TRUSTED, ignore)


def scope(peer: str) -> Any:  # noqa: ANN401 - the part of an ASGI scope that is read
    return {"client": (peer, 1234), "scheme": "http"}


def test_a_stranger_is_not_believed_whatever_it_forwards() -> None:
    headers = {b"x-forwarded-for": b"192.0.2.7", b"x-forwarded-proto": b"https"}

    assert PROXIES.client_of(scope("198.51.100.1"), headers) == ("198.51.100.1", "http")


def test_without_trusted_proxies_nobody_is_believed() -> None:
    headers = {b"x-forwarded-for": b"192.0.2.7", b"x-forwarded-proto": b"https"}

    assert Proxies((), ignore).client_of(scope("10.0.0.1"), headers) == ("10.0.0.1", "http")


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (b"192.0.2.7", "192.0.2.7"),
        (b"203.0.113.9, 192.0.2.7", "192.0.2.7"),
        (b"203.0.113.9, 192.0.2.7, 10.1.2.3", "192.0.2.7"),
        (b"10.9.9.9", "10.0.0.1"),
        (b"", "10.0.0.1"),
        (b"unknown", "10.0.0.1"),
        (b"2001:DB8::1", "2001:db8::1"),
        (b"203.0.113.9:51000", "203.0.113.9"),
        (b"[2001:db8::9]:443", "2001:db8::9"),
        (b"[2001:db8::9]", "2001:db8::9"),
        (b"::ffff:192.0.2.7", "192.0.2.7"),
        (b"192.0.2.7, ::ffff:10.1.2.3", "192.0.2.7"),
        (b"203.0.113.9, fe80::1%  from=8.8.8.8 user=root", "10.0.0.1"),
        (b"203.0.113.9, nonsense, 10.1.2.3", "10.0.0.1"),
    ],
)
def test_of_a_proxys_chain_the_last_stranger_is_the_client(forwarded: bytes, address: str) -> None:
    headers = {b"x-forwarded-for": forwarded}

    assert PROXIES.client_of(scope("10.0.0.1"), headers)[0] == address


@pytest.mark.parametrize(
    ("forwarded", "scheme"),
    [
        (b"https", "https"),
        (b"HTTPS", "https"),
        (b"https, https", "https"),
        (b"https,http", "http"),
        (b"http, https", "http"),
        (b"http", "http"),
        (b"", "http"),
    ],
)
def test_a_proxy_tells_the_scheme(forwarded: bytes, scheme: str) -> None:
    headers = {b"x-forwarded-proto": forwarded}

    assert PROXIES.client_of(scope("10.0.0.1"), headers)[1] == scheme


@pytest.mark.parametrize("peer", ["::ffff:10.0.0.1", "10.0.0.1"])
def test_a_trusted_proxy_is_known_over_ipv6_too(peer: str) -> None:
    headers = {b"x-forwarded-for": b"192.0.2.7", b"x-forwarded-proto": b"https"}

    assert PROXIES.client_of(scope(peer), headers) == ("192.0.2.7", "https")


def test_a_client_over_ipv6_has_its_ipv4_address() -> None:
    assert Proxies((), ignore).client_of(scope("::ffff:192.0.2.7"), {})[0] == "192.0.2.7"


def test_a_proxy_that_names_no_client_is_reported_once() -> None:
    warnings: list[str] = []
    proxies = Proxies(TRUSTED, lambda: warnings.append("silent"))
    proxies.client_of(scope("10.0.0.1"), {b"x-forwarded-for": b"192.0.2.7"})
    proxies.client_of(scope("192.0.2.7"), {})
    assert warnings == []

    for _ in range(3):
        proxies.client_of(scope("10.0.0.1"), {})

    assert warnings == ["silent"]


@pytest.mark.parametrize(
    ("scheme", "host", "origin"),
    [
        ("https", "auth.example.com:443", "https://auth.example.com"),
        ("http", "auth.example.com:80", "http://auth.example.com"),
        ("https", "auth.example.com:80", "https://auth.example.com:80"),
        ("https", "auth.example.com:8443", "https://auth.example.com:8443"),
        ("http", "[::1]:80", "http://[::1]"),
    ],
)
def test_the_default_port_is_no_part_of_an_origin(scheme: str, host: str, origin: str) -> None:
    client = ClientInfo(request_id="1", address="", scheme=scheme, host=host)

    assert client.origin == origin


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "header",
    [f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00", f"cc-{TRACE}-{SPAN}-01-what-comes-later"],
)
def test_a_trace_is_named_by_its_id(header: str) -> None:
    assert trace_of(header.encode()) == (TRACE, SPAN)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"{TRACE}",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01, 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE[:-1]}-{SPAN}-01",
    ],
)
def test_what_is_no_trace_is_left_out(header: str) -> None:
    assert trace_of(header.encode()) is None
