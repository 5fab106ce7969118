"""The routes of the public keys."""

from litestar import Router

from latchkey.adapters.jwt.ended_sessions import EndedSessionsSigner
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.keys.controller import KeyController
from latchkey.entrypoints.http.keys.ended_sessions import EndedSessionsFeed
from latchkey.entrypoints.http.keys.publication import Publication


def router(container: Container) -> Router:
    tokens = container.settings().tokens
    publication = Publication(
        container.access_keys(),
        container.storage().clock,
        issuer=tokens.issuer,
        origin=tokens.issuer_origin,
    )
    feed = EndedSessionsFeed(
        container.ended_sessions(),
        container.access_keys(),
        EndedSessionsSigner(container.access_keys(), tokens.issuer),
    )
    return Router(
        "/",
        route_handlers=[KeyController],
        dependencies=provide_all(publication=publication, feed=feed),
    )
