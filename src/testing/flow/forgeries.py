"""Forged access tokens, each with one fault, by the name of the fault.

Each function makes one from a genuine token. Those in `SIGNED` have a correct signature, so that
their one fault is the only reason to reject them.
"""

import base64
import json
from collections.abc import Callable
from typing import Any, Final

from latchkey.testing.flow.jwt_anatomy import Anatomy

Unsigned = Callable[[str], str]
Forgery = Callable[[Anatomy], Anatomy]

_URLSAFE: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_DEEP: Final = b"[" * 900 + b"]" * 900


def _mutate(place: int) -> Unsigned:
    def mutated(token: str) -> str:
        at = place % len(token)
        return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]

    return mutated


def _last_bits(token: str) -> str:
    """Spell the same signature differently: flip a bit of its last character that no byte uses."""
    return token[:-1] + _URLSAFE[_URLSAFE.index(token[-1]) ^ 1]


def _without_signature(algorithm: str) -> Unsigned:
    return lambda token: Anatomy.of(token).with_header(alg=algorithm).token.rpartition(".")[0] + "."


def _header(**members: object) -> Forgery:
    return lambda genuine: genuine.with_header(**members)


def _claim(name: str, value: object) -> Forgery:
    return lambda genuine: genuine.with_claims(**{name: value})


def _shifted(name: str, seconds: float) -> Forgery:
    return lambda genuine: genuine.with_claims(**{name: genuine.claims[name] + seconds})


def _text(name: str, spell: Callable[[Any], str]) -> Forgery:
    """Replace the JSON text of a claim's value."""

    def forged(genuine: Anatomy) -> Anatomy:
        claims = genuine.claims
        own = f'"{name}":{spell(claims.pop(name))}'
        return genuine.with_payload(f"{json.dumps(claims)[:-1]},{own}}}".encode())

    return forged


UNSIGNED: Final[dict[str, Unsigned]] = {
    "nothing": lambda _: "",
    "a word": lambda _: "null",
    "dots": lambda _: "..",
    "two segments": lambda token: token.rpartition(".")[0],
    "four segments": lambda token: f"{token}.{token.rpartition('.')[2]}",
    "five segments, like an encrypted token": lambda token: f"{token}.AAAA.AAAA",
    "no signature": lambda token: token.rpartition(".")[0] + ".",
    "alg none": _without_signature("none"),
    "alg None": _without_signature("None"),
    "alg NONE": _without_signature("NONE"),
    "alg nOnE": _without_signature("nOnE"),
    "no alg": lambda token: Anatomy.of(token).with_header(alg=None).token,
    "header changed": _mutate(3),
    "payload changed": lambda token: _mutate(token.index(".") + 9)(token),
    "signature changed": _mutate(-20),
    "signature spelled otherwise": _last_bits,
    "padding": lambda token: token + "=",
    "standard base64": lambda token: token.replace("-", "+").replace("_", "/") + "+",
    "a blank inside": lambda token: token.replace(".", ". ", 1),
    "a line feed's escape inside": lambda token: token.replace(".", "%0A.", 1),
    "quoted": lambda token: f'"{token}"',
    "twice": lambda token: f"{token},{token}",
    "role promoted": lambda token: Anatomy.of(token).with_claims(role="ADMIN").token,
    "longer than 8 KiB": lambda token: token + "A" * 8_192,
    "not ASCII": lambda token: token[:-1] + "\N{LATIN SMALL LETTER E WITH ACUTE}",
}

