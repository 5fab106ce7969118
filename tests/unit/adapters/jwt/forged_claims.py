"""Tokens that are truly signed by the service's own key and say what it would never say.

They show that the claims are judged for themselves: whoever shares the secret, be it an older
release, a script or another service, gets no further with a token that breaks a rule.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from latchkey.testing.frozen_clock import START
from unit.adapters.jwt.forger import Genuine, dumped, without

Forge = Callable[[Genuine], str]

LIFETIME: Final = timedelta(minutes=15)
_NOW: Final = int(START.timestamp())
_SECONDS: Final = int(LIFETIME.total_seconds())
_ID: Final = "0198c0de-0000-7000-8000-00000000abcd"

ALL: Final = ("iss", "aud", "sub", "email", "role", "iat", "exp", "jti", "sid")
_TEXTS: Final = ("iss", "aud", "sub", "email", "role", "jti", "sid")
_TIMES: Final = ("iat", "exp", "nbf")


def _claims(**claims: object) -> Forge:
    return lambda genuine: genuine.with_claims(**claims)


def _lacking(name: str) -> Forge:
    return lambda genuine: genuine.with_payload(without(genuine.claims, name))


def _wrapped(name: str, wrap: Callable[[Any], object]) -> Forge:
    return lambda genuine: genuine.with_claims(**{name: wrap(genuine.claims[name])})


def _raw(change: Callable[[bytes], bytes]) -> Forge:
    return lambda genuine: genuine.with_payload(change(dumped(genuine.claims)))


def _also(member: bytes) -> Forge:
    return _raw(lambda raw: raw[:-1] + b"," + member + b"}")


def _number(name: str, number: str) -> Forge:
    def forge(genuine: Genuine) -> str:
        raw = dumped(genuine.claims | {name: "?"})
        return genuine.with_payload(raw.replace(b'"?"', number.encode()))

    return forge


MISSING: Final[dict[str, Forge]] = {f"claims/{name}-missing": _lacking(name) for name in ALL}

TYPES: Final[dict[str, Forge]] = (
    {f"claims/{name}-null": _claims(**{name: None}) for name in ALL}
    | {f"claims/{name}-true": _claims(**{name: True}) for name in (*ALL, "nbf")}
    | {f"claims/{name}-number": _claims(**{name: 1}) for name in _TEXTS}
    | {f"claims/{name}-in-a-list": _wrapped(name, lambda value: [value]) for name in ALL}
    | {f"claims/{name}-in-an-object": _wrapped(name, lambda value: {value: value}) for name in ALL}
    | {f"claims/{name}-empty": _claims(**{name: ""}) for name in ALL}
    | {f"claims/acr-{value}": _claims(acr=value) for value in (None, True, 2, "", "aal3", "AAL2")}
    | {"claims/acr-in-a-list": _claims(acr=["aal2"])}
    | {f"{name}/string": _claims(**{name: str(_NOW)}) for name in _TIMES}
    | {f"{name}/float": _number(name, f"{_NOW + 1}.0") for name in _TIMES}
    | {f"{name}/exponent": _number(name, "1e9") for name in _TIMES}
)

TIMES: Final[dict[str, Forge]] = {
    "exp/now": _claims(iat=_NOW - _SECONDS, exp=_NOW),
    "exp/long-ago": _claims(iat=_NOW - 9 * _SECONDS, exp=_NOW - 8 * _SECONDS),
    "exp/zero": _claims(exp=0),
    "exp/negative": _claims(exp=-_NOW),
    "exp/one-second-too-long": _claims(iat=_NOW, exp=_NOW + _SECONDS + 1),
    "exp/long-issued-long-lived": _claims(iat=_NOW - 86_400, exp=_NOW + 1),
    "exp/milliseconds": _claims(exp=_NOW * 1000),
    "exp/year-9999": _claims(exp=253_402_300_799),
    "exp/beyond-64-bits": _claims(exp=2**64),
    "exp/401-digits": _number("exp", "9" * 401),
    "exp/5000-digits": _number("exp", "9" * 5000),
    "exp/infinity": _number("exp", "Infinity"),
    "exp/overflow": _number("exp", "1e999"),
    "exp/nan": _number("exp", "NaN"),
    "exp/before-iat": _claims(iat=_NOW + 3, exp=_NOW + 2),
    "exp/at-iat": _claims(iat=_NOW + 3, exp=_NOW + 3),
    "iat/beyond-the-leeway": _claims(iat=_NOW + 6, exp=_NOW + 7),
    "iat/beyond-the-leeway-with-an-early-nbf": _claims(iat=_NOW + 6, exp=_NOW + 7, nbf=_NOW),
    "iat/tomorrow": _claims(iat=_NOW + 86_400, exp=_NOW + 86_400 + _SECONDS),
    "iat/negative": _claims(iat=-_NOW),
    "iat/zero": _claims(iat=0),
    "iat/401-digits": _number("iat", "9" * 401),
    "iat/minus-401-digits": _number("iat", "-" + "9" * 401),
    "iat/milliseconds": _claims(iat=_NOW * 1000),
    "nbf/beyond-the-leeway": _claims(nbf=_NOW + 6),
    "nbf/null": _claims(nbf=None),
}

_OTHER_NAMES: Final[list[object]] = [
    *("other", "latchkey2", "latchke", "Latchkey", "LATCHKEY", "latchkey/", "latchkey "),
    *(" latchkey", "latchkey\0", "latchkey.attacker.example", "https://latchkey", "*"),
    *("l\u0430tchkey", ["latchkey"], ["latchkey", "other"], ["other", "latchkey"], {}, []),
]
NAMES: Final[dict[str, Forge]] = {
    f"{group}/{value!r}": _claims(**{claim: value})
    for group, claim in {"issuer": "iss", "audience": "aud"}.items()
    for value in _OTHER_NAMES
}

_OTHER_IDS: Final[list[object]] = [
    *("ada@example.org", "1", "admin", f"{{{_ID}}}", f"urn:uuid:{_ID}", _ID.upper()),
    *(_ID.replace("-", ""), f" {_ID}", f"{_ID}\n", f"{_ID}\0", _ID[:-1], f"{_ID}0"),
    *(_ID.replace("-", "", 1) + "-", _ID.replace("0", "\uff10"), _ID.replace("00", "0_", 1)),
    *(_ID.replace("0", "g"), "' OR 1=1 --", [_ID], {"id": _ID}, "\ud800"),
]
SUBJECTS: Final[dict[str, Forge]] = {
    f"{claim}/{value!r}": _claims(**{claim: value})
    for claim in ("sub", "sid", "jti")
    for value in _OTHER_IDS
}

_OTHER_ROLES: Final[list[object]] = [
    *("admin", "Admin", "ADMIN ", "ROOT", "ADMIN,USER", "Role.ADMIN", ["ADMIN"], {}),
]
ROLES: Final[dict[str, Forge]] = {f"role/{value!r}": _claims(role=value) for value in _OTHER_ROLES}

ADDRESSES: Final[dict[str, Forge]] = {
    "email/255-bytes": _claims(email="a" * 243 + "@example.org"),
    "email/255-bytes-in-fewer-characters": _claims(email="ä" * 122 + "@example.org"),
    "email/lone-surrogate": _claims(email="\ud800@example.org"),
}

PAYLOADS: Final[dict[str, Forge]] = {
    "payload/empty": _raw(lambda _: b""),
    "payload/blank": _raw(lambda _: b" "),
    "payload/text": _raw(lambda _: b"latchkey"),
    "payload/null": _raw(lambda _: b"null"),
    "payload/true": _raw(lambda _: b"true"),
    "payload/number": _raw(lambda _: b"1"),
    "payload/string": _raw(lambda raw: dumped(raw.decode())),
    "payload/array": _raw(lambda raw: b"[" + raw + b"]"),
    "payload/pairs": lambda g: g.with_payload([list(pair) for pair in g.claims.items()]),
    "payload/no-claims": _raw(lambda _: b"{}"),
    "payload/cut": _raw(lambda raw: raw[:-1]),
    "payload/twice": _raw(lambda raw: raw + raw),
    "payload/trailing-comma": _raw(lambda raw: raw[:-1] + b",}"),
    "payload/trailing-nul": _raw(lambda raw: raw + b"\0"),
    "payload/comment": _raw(lambda raw: raw + b"//"),
    "payload/single-quotes": _raw(lambda raw: raw.replace(b'"', b"'")),
    "payload/byte-order-mark": _raw(lambda raw: b"\xef\xbb\xbf" + raw),
    "payload/utf-16": _raw(lambda raw: raw.decode().encode("utf-16")),
    "payload/utf-16-le": _raw(lambda raw: raw.decode().encode("utf-16-le")),
    "payload/utf-32": _raw(lambda raw: raw.decode().encode("utf-32")),
    "payload/latin-1": _also('"x":"ä"'.encode("latin-1")),
    "payload/overlong-utf-8": _also(b'"x":"\xc0\xaf"'),
    "payload/utf-8-surrogate": _also(b'"x":"\xed\xa0\x80"'),
    "payload/control-character": _also(b'"x":"\n"'),
    "payload/nan": _also(b'"x":NaN'),
    "payload/infinity": _also(b'"x":Infinity'),
    "payload/minus-infinity": _also(b'"x":[-Infinity]'),
    "payload/5000-digits": _also(b'"x":' + b"9" * 5000),
    "payload/leading-zero": _also(b'"x":01'),
    "payload/hexadecimal": _also(b'"x":0x1'),
    "payload/unclosed-arrays": _also(b'"x":' + b"[" * 5000),
    "payload/token": lambda g: g.with_payload(g.encoded.encode()),
}

DUPLICATES: Final[dict[str, Forge]] = {
    "duplicate-claim/sub": _also(f'"sub":"{_ID}"'.encode()),
    "duplicate-claim/role": _also(b'"role":"ADMIN"'),
    "duplicate-claim/role-first": _raw(lambda raw: b'{"role":"ADMIN",' + raw[1:]),
    "duplicate-claim/role-escaped": _also(b'"\\u0072ole":"ADMIN"'),
    "duplicate-claim/exp": _also(f'"exp":{_NOW + 60}'.encode()),
    "duplicate-claim/exp-equal": lambda g: _also(f'"exp":{g.claims["exp"]}'.encode())(g),
    "duplicate-claim/unknown": _also(b'"x":1,"x":1'),
    "duplicate-claim/nested": _also(b'"x":{"y":1,"y":2}'),
    "duplicate-claim/in-a-list": _also(b'"x":[{"y":1,"y":2}]'),
}

CLAIMS: Final = (
    MISSING | TYPES | TIMES | NAMES | SUBJECTS | ROLES | ADDRESSES | PAYLOADS | DUPLICATES
)
