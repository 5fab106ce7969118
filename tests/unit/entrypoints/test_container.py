"""What the container derives from the configured secrets."""

from typing import Final

import pytest

from frozen_clock import FrozenClock
from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env

ENVIRON: Final = {
    "JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4",
    "REFRESH_SECRET": "9a1be07c5d3f42a8b6e1907f2c4d5e6a8b0c1d2e3f405162",
}
OTHER: Final = "52c1f40e9d8b7a6c3e2f1d0b9a8c7e6f5d4b3a291807f6e5"


def pseudonyms(clock: FrozenClock, **environ: str) -> Pseudonyms:
    settings = from_env(ENVIRON | environ)
    storage = MemoryStorage(clock)
    return Container(settings=settings, storage=storage).login().pseudonyms


@pytest.mark.requirement("LG-12")
def test_all_processes_of_an_installation_use_the_same_pseudonyms(clock: FrozenClock) -> None:
    one, other = pseudonyms(clock), pseudonyms(clock, JWT_SECRET=OTHER)

    assert one == other


@pytest.mark.requirement("LG-12", "AT-3")
@pytest.mark.parametrize(
    "environ", [{"REFRESH_SECRET": OTHER}, {"REFRESH_SECRET": ""}, {"JWT_ISSUER": "another"}]
)
def test_other_installations_use_other_pseudonyms(
    clock: FrozenClock, environ: dict[str, str]
) -> None:
    one, other = pseudonyms(clock), pseudonyms(clock, **environ)

    assert one != other


@pytest.mark.requirement("AT-3")
def test_pseudonyms_have_a_key_of_their_own(clock: FrozenClock) -> None:
    key = pseudonyms(clock).key

    assert len(key) == 32
    assert key not in {secret.encode()[:32] for secret in ENVIRON.values()}