SIGNED: Final[dict[str, Forgery]] = {
    "alg HS384": _header(alg="HS384"),
    "alg HS512": _header(alg="HS512"),
    "alg RS256": _header(alg="RS256"),
    "alg ES256": _header(alg="ES256"),
    "alg in lower case": _header(alg="hs256"),
    "alg a number": _header(alg=256),
    "typ JWT": _header(typ="JWT"),
    "typ refresh": _header(typ="rt+jwt"),
    "no typ": _header(typ=None),
    "no kid": _header(kid=None),
    "another kid": _header(kid="another"),
    "kid a path": _header(kid="../../dev/null"),
    "kid a statement": _header(kid="' OR 1=1 --"),
    "kid a number": _header(kid=1),
    "crit": _header(crit=["exp"]),
    "crit empty": _header(crit=[]),
    "jwk": _header(jwk={"kty": "oct", "k": "AAAA"}),
    "jku": _header(jku="https://example.com/keys"),
    "x5u": _header(x5u="https://example.com/chain"),
    "x5c": _header(x5c=["AAAA"]),
    "b64": _header(b64=False),
    "zip": _header(zip="DEF"),
    "cty": _header(cty="JWT"),
    "header a list": lambda genuine: genuine.with_header_text(b"[]"),
    "header not UTF-8": lambda genuine: genuine.with_header_text(b'{"alg":"\xff"}'),
    "header deep": lambda genuine: genuine.with_header_text(_DEEP),
    "header with a member twice": lambda genuine: genuine.with_header_text(
        b'{"alg":"none",' + genuine.header[1:]
    ),
    **{
        f"no {claim}": _claim(claim, None)
        for claim in ("sub", "email", "role", "iat", "exp", "iss", "aud", "jti", "sid")
    },
    "expired": _shifted("exp", -86_400),
    "exp in a year": _shifted("exp", 31_536_000),
    "exp one second later": _shifted("exp", 1),
    "exp a string": _text("exp", lambda exp: f'"{exp}"'),
    "exp a fraction": _text("exp", lambda exp: f"{exp}.5"),
    "exp true": _text("exp", lambda _: "true"),
    "exp null": _text("exp", lambda _: "null"),
    "exp not a number": _text("exp", lambda _: "NaN"),
    "exp infinite": _text("exp", lambda _: "Infinity"),
    "exp with 400 digits": _text("exp", lambda _: "9" * 400),
    "exp negative": _claim("exp", -1),
    "iat in an hour": lambda genuine: genuine.with_claims(
        iat=genuine.claims["iat"] + 3_600, exp=genuine.claims["exp"] + 3_600
    ),
    "iat a string": _text("iat", lambda iat: f'"{iat}"'),
    "iat after exp": lambda genuine: genuine.with_claims(iat=genuine.claims["exp"] + 1),
    "iss another": _claim("iss", "somebody-else"),
    "iss a list": lambda genuine: genuine.with_claims(iss=[genuine.claims["iss"]]),
    "iss a prefix": lambda genuine: genuine.with_claims(iss=genuine.claims["iss"][:-1]),
    "iss in upper case": lambda genuine: genuine.with_claims(iss=genuine.claims["iss"].upper()),
    "aud another": _claim("aud", "somebody-else"),
    "aud empty": _claim("aud", []),
    "aud an object": _claim("aud", {"latchkey": True}),
    "sub an e-mail address": lambda genuine: genuine.with_claims(sub=genuine.claims["email"]),
    "sub in upper case": lambda genuine: genuine.with_claims(sub=genuine.claims["sub"].upper()),
    "sub in braces": lambda genuine: genuine.with_claims(sub=f"{{{genuine.claims['sub']}}}"),
    "sub without dashes": lambda genuine: genuine.with_claims(
        sub=genuine.claims["sub"].replace("-", "")
    ),
    "sub a number": _claim("sub", 1),
    "sid a list": lambda genuine: genuine.with_claims(sid=[genuine.claims["sid"]]),
    "sid no identifier": _claim("sid", "x"),
    "role unknown": _claim("role", "ROOT"),
    "role in lower case": _claim("role", "admin"),
    "role a list": _claim("role", ["ADMIN"]),
    "email a number": _claim("email", 7),
    "jti a number": _claim("jti", 7),
    "payload a list": lambda genuine: genuine.with_payload(b"[" + genuine.payload + b"]"),
    "payload null": lambda genuine: genuine.with_payload(b"null"),
    "payload empty": lambda genuine: genuine.with_payload(b""),
    "payload deep": lambda genuine: genuine.with_payload(_DEEP),
    "payload not UTF-8": lambda genuine: genuine.with_payload(
        genuine.payload.replace(b'"email":"', b'"email":"\xff', 1)
    ),
    "payload in UTF-16": lambda genuine: genuine.with_payload(
        genuine.payload.decode().encode("utf-16")
    ),
    "payload with a byte order mark": lambda genuine: genuine.with_payload(
        b"\xef\xbb\xbf" + genuine.payload
    ),
    "payload with something behind": lambda genuine: genuine.with_payload(genuine.payload + b"{}"),
    "payload with a claim twice": lambda genuine: genuine.with_payload(
        b'{"role":"ADMIN",' + genuine.payload[1:]
    ),
    "payload longer than 8 KiB": _claim("email", "e" * 8_192),
    "payload a token": lambda genuine: genuine.with_payload(
        base64.urlsafe_b64encode(genuine.token.encode())
    ),
}
