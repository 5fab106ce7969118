from ipaddress import ip_network
from typing import Any

import pytest

from latchkey.entrypoints.http.pipeline.client import Proxies

PROXIES = Proxies((ip_network("10.0.0.0/8"), ip_network("fd00::/8")))


def scope(peer: str) -> Any:  # noqa: ANN401 - the part of an ASGI scope that is read
    return {"client": (peer, 1234), "scheme": "http"}


def test_a_stranger_is_not_believed_whatever_it_forwards() -> None:
    headers = {b"x-forwarded-for": b"192.0.2.7", b"x-forwarded-proto": b"https"}

    assert PROXIES.client_of(scope("198.51.100.1"), headers) == ("198.51.100.1", "http")


def test_without_trusted_proxies_nobody_is_believed() -> None:
    headers = {b"x-forwarded-for": b"192.0.2.7", b"x-forwarded-proto": b"https"}

    assert Proxies(()).client_of(scope("10.0.0.1"), headers) == ("10.0.0.1", "http")


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
    ],
)
def test_of_a_proxys_chain_the_last_stranger_is_the_client(forwarded: bytes, address: str) -> None:
    headers = {b"x-forwarded-for": forwarded}

    assert PROXIES.client_of(scope("10.0.0.1"), headers)[0] == address


@pytest.mark.parametrize(
    ("forwarded", "scheme"),
    [(b"https", "https"), (b"HTTPS", "https"), (b"http", "http"), (b"", "http")],
)
def test_a_proxy_tells_the_scheme(forwarded: bytes, scheme: str) -> None:
    headers = {b"x-forwarded-proto": forwarded}

    assert PROXIES.client_of(scope("10.0.0.1"), headers)[1] == scheme
