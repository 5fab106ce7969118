"""What verifiers keep of the published keys, and for how long: on a clock that is moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.testing.flow.jwt_anatomy import Anatomy
from verifiers.programs import PREPARED, Prepare, python
from verifiers.scene import Scene, staged

MINUTE: Final = timedelta(minutes=1)
SECOND: Final = timedelta(seconds=1)
TTL: Final = timedelta(minutes=15)
LEEWAY: Final = timedelta(seconds=5)
BEFORE: Final = timedelta(minutes=62)
"""When a rotation is configured: a little more than the hour before the new key signs."""
SLOWLY: Final = 20 * SECOND
STEPS: Final = (
    [timedelta(minutes=3, seconds=41)] * 16 + [MINUTE] * 2 + [SLOWLY] * 6 + [3 * MINUTE] * 12
)
"""A rotation, with small steps when the new key takes over, until the old key's tokens are over."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A verifier and how it keeps the list of keys.

    Attributes:
        kept_for: For how long.
        without: How it responds when the time is over and the list cannot be fetched.
        empty: How it responds if the list could never be fetched.
    """

    prepare: Prepare
    kept_for: timedelta
    without: int
    empty: int


CACHES: Final = {
    "no cache": Cache(
        python("fastapi_service.py", {"timeout=5": "cache_jwk_set=False"}), timedelta(), 503, 503
    ),
    "fastapi": Cache(PREPARED["fastapi"], 5 * MINUTE, 503, 503),
    "nginx": Cache(PREPARED["nginx"], 5 * MINUTE, 200, 500),
    "express-jose": Cache(PREPARED["express-jose"], 10 * MINUTE, 503, 503),
    "express-strict": Cache(PREPARED["express-strict"], 10 * MINUTE, 401, 401),
}
"""Verifiers whose clock can be moved: Go's cannot be. HAProxy fetches no list."""


def _kid(token: str) -> object:
    return Anatomy.of(token).header_members["kid"]


def _of_no_key(token: str) -> str:
    """Make up the name of a key."""
    return Anatomy.of(token).with_header(kid="made up").token


@pytest.fixture(params=list(CACHES))
def cache(request: pytest.FixtureRequest) -> Cache:
    return CACHES[request.param]


@pytest.fixture
def scene(cache: Cache, tmp_path: Path) -> Iterator[Scene]:
    with staged(cache.prepare, tmp_path) as scene:
        yield scene


@pytest.mark.requirement("AT-18")
def test_a_whole_rotation_refuses_no_token(scene: Scene) -> None:
    old, new = P256Key.generate(), P256Key.generate()
    starts = scene.clock.now() + BEFORE
    refused, signed_by, held = [], [], list[tuple[datetime, str]]()
    scene.serve((old, ALWAYS), (new, starts))

    for step in STEPS:
        held.append((scene.clock.now(), scene.token()))
        held = [(at, token) for at, token in held if scene.clock.now() - at < TTL]
        signed_by.append(_kid(held[-1][1]))
        if timedelta() < starts - scene.clock.now() < SLOWLY:  # then no keys are fetched for 30 s
            assert scene.status(_of_no_key(held[-1][1])) == 401
        answers = [scene.status(token) for _, token in held]
        refused += [(scene.clock.now() - starts, each) for each in answers if each != 200]
        scene.move(step)

    assert refused == []
    assert list(dict.fromkeys(signed_by)) == [old.verifying.kid, new.verifying.kid]


def test_a_verifier_keeps_the_keys_as_long_as_it_says(cache: Cache, scene: Scene) -> None:
    scene.serve((P256Key.generate(), ALWAYS))
    period, moment = cache.kept_for, 10 * SECOND

    fetched = []
    for step in (timedelta(), period - moment, 2 * moment, period - moment, 2 * moment):
        scene.move(max(step, timedelta()))
        assert scene.status(scene.token()) == 200
        fetched.append(scene.relay.fetched)

    assert fetched == ([1, 1, 2, 2, 3] if period else [1, 2, 3, 4, 5])


@pytest.mark.requirement("AT-17")
def test_a_withdrawn_key_is_refused_when_the_keys_are_fetched_again(
    cache: Cache, scene: Scene
) -> None:
    scene.serve((P256Key.generate(), ALWAYS))
    token = scene.token()
    first = scene.status(token)

    scene.serve((P256Key.generate(), ALWAYS))
    scene.move(cache.kept_for + LEEWAY)
    second = scene.status(token)

    assert (first, second) == (200, 401)


def test_an_outage_refuses_no_token_while_the_keys_are_kept(cache: Cache, scene: Scene) -> None:
    scene.serve((P256Key.generate(), ALWAYS))
    token = scene.token()
    answers = [scene.status(token)]
    scene.relay.service = None

    for step in (cache.kept_for - 10 * SECOND, 20 * SECOND):
        scene.move(max(step, timedelta()))
        answers.append(scene.status(token))

    without = cache.without
    assert answers == [200, 200 if cache.kept_for else without, without]


@pytest.mark.requirement("AT-17")
def test_a_token_is_refused_when_it_has_expired(scene: Scene) -> None:
    scene.serve((P256Key.generate(), ALWAYS))
    token = scene.token()

    answers = []
    for step in (TTL - SECOND, 2 * LEEWAY):
        scene.move(step)
        answers.append(scene.status(token))

    assert answers == [200, 401]


@pytest.mark.requirement("AT-17")
def test_made_up_names_of_keys_cost_one_fetch(cache: Cache, scene: Scene) -> None:
    scene.serve((P256Key.generate(), ALWAYS))
    token = scene.token()
    scene.status(token)
    scene.move(MINUTE)

    answers = {scene.status(_of_no_key(token)) for _ in range(50)}

    assert answers == {401}
    if cache.kept_for:
        assert scene.relay.fetched <= 2


def test_a_token_is_accepted_by_a_verifier_whose_clock_is_4_seconds_behind(scene: Scene) -> None:
    scene.serve((P256Key.generate(), ALWAYS))
    scene.clock.move(LEEWAY - SECOND)

    answer = scene.status(scene.token())

    assert answer == 200


def test_a_token_from_the_future_is_refused_by_the_library_that_reads_iat(tmp_path: Path) -> None:
    with staged(PREPARED["fastapi"], tmp_path, (P256Key.generate(), ALWAYS)) as scene:
        scene.clock.move(MINUTE)

        answer = scene.status(scene.token())

    assert answer == 401


def test_in_go_made_up_names_cost_one_fetch_and_an_outage_nothing(tmp_path: Path) -> None:
    """Its clock cannot be moved, so this is all within the time that it keeps the list."""
    with staged(PREPARED["go"], tmp_path, (P256Key.generate(), ALWAYS)) as scene:
        token = scene.token()
        before = scene.status(token)
        made_up = {scene.status(_of_no_key(token)) for _ in range(50)}
        fetched, scene.relay.service = scene.relay.fetched, None
        after = scene.status(token)

    assert (before, made_up, after) == (200, {401}, 200)
    assert fetched <= 2


def test_while_there_are_no_keys_no_token_is_accepted(cache: Cache, scene: Scene) -> None:
    scene.serve((P256Key.generate(), ALWAYS))
    token = scene.token()
    scene.relay.service = None

    answer = scene.status(token)

    assert answer == cache.empty
