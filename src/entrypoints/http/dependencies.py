"""Provides parts of the container to routes, by the name of their parameters."""

from litestar.di import Provide


def provide_all(**parts: object) -> dict[str, Provide]:
    """Return a provider for each part, for the `dependencies` of a router."""
    return {name: _provide(part) for name, part in parts.items()}


def _provide(part: object) -> Provide:
    def get() -> object:
        return part

    return Provide(get, use_cache=True, sync_to_thread=False)
