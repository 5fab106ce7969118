"""A verifier with the list of ended sessions rejects a token soon after its session's end."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest

from harness.service import free_port
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from verifiers.conftest import Issuer, sign_in
from verifiers.programs import PREPARED, Place, verifying
from verifiers.scene import staged

pytestmark = pytest.mark.requirement("AT-24")

PREPARE: Final = PREPARED["express-ended"]
WITHIN: Final = 10.0  # s: the list is at most 5 s old, and is fetched every 5 s
BUSY: Final = 5.0  # s that a busy machine may add
RELIED_ON: Final = timedelta(minutes=1)
SECOND: Final = timedelta(seconds=1)


@pytest.fixture
def verifier(issuer: Issuer, tmp_path: Path) -> Iterator[httpx.Client]:
    keys = (issuer.key.verifying, issuer.following.verifying)
    place = Place(home=tmp_path, issuer=issuer.url, port=free_port(), guarded="", keys=keys)
    with verifying(PREPARE, place) as url, httpx.Client(base_url=url) as http:
        yield http


def _status(verifier: httpx.Client, token: str) -> int:
    bearer = {"Authorization": f"Bearer {token}"}
    return verifier.get("/orders", headers=bearer).status_code


def test_a_token_is_rejected_within_10_seconds_of_a_logout(
    issuer: Issuer, verifier: httpx.Client
) -> None:
    with httpx.Client(base_url=issuer.url) as http:
        _, token = sign_in(http)
        before = _status(verifier, token)
        http.post("/api/auth/logout").raise_for_status()
    until = time.monotonic() + WITHIN + BUSY

    while (after := _status(verifier, token)) == 200 and time.monotonic() < until:
        time.sleep(0.1)

    assert (before, after) == (200, 401)
    assert _status(verifier, issuer.token) == 200


def test_without_a_list_of_the_last_minute_no_token_is_accepted(tmp_path: Path) -> None:
    with staged(PREPARE, tmp_path, (P256Key.generate(), ALWAYS)) as scene:
        token = scene.token()
        first = scene.status(token)
        scene.relay.service = None

        scene.move(RELIED_ON - 10 * SECOND)
        relied_on = scene.status(token)
        scene.move(20 * SECOND)
        too_old = scene.status(token)

    assert (first, relied_on, too_old) == (200, 200, 503)
