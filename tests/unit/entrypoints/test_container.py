"""How the container puts use cases together, and what it derives from the secrets."""

from typing import Final, get_type_hints

import pytest
from dependency_injector import providers

from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

ENVIRON: Final = {
    "JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4",
    "REFRESH_SECRET": "9a1be07c5d3f42a8b6e1907f2c4d5e6a8b0c1d2e3f405162",
}
OTHER: Final = "52c1f40e9d8b7a6c3e2f1d0b9a8c7e6f5d4b3a291807f6e5"


WIRES: Final = [
    pytest.param(provider, name, wire, id=f"{whole}.{name}")
    for whole, provider in Container.providers.items()
    if isinstance(provider, providers.Singleton)
    for name, wire in provider.kwargs.items()
]


def built_by(wire: object) -> type:
    """Tell what a provider hands out."""
    if isinstance(wire, providers.Dependency):
        return wire.instance_of
    assert isinstance(wire, providers.Singleton)
    built: type = get_type_hints(wire.provides)["return"]
    return built


def container(clock: FrozenClock, **environ: str) -> Container:
    settings = from_env(ENVIRON | environ)
    storage = MemoryStorage(clock, settings.throttling.login_limits)
    return Container(settings=settings, storage=storage)


@pytest.mark.parametrize("name", Container.providers)
def test_every_part_can_be_built(clock: FrozenClock, name: str) -> None:
    part = container(clock).providers[name]()

    assert part is not None


@pytest.mark.parametrize(("provider", "name", "wire"), WIRES)
def test_every_wire_has_the_type_that_its_factory_asks_for(
    provider: providers.Singleton[object], name: str, wire: object
) -> None:
    asked_for = get_type_hints(provider.provides)[name]

    assert issubclass(built_by(wire), asked_for)


def pseudonyms(clock: FrozenClock, **environ: str) -> Pseudonyms:
    return container(clock, **environ).password_login().pseudonyms


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
