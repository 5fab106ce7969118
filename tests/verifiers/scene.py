"""A verifier and an issuer in the tests' process, on one clock that is moved."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from harness.service import free_port
from latchkey.adapters.keys import PrivateKey
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.settings import from_env
from latchkey.testing.environ import ENVIRON
from latchkey.testing.flow.issuers import key_file
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.service import Account, InProcessService
from verifiers.guarded import guarded
from verifiers.moved_clock import MovedClock
from verifiers.programs import Place, Prepare, verifying
from verifiers.relay import Relay, relay


@dataclass(slots=True, kw_only=True)
class Scene:
    """A verifier and the service that it trusts, on one clock.

    Attributes:
        clock: The service's, which stands still until `move` sets it to the verifier's.
        relay: Where the verifier fetches the keys.
        verifier: A client of the verifier.
    """

    clock: FrozenClock
    moved: MovedClock
    relay: Relay
    verifier: httpx.Client
    service: InProcessService = field(init=False)
    account: Account = field(init=False)

    def serve(self, *starts: tuple[PrivateKey, datetime]) -> None:
        """Deploy the service anew, with other keys."""
        keys = {"JWT_KEYS": key_file(*starts), "JWT_ISSUER": self.relay.url, "AUDIENCES": "orders"}
        self.service = InProcessService(from_env({**ENVIRON, **keys}), MemoryStorage(self.clock))
        self.account = self.service.create_user()
        self.relay.service = self.service.sync_client()

    def move(self, by: timedelta) -> None:
        self.clock.move(self.moved.move(by) - self.clock.now())

    def token(self) -> str:
        """Issue a token for the verifier."""
        with self.service.sync_client(self.account) as http:
            answer = http.post("/api/auth/token", json={"audience": "orders"})
        return str(answer.raise_for_status().json()["accessToken"])

    def status(self, token: str) -> int:
        """Return how the verifier responds to a token."""
        bearer = {"Authorization": f"Bearer {token}"}
        return self.verifier.get("/orders", headers=bearer).status_code


@contextmanager
def staged(prepare: Prepare, home: Path, *starts: tuple[PrivateKey, datetime]) -> Iterator[Scene]:
    """Start a verifier for the length of a block.

    Args:
        prepare: The verifier.
        home: A directory of its own.
        starts: What the issuer signs with from the beginning, if there is an issuer by then.
    """
    moved = MovedClock(home / "clock")
    with ExitStack() as stack:
        relayed = stack.enter_context(relay())
        once = httpx.Limits(max_keepalive_connections=0)  # a moved clock ends idle connections
        http = stack.enter_context(httpx.Client(limits=once))
        scene = Scene(clock=FrozenClock(moved.now()), moved=moved, relay=relayed, verifier=http)
        if starts:
            scene.serve(*starts)
        unused = P256Key.generate().verifying
        place = Place(
            home=home,
            issuer=relayed.url,
            port=free_port(),
            guarded=stack.enter_context(guarded()),
            keys=(unused, unused),
        )
        http.base_url = stack.enter_context(verifying(prepare, place, moved.environ))
        scene.move(timedelta())  # to start took a while
        yield scene
