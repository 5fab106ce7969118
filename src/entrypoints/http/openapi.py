"""The OpenAPI document: what Litestar finds in the controllers, and what holds for all of them."""

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

from entrypoints.http.documented import HEADERS, headers_of
from entrypoints.http.examples import EXAMPLES
from entrypoints.http.problems import PROBLEMS

JsonObject = dict[str, Any]

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
    """Write an application's document: JSON, indented, in a stable order.

    Adds what the framework can't be told: that unknown members are refused, whole examples, the
    headers that answers of a status carry, and the codes of problems.
    """
    schema = app.openapi_schema.to_schema()
    schemas = schema["components"]["schemas"]
    schema["components"]["headers"] = HEADERS
    _enumerate_codes(schemas)
    for operation in _operations(schema):
        if "requestBody" in operation:
            name = _show_example(operation["requestBody"]["content"]["application/json"])
            schemas[name]["additionalProperties"] = False
        for status, answer in operation["responses"].items():
            _complete(HTTPStatus(int(status)), answer)
    return msgspec.json.format(msgspec.json.encode(schema), indent=2)


def _enumerate_codes(schemas: JsonObject) -> None:
    """Name the type of a problem's `code`, so that generated clients can be exhaustive."""
    members = schemas["ProblemBody"]["properties"]
    schemas["ProblemCode"] = {**members["code"], "enum": [*PROBLEMS], "title": "ProblemCode"}
    members["code"] = {"$ref": "#/components/schemas/ProblemCode"}


def _operations(schema: JsonObject) -> Iterator[JsonObject]:
    for path in schema["paths"].values():
        yield from path.values()


def _complete(status: HTTPStatus, answer: JsonObject) -> None:
    answer["description"] = status.phrase
    answer["headers"] = answer.get("headers", {}) | {
        name: {"$ref": f"#/components/headers/{name}"} for name in headers_of(status)
    }
    for content in answer["content"].values():
        if "examples" not in content:
            _show_example(content)
        for example in content["examples"].values():
            example.pop("id", None)  # the framework's own; OpenAPI knows no such member


def _show_example(content: JsonObject) -> str:
    """Give the body of a request or a success an example, and tell the name of its schema."""
    name: str = content["schema"]["$ref"].rpartition("/")[2]
    content["examples"] = {name: {"value": EXAMPLES[name]}}
    return name
