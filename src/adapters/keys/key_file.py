"""The file with the private keys that sign access tokens: a JWK Set, with a start for each key."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NoReturn

from latchkey.adapters.keys.jwk import Jwk, JwkError
from latchkey.adapters.keys.key import PrivateKey
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.adapters.keys.key_set import ALWAYS

_STARTS: Final = "signsFrom"
_MEMBERS: Final = ("kty", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi")
_KNOWN: Final = {*_MEMBERS, "alg", "kid", "use", _STARTS}
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledKey:
    """A key of the file.

    Attributes:
        signs_from: When the key begins to sign, aware UTC.
    """

    key: PrivateKey
    signs_from: datetime

    @classmethod
    def of(cls, jwk: Jwk) -> "ScheduledKey":
        """Return the key of a JWK.

        Raises:
            JwkError: The key cannot be used.
        """
        if jwk.get("kty") == "oct":
            raise JwkError("is symmetric: that belongs into JWT_SECRET")
        alg = jwk.get("alg")
        if not isinstance(alg, str) or alg not in PRIVATE:
            raise JwkError(f"has no `alg`, or another than {', '.join(PRIVATE)}")
        if "d" not in jwk:
            raise JwkError("has no private part")
        if set(jwk) - _KNOWN:
            raise JwkError("has a member that is not known here")
        key = PRIVATE[alg].of(jwk)
        public = key.verifying.listed
        for name in (*key.verifying.jwk, *({"kid", "use"} & set(jwk))):
            if jwk.get(name) != public[name]:
                raise JwkError(f"has a `{name}` that does not belong to it")
        return cls(key=key, signs_from=_start_of(jwk))

    def jwk(self) -> dict[str, str]:
        """Return the key as it is written into the file."""
        public = self.key.verifying
        start = {} if self.signs_from == ALWAYS else {_STARTS: written(self.signs_from)}
        return {
            "kid": public.kid,
            "alg": public.alg,
            **start,
            **public.jwk,
            **self.key.private_members(),
        }


def read(text: str) -> tuple[Jwk, ...]:
    """Read a file. Which of its keys can be used is not checked.

    Raises:
        ValueError: It is not a JSON object with a list `keys` of objects and nothing else.
    """
    found = json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse)
    if not isinstance(found, dict) or set(found) != {"keys"}:
        raise ValueError("no JWK Set")
    keys = found["keys"]
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise ValueError("no JWK Set")
    return tuple(keys)


def write(keys: Sequence[ScheduledKey]) -> str:
    """Return a file, JSON of several lines."""
    return json.dumps({"keys": [each.jwk() for each in keys]}, indent=2) + "\n"


def faults_of(jwks: Sequence[Jwk]) -> Iterator[str]:
    """Yield what is wrong with the keys of a file, a phrase for each fault, without any secret."""
    if not jwks:
        yield "contains no key"
    usable: list[ScheduledKey] = []
    for place, jwk in enumerate(jwks, start=1):
        try:
            usable.append(ScheduledKey.of(jwk))
        except JwkError as error:
            yield f"key {place} of {len(jwks)} {error}"
    if _repeats([each.key.verifying.kid for each in usable]):
        yield "contains a key twice"
    elif _repeats([each.signs_from for each in usable]):
        yield f"contains two keys with the same `{_STARTS}`"


def written(at: datetime) -> str:
    """Return an instant as RFC 3339 text, in UTC and whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _start_of(jwk: Jwk) -> datetime:
    text = jwk.get(_STARTS)
    if text is None:
        return ALWAYS
    wrong = JwkError(f"has a `{_STARTS}` that is not such as 2026-03-01T12:00:00Z")
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise wrong
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None


def _repeats(values: Sequence[object]) -> bool:
    return any(times > 1 for times in Counter(values).values())


def _distinct(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member twice")
    return found


def _refuse(_: str) -> NoReturn:
    raise ValueError("not JSON")
