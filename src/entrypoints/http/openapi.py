"""The OpenAPI document: what Litestar finds in the controllers, and what holds for all of them."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, License, SecurityScheme, Server
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler
from typing_extensions import override

DESCRIPTION = """\
Log in with e-mail and password; get a short-lived access token (a JWT) in the answer and a
rotating refresh token in an HttpOnly cookie. Problems are `application/problem+json`; branch on
their `code`.
"""


class _NoRoutes(Router):
    """Takes the routes that the framework adds for the document, which has its own controller."""

    @override
    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        return []


def config(version: str, cookie_name: str) -> OpenAPIConfig:
    """Configure the document's general part.

    Args:
        version: The API's version.
        cookie_name: The name of the refresh token's cookie.
    """
    return OpenAPIConfig(
        title="Latchkey",
        version=version,
        description=DESCRIPTION,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        servers=[Server(url="/")],
        security=[{"accessToken": []}],
        components=_components(cookie_name),
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: handler.handler_name,
        openapi_router=_NoRoutes("/", route_handlers=[]),
    )


def _components(cookie_name: str) -> Components:
    return Components(
        security_schemes={
            "accessToken": SecurityScheme(
                type="http",
                scheme="bearer",
                bearer_format="JWT",
                description="The `accessToken` of login or refresh.",
            ),
            "refreshCookie": SecurityScheme(
                type="apiKey",
                security_scheme_in="cookie",
                name=cookie_name,
                description="Set by login and refresh; scripts can't read it.",
            ),
        }
    )


def document(app: Litestar) -> bytes:
    """Write an application's document: JSON, indented, in a stable order."""
    schema = app.openapi_schema.to_schema()
    for content in _contents(schema):
        for example in content.get("examples", {}).values():
            example.pop("id", None)  # the framework's own; OpenAPI knows no such member
    return msgspec.json.format(msgspec.json.encode(schema), indent=2)


def _contents(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                yield from answer.get("content", {}).values()
