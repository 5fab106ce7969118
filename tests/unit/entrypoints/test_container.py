"""How the container puts use cases together."""

from typing import Final, get_type_hints

import pytest
from dependency_injector import providers

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

ENVIRON: Final = {
    "JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4",
    "REFRESH_SECRET": "9a1be07c5d3f42a8b6e1907f2c4d5e6a8b0c1d2e3f405162",
    "FACTOR_SECRET": "5c7e9a1b3d5f70829a4c6e8f0a2b4d6c8e0f1a2b3c4d5e6f",
}
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


def container(clock: FrozenClock) -> Container:
    settings = from_env(ENVIRON)
    storage = MemoryStorage(clock)
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
