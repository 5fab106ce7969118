"""The routes of the public keys."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.keys.controller import KeyController
from latchkey.entrypoints.http.keys.publication import Publication


def router(container: Container) -> Router:
    tokens = container.settings().tokens
    publication = Publication(
        container.access_keys(),
        container.storage().clock,
        issuer=tokens.issuer,
        origin=tokens.issuer_origin,
    )
    return Router(
        "/", route_handlers=[KeyController], dependencies=provide_all(publication=publication)
    )
