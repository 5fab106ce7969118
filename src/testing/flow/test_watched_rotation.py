"""A rotation of keys that operators make while the suite watches, on any deployment."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import httpx
import pytest

from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.expectations import (
    BrokenPromiseError,
    assert_status,
    check,
    member,
    noted,
)
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import JWKS, CachingVerifier
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

LOOKS: Final = 200
OFTEN: Final = timedelta(seconds=0.5)
SELDOM: Final = timedelta(seconds=30)
MARGIN: Final = timedelta(seconds=1)
"""For a token that expires while it is looked at."""


@dataclass(slots=True)
class Watch:
    """Services that verify tokens all the time, with copies of the list of several ages."""

    http: httpx.AsyncClient
    verifiers: list[CachingVerifier] = field(
        default_factory=lambda: [
            CachingVerifier(timedelta(minutes=minutes)) for minutes in (0, 5, 10, 20, 59)
        ]
    )
    signers: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    tags: dict[str, set[str]] = field(default_factory=dict)
    held: dict[str, datetime] = field(default_factory=dict)
    broken: dict[str, BrokenPromiseError] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether a key has taken over, and the one before is withdrawn."""
        return len(self.signers) > 1 and self.signers[0] not in self.listed

    async def look(self, token: str, now: datetime) -> None:
        """Hold another token, and show every valid one to every verifier and to the service."""
        answer = await self.http.get(JWKS)
        self.listed = [key["kid"] for key in answer.json()["keys"]]
        self._check_tag(answer)
        self._hold(token, now)
        for held in self.held:
            for verifier in self.verifiers:
                if await verifier.refuses(self.http, held, now):
                    self._note_refusal(held, verifier, answer)
            await self._show_to_the_service(held)
        if self.broken:
            *others, one = self.broken.values()
            noted.extend(others)
            raise one

    def _check_tag(self, answer: httpx.Response) -> None:
        """Note a list with the `ETag` of one with other keys."""
        tag, keys = answer.headers.get("etag", ""), set(self.listed)
        known = self.tags.get(tag, keys)
        check("J4", answer, "an ETag that changes when the keys do", holds=known == keys)
        self.tags[tag] = keys

    def _hold(self, token: str, now: datetime) -> None:
        anatomy = Anatomy.of(token)
        if (kid := anatomy.header_members["kid"]) not in self.signers:
            self.signers.append(kid)
        self.held[token] = datetime.fromtimestamp(anatomy.claims["exp"], tz=now.tzinfo)
        self.held = {held: end for held, end in self.held.items() if end > now + MARGIN}

    def _note_refusal(self, token: str, verifier: CachingVerifier, answer: httpx.Response) -> None:
        """Note that a key was withdrawn too early, or published too late."""
        is_withdrawn = Anatomy.of(token).header_members["kid"] in verifier.known
        promised = f"a list by which no verifier refuses a token (cached: {verifier.age})"
        self._note("J6" if is_withdrawn else "J5", promised, answer)

    async def _show_to_the_service(self, token: str) -> None:
        answer = await Visitor(http=self.http).me(token)
        if answer.status_code != HTTPStatus.OK:
            is_former = Anatomy.of(token).header_members["kid"] != self.signers[-1]
            self._note("J6" if is_former else "J5", "200 OK", answer)

    def _note(self, promise: str, promised: str, answer: httpx.Response) -> None:
        error = BrokenPromiseError(promised, answer, promise=promise)
        self.broken.setdefault(promise, error)


@pytest.mark.promise("J5", "J6", "J4")
async def test_no_verifier_refuses_a_token_while_operators_rotate_the_keys(
    issuer: Deployment, verifier: Visitor, holder: SignedIn, rotation: timedelta
) -> None:
    until = issuer.now() + rotation
    watch, token = Watch(verifier.http), holder.refresh
    await watch.look(holder.access, issuer.now())
    while not watch.is_over and issuer.now() < until:
        await issuer.outlast(min(max(rotation / LOOKS, OFTEN), SELDOM))
        answer = await verifier.refresh(token)
        assert_status(answer, 200)
        token = SetCookie.of(answer).value
        await watch.look(member(answer, "accessToken"), issuer.now())

    if not watch.is_over:
        pytest.skip(f"no key took over from another and was withdrawn within {rotation}")
