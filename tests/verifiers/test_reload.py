"""HAProxy gets the keys of a rotation as files, and is reloaded while clients send tokens."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Final

import httpx
import pytest

from harness.programs import running
from harness.service import free_port
from harness.trust import TRUST
from latchkey.adapters.keys import PrivateKey, PublicKey
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.testing.flow.jwt_anatomy import Anatomy, encode
from verifiers.conftest import Issuer
from verifiers.guarded import guarded
from verifiers.programs import PREPARED, Place

CLIENTS: Final = 3
WITHIN: Final = 20.0  # s
PAUSE: Final = 0.01  # s, which HAProxy has for starting again
STARTING: Final = 1.0  # s, in which its main process still misses signals


def _signed(token: str, key: PrivateKey) -> str:
    anatomy = Anatomy.of(token).with_header(kid=key.verifying.kid)
    return f"{anatomy.signing_input}.{encode(key.sign(anatomy.signing_input.encode()))}"


def _status(url: str, token: str) -> int:
    bearer = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{url}/orders", headers=bearer, verify=TRUST).status_code


def _statuses(url: str, token: str, done: Event) -> set[int]:
    seen = set()
    while not done.is_set():
        seen.add(_status(url, token))
        time.sleep(PAUSE)
    return seen


def _copy(keys: tuple[PublicKey, PublicKey], home: Path) -> None:
    """Copy what `latchkey keys export --pem` writes, as the guide says."""
    for key, name in zip(keys, ("current", "next"), strict=True):
        (home / f"{name}.pem").write_bytes(key.pem)


@pytest.mark.requirement("AT-18")
def test_the_files_of_a_rotation_are_reloaded_without_refusing_a_token(
    issuer: Issuer, tmp_path: Path
) -> None:
    newest = P256Key.generate()
    old, new = issuer.key.verifying, issuer.following.verifying
    ours, theirs = (_signed(issuer.token, key) for key in (issuer.following, newest))
    port, done = free_port(), Event()
    url = f"http://127.0.0.1:{port}"
    with guarded() as orders, ThreadPoolExecutor(CLIENTS) as pool:
        place = Place(home=tmp_path, issuer=issuer.url, port=port, guarded=orders, keys=(old, new))
        with running(PREPARED["haproxy"](place), tmp_path, port) as process:
            before = _status(url, theirs)
            sending = [pool.submit(_statuses, url, ours, done) for _ in range(CLIENTS)]

            _copy((new, newest.verifying), tmp_path)
            time.sleep(STARTING)
            os.kill(process.pid, signal.SIGUSR2)
            until = time.monotonic() + WITHIN
            while (after := _status(url, theirs)) == 401 and time.monotonic() < until:
                time.sleep(PAUSE)
            done.set()
            seen = {_status(url, ours)}.union(*(each.result() for each in sending))
            removed = _status(url, issuer.token)

    assert (before, after) == (401, 200)
    assert seen == {200}
    assert removed == 401
