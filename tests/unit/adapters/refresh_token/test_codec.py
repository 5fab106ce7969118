"""The wire form of refresh tokens, byte by byte."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from latchkey.domain.factors.authentication import Means
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.testing.frozen_clock import START
from unit.adapters.refresh_token.writer import (
    CONTEXT,
    SECRET,
    TOKEN,
    body,
    codec,
    forged,
    hkdf,
    refuses,
)


def test_the_bytes_are_those_of_the_contract() -> None:
    genuine = body(codec(SECRET).encode(TOKEN))

    assert (
        genuine
        == (
            b"\x01"  # version
            + hkdf(SECRET, b"refresh-key-id/v1|" + CONTEXT.encode())[:1]
            + b"\x00"  # flags
            + bytes.fromhex("0198c0de00007000800000000000abcd")
            + bytes.fromhex("00000007")
            + bytes.fromhex("69cc6000")  # 2026-04-01T00:00:00Z
            + bytes.fromhex("000102030405060708090a0b0c0d0e0f")
        )
    )


def test_the_mac_is_that_of_the_contract() -> None:
    encoded = codec(SECRET).encode(TOKEN)

    assert encoded == forged(body(encoded))


def test_a_token_stays_the_same_from_release_to_release() -> None:
    assert codec(SECRET).encode(TOKEN) == (
        "AY4AAZjA3gAAcACAAAAAAACrzQAAAAdpzGAAAAECAwQFBgcICQoLDA0OD9Pu7bd8"
        "tiFqq-jvDzeHrJnPk3glJvmmLZRE19q9VZ1v"
    )


def test_a_flag_says_that_a_second_factor_was_proven() -> None:
    encoded = codec(SECRET).encode(replace(TOKEN, means=Means.PASSWORD_AND_CODE))

    genuine = body(codec(SECRET).encode(TOKEN))
    assert encoded == forged(genuine[:2] + b"\x01" + genuine[3:])


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_refused_with_a_true_mac(version: int) -> None:
    genuine = body(codec(SECRET).encode(TOKEN))

    assert refuses(codec(SECRET), forged(bytes([version]) + genuine[1:]))


@pytest.mark.parametrize("flags", [4, 5, 128, 255])
def test_any_other_flag_is_refused_with_a_true_mac(flags: int) -> None:
    genuine = body(codec(SECRET).encode(TOKEN))

    assert refuses(codec(SECRET), forged(genuine[:2] + bytes([flags]) + genuine[3:]))


def test_another_key_id_is_refused_with_a_true_mac() -> None:
    genuine = body(codec(SECRET).encode(TOKEN))
    others = (bytes([key_id]) for key_id in range(256) if key_id != genuine[1])

    accepted = [
        other
        for other in others
        if not refuses(codec(SECRET), forged(genuine[:1] + other + genuine[2:]))
    ]

    assert accepted == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text[:-1], id="a character less"),
        pytest.param(lambda text: text + "A", id="a character more"),
        pytest.param(lambda text: text + "AAAA", id="three bytes more"),
        pytest.param(lambda text: text[:-4], id="three bytes less"),
        pytest.param(lambda text: text + "=", id="padding"),
        pytest.param(lambda text: text[:-1] + "=", id="padding within the length"),
        pytest.param(lambda text: text + "\n", id="line"),
        pytest.param(lambda text: text[:-1] + "\n", id="line within the length"),
        pytest.param(lambda text: " " + text, id="blank"),
        pytest.param(lambda text: f'"{text}"', id="quoted"),
        pytest.param(lambda text: f"%{ord(text[0]):02X}{text[1:]}", id="percent-encoded"),
        pytest.param(lambda text: text.replace("-", "+"), id="the standard alphabet's plus"),
        pytest.param(lambda text: text.replace("_", "/"), id="the standard alphabet's slash"),
        pytest.param(lambda text: "+" + text[1:], id="plus"),
        pytest.param(lambda text: "/" + text[1:], id="slash"),
        pytest.param(lambda text: "ä" + text[1:], id="accented"),
        pytest.param(lambda text: "\uff21" + text[1:], id="full-width"),
        pytest.param(lambda text: "\udc80" + text[1:], id="lone surrogate"),
        pytest.param(lambda text: "\0" + text[1:], id="nul"),
        pytest.param(lambda text: text[:50] + text[50:].swapcase(), id="swapped case"),
        pytest.param(lambda text: f"{text},{text}", id="two"),
        pytest.param(lambda _: "", id="nothing"),
        pytest.param(lambda _: "A" * 100, id="zeros"),
        pytest.param(lambda _: "A" * 2**20, id="1 MiB"),
    ],
)
def test_another_spelling_is_refused(change: Callable[[str], str]) -> None:
    encoded = codec(SECRET).encode(TOKEN.with_generation(8))  # has - and _ in it
    assert change(encoded) != encoded

    with pytest.raises(RefreshTokenInvalidError):
        codec(SECRET).decode(change(encoded), START)
