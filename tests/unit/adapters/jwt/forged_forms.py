"""Texts whose header and payload may be genuine, but whose compact form is not."""

from collections.abc import Callable
from typing import Final

from unit.adapters.jwt.forger import (
    SECRET,
    Genuine,
    base64url,
    dumped,
    signature,
    signed,
    unbase64url,
    with_unused_bits,
)

Forge = Callable[[Genuine], str]

_TOO_LONG: Final = 8193


def _changed(change: Callable[[str], str]) -> Forge:
    return lambda genuine: change(genuine.encoded)


def _as_it_is(text: str) -> Forge:
    return lambda _: text


def _segment(index: int, change: Callable[[str], str]) -> Forge:
    def forge(genuine: Genuine) -> str:
        segments = genuine.segments
        segments[index] = change(segments[index])
        return ".".join(segments)

    return forge


def _signed_segment(index: int, change: Callable[[str], str]) -> Forge:
    """Change the header or the payload, and sign the change."""
    return lambda genuine: signed(_segment(index, change)(genuine).rpartition(".")[0])


def _payload_with_spare_bits(genuine: Genuine) -> str:
    payload = dumped(genuine.claims)
    payload += b" " * ((1 - len(payload)) % 3)
    return signed(f"{genuine.segments[0]}.{with_unused_bits(base64url(payload))}")


def _header_with_spare_bits(genuine: Genuine) -> str:
    header = dumped(genuine.header)
    header += b" " * ((1 - len(header)) % 3)
    return signed(f"{with_unused_bits(base64url(header))}.{genuine.segments[1]}")


_WORDS: Final[dict[str, Callable[[str], str]]] = {
    "padding": lambda text: text + "=" * (-len(text) % 4 or 4),
    "one-equals-sign": lambda text: text + "=",
    "blank-after": lambda text: text + " ",
    "blank-before": lambda text: " " + text,
    "line-after": lambda text: text + "\n",
    "line-within": lambda text: text[:8] + "\r\n" + text[8:],
    "nul-within": lambda text: text[:8] + "\0" + text[8:],
    "exclamation-mark-within": lambda text: text[:8] + "!" + text[8:],
    "slash": lambda text: "/" + text[1:],
    "plus": lambda text: "+" + text[1:],
    "standard-alphabet-added": lambda text: text + "+/+/",
    "percent-encoded": lambda text: f"%{ord(text[0]):02X}{text[1:]}",
    "full-width": lambda text: chr(ord(text[0]) + 0xFEE0) + text[1:],
    "accented": lambda text: text + "ä",
    "lone-surrogate": lambda text: text + "\udc80",
    "zero-width": lambda text: text + "\u200b",
    "byte-order-mark": lambda text: "\ufeff" + text,
    "swapped-case": str.swapcase,
    "hexadecimal": lambda text: unbase64url(text).hex(),
    "one-more": lambda text: text + "A",
    "four-more": lambda text: text + "AAAA",
    "one-less": lambda text: text[:-1],
    "empty": lambda _: "",
}

ENCODING: Final[dict[str, Forge]] = (
    {f"encoding/header-{name}": _segment(0, change) for name, change in _WORDS.items()}
    | {f"encoding/payload-{name}": _segment(1, change) for name, change in _WORDS.items()}
    | {f"encoding/signature-{name}": _segment(2, change) for name, change in _WORDS.items()}
    | {f"encoding/signed-header-{name}": _signed_segment(0, word) for name, word in _WORDS.items()}
    | {f"encoding/signed-payload-{name}": _signed_segment(1, word) for name, word in _WORDS.items()}
    | {
        "encoding/header-unused-bits": _header_with_spare_bits,
        "encoding/payload-unused-bits": _payload_with_spare_bits,
        "encoding/signature-unused-bits": _segment(2, with_unused_bits),
    }
)

FRAMING: Final[dict[str, Forge]] = {
    f"framing/{text!r}": _as_it_is(text)
    for text in ("", ".", "..", "...", "....", " ", "\0", "null", "undefined", "a.b.c", "[object]")
} | {
    "framing/header": lambda g: g.segments[0],
    "framing/header-and-dot": lambda g: g.segments[0] + ".",
    "framing/header-signed": lambda g: signed(g.segments[0]),
    "framing/header-and-dot-signed": lambda g: signed(g.segments[0] + "."),
    "framing/no-signature": lambda g: ".".join(g.segments[:2]),
    "framing/empty-signature": lambda g: ".".join(g.segments[:2]) + ".",
    "framing/no-header": lambda g: ".".join(g.segments[1:]),
    "framing/dot-before": _changed(lambda text: "." + text),
    "framing/dot-after": _changed(lambda text: text + "."),
    "framing/four-segments": _changed(lambda text: text + ".AAAA"),
    "framing/four-segments-signed": lambda g: signed(".".join(g.segments[:2]) + ".AAAA"),
    "framing/empty-segment-signed": lambda g: signed(f"{g.segments[0]}..{g.segments[1]}"),
    "framing/five-segments": _changed(lambda text: text + ".AAAA.AAAA"),
    "framing/two-tokens": _changed(lambda text: f"{text},{text}"),
    "framing/scheme": _changed(lambda text: f"Bearer {text}"),
    "framing/quoted": _changed(lambda text: f'"{text}"'),
    "framing/json": lambda g: dumped(dict(zip("hps", g.segments, strict=True))).decode(),
    "framing/reversed": lambda g: ".".join(reversed(g.segments)),
    "framing/other-dot": _changed(lambda text: text.replace(".", "\u3002")),
    "framing/signature-of-the-payload": lambda g: (
        ".".join(g.segments[:2]) + "." + signature(g.segments[1])
    ),
}

SIZE: Final[dict[str, Forge]] = {
    "size/signed-one-too-long": lambda g: signed_of_length(g, _TOO_LONG),
    "size/signed-64-KiB": lambda g: signed_of_length(g, 65_536),
    "size/1-MiB": lambda _: "A" * 2**20,
    "size/1-MiB-of-dots": lambda _: "." * 2**20,
    "size/header-and-1-MiB": lambda g: g.segments[0] + "." + "A" * 2**20,
}

KIND: Final[dict[str, Forge]] = {
    "kind/session-id": lambda g: str(g.claims["sid"]),
    "kind/refresh-token": lambda _: "AQ" + "A" * 98,
    "kind/secret": lambda _: SECRET.decode(),
    "jwe/direct": lambda _: ".".join(
        (base64url(dumped({"alg": "dir", "enc": "A256GCM"})), "", "AAAA", "AAAA", "AAAA")
    ),
    "jwe/genuine-header": lambda g: f"{g.segments[0]}..AAAA.AAAA.{g.segments[2]}",
    "nested/declared": lambda g: signed(
        base64url(dumped(g.header | {"cty": "JWT"})) + "." + base64url(g.encoded.encode())
    ),
    "nested/undeclared": lambda g: g.with_payload(g.encoded.encode()),
}

FORMS: Final = ENCODING | FRAMING | SIZE | KIND


def signed_of_length(genuine: Genuine, length: int) -> str:
    """Fill a token up to a length with blanks, which JSON allows."""
    payload_length = length - len(genuine.segments[0]) - len(genuine.segments[2]) - 2
    raw = dumped(genuine.claims).ljust(payload_length * 3 // 4)
    filled = signed(f"{genuine.segments[0]}.{base64url(raw)}")
    assert len(filled) == length
    return filled
