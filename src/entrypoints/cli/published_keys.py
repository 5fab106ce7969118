"""What verifiers would say of the keys that a deployment publishes."""

import json
import re
import ssl
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from typing_extensions import override

from latchkey.adapters.keys.jwk import JwkError
from latchkey.adapters.keys.key_pairs import public_key_of

Finding = tuple[str, str]

_TIMEOUT: Final = 10.0  # s
_MOST: Final = 1 << 20  # bytes of a document
_JWKS: Final = "/.well-known/jwks.json"
_METADATA: Final = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_MAX_AGE: Final = re.compile(r"max-age=([0-9]+)")
_LEAST_AGE, _MOST_AGE = 60, 1800  # s: less is a load, more is longer than a rotation waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The response to a request for a document."""

    status: int
    headers: Mapping[str, str]
    members: dict[str, Any] | None


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirect, as PyJWT does not."""

    @override
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect."""


def examine(url: str) -> Iterator[Finding]:
    """Yield what is right and wrong: a grade, and a line."""
    base = url.rstrip("/")
    if not re.fullmatch(r"https?://[^/?#@]+", base):
        yield "error", f"{url}: must be the address of a deployment, e.g. https://auth.example.com"
        return
    try:
        jwks = _fetch(base + _JWKS)
        metadata = [(path, _fetch(base + path)) for path in _METADATA]
    except (URLError, OSError) as error:
        yield "error", f"{base}: does not answer ({getattr(error, 'reason', error)})"
        return
    yield from of_jwks(jwks)
    for path, answer in metadata:
        yield from of_metadata(path, base, answer, jwks)


def of_jwks(answer: Answer) -> Iterator[Finding]:
    """Judge the list of keys."""
    keys = _keys_of(answer)
    if keys is None:
        yield "error", f"{_JWKS}: is not a JWK Set (status {answer.status})"
        return
    if not keys:
        yield "error", f"{_JWKS}: has no key"
    for place, key in enumerate(keys, start=1):
        yield from _of_key(f"key {place}", key)
    if any(times > 1 for times in Counter(str(key.get("kid")) for key in keys).values()):
        yield "error", f"{_JWKS}: has two keys with one `kid`"
    yield from _of_caching(answer)


def of_metadata(path: str, base: str, answer: Answer, jwks: Answer) -> Iterator[Finding]:
    """Judge the metadata."""
    members = answer.members
    if answer.status != 200 or members is None:
        yield "warning", f"{path}: is missing; each verifier must be given the list's address"
        return
    issuer, address = members.get("issuer"), members.get("jwks_uri")
    if issuer not in {base, f"{base}/"}:
        yield "error", f"{path}: `issuer` is {issuer!r}, which is not where it was fetched"
    elif address != f"{base}{_JWKS}":
        yield "warning", f"{path}: `jwks_uri` is {address!r}, another list than the one checked"
    else:
        yield "ok", f"{path}: leads to the list"
    listed = {key.get("alg") for key in _keys_of(jwks) or ()}
    named = members.get("id_token_signing_alg_values_supported")
    if not isinstance(named, list) or not listed <= set(map(str, named)):
        yield "error", f"{path}: does not name the algorithm of each key; some verifiers refuse it"


def _of_key(place: str, key: dict[str, Any]) -> Iterator[Finding]:
    if leaked := sorted(_PRIVATE & set(key)):
        yield "error", f"{place}: has the private member `{leaked[0]}`; replace the key at once"
        return
    if key.get("kty") == "oct":
        yield "error", f"{place}: is symmetric; replace the key at once"
        return
    try:
        public = public_key_of(key)
    except JwkError as error:
        yield "error", f"{place}: {error}"
        return
    if key.get("use") != "sig":
        yield "error", f"{place}: `use` is not sig"
    if key.get("kid") != public.kid:
        yield "warning", f"{place}: its `kid` is not its thumbprint"
    if str(key.get("kid", "")).startswith("-"):
        yield "warning", f"{place}: its `kid` begins with a hyphen, an option to some programs"
    if public.alg == "EdDSA":
        yield "warning", f"{place}: is EdDSA, which HAProxy and nginx cannot verify"
    yield "ok", f"{place}: {public.alg}, {public.kid}"


def _of_caching(answer: Answer) -> Iterator[Finding]:
    caching = answer.headers.get("cache-control", "")
    found = _MAX_AGE.search(caching)
    if "no-store" in caching or "no-cache" in caching or not found:
        yield "error", f"{_JWKS}: has no `max-age`; some verifiers fetch it for each token"
    elif not _LEAST_AGE <= int(found[1]) <= _MOST_AGE:
        yield "warning", f"{_JWKS}: `max-age` is {found[1]} s, not {_LEAST_AGE} to {_MOST_AGE}"
    else:
        yield "ok", f"{_JWKS}: may be kept for {found[1]} s"
    if "etag" not in answer.headers:
        yield "warning", f"{_JWKS}: has no `ETag`"


def _keys_of(answer: Answer) -> list[dict[str, Any]] | None:
    keys = (answer.members or {}).get("keys")
    if answer.status != 200 or not isinstance(keys, list):
        return None
    return keys if all(isinstance(key, dict) for key in keys) else None


def _fetch(url: str) -> Answer:
    opener = build_opener(_NoRedirect, HTTPSHandler(context=ssl.create_default_context()))
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 - http or https
    try:
        with opener.open(request, timeout=_TIMEOUT) as response:
            return _answer(response.status, response.headers, response.read(_MOST))
    except HTTPError as error:
        return _answer(error.code, error.headers, b"")


def _answer(status: int, headers: Any, body: bytes) -> Answer:  # noqa: ANN401 - http.client's
    folded = {name.lower(): value for name, value in headers.items()}
    try:
        members = json.loads(body)
    except ValueError:
        members = None
    found = members if isinstance(members, dict) else None
    return Answer(status=status, headers=folded, members=found)
