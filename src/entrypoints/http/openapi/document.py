"""Generates the OpenAPI document from the controllers, and completes it."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, License, SecurityScheme, Server
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler
from typing_extensions import override

from latchkey.entrypoints.http.openapi.examples import EXAMPLES
from latchkey.entrypoints.http.problems.declared import HEADERS, headers_of
from latchkey.entrypoints.http.problems.table import PROBLEMS

JsonObject = dict[str, Any]

DESCRIPTION = """\
Log in with e-mail and password to get a short-lived access token (a JWT) in the response, and a
rotating refresh token in an HttpOnly cookie. Errors are `application/problem+json`; clients should
branch on their `code`.
"""


class _NoRoutes(Router):
    """Discards Litestar's own routes for the document, which `DocsController` replaces."""

    @override
    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        return []


def config(version: str, cookie_name: str) -> OpenAPIConfig:
    """Return the configuration of the document.

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
                description="Set by login and refresh. Scripts cannot read it.",
            ),
        }
    )


def document(app: Litestar) -> bytes:
    """Return an application's document: JSON, indented, in a stable order.

    Adds what Litestar cannot generate: that unknown members are rejected, whole examples, the
    headers of responses by status, and the codes of problems.
    """
    schema = app.openapi_schema.to_schema()
    schemas = schema["components"]["schemas"]
    schema["components"]["headers"] = HEADERS
    _enumerate_codes(schemas)
    for operation in _operations(schema):
        if "requestBody" in operation:
            name = _show_example(operation["requestBody"]["content"]["application/json"])
            schemas[name]["additionalProperties"] = False
        for status, response in operation["responses"].items():
            _complete(HTTPStatus(int(status)), response)
    return msgspec.json.format(msgspec.json.encode(schema), indent=2)


def _enumerate_codes(schemas: JsonObject) -> None:
    """Name the type of a problem's `code`, so that generated clients can handle every code."""
    members = schemas["ProblemBody"]["properties"]
    schemas["ProblemCode"] = {
        **members["code"],
        "enum": [error.code for error in PROBLEMS],
        "title": "ProblemCode",
    }
    members["code"] = {"$ref": "#/components/schemas/ProblemCode"}


def _operations(schema: JsonObject) -> Iterator[JsonObject]:
    for path in schema["paths"].values():
        yield from path.values()


def _complete(status: HTTPStatus, response: JsonObject) -> None:
    response["description"] = status.phrase
    response["headers"] = dict(sorted(response.get("headers", {}).items())) | {
        name: {"$ref": f"#/components/headers/{name}"} for name in headers_of(status)
    }
    for content in response["content"].values():
        if "examples" not in content:
            _show_example(content)
        for example in content["examples"].values():
            example.pop("id", None)  # Litestar's own; not a member of OpenAPI


def _show_example(content: JsonObject) -> str:
    """Add an example to a request or success body, and return the name of its schema."""
    name: str = content["schema"]["$ref"].rpartition("/")[2]
    content["examples"] = {name: {"value": EXAMPLES[name]}}
    return name
