"""The documentation of the API, for machines and for people."""

import re
from typing import Any

import pytest

from latchkey.testing.flow.document import operations, problem_codes
from latchkey.testing.flow.documented import OWN_PROBLEMS
from latchkey.testing.flow.documented_answers import OWN_HEADERS, SUCCESSES
from latchkey.testing.flow.expectations import assert_status
from latchkey.testing.flow.visitor import JsonObject, Visitor

pytestmark = pytest.mark.anyio


PASSWORD_PAGE = "/.well-known/change-password"  # where there are pages


async def _document(visitor: Visitor) -> JsonObject:
    answer = await visitor.http.get("/openapi.json")
    if answer.status_code == 404:
        pytest.skip("needs DOCS=true")
    document: JsonObject = answer.json()
    return document


def _operations_of(document: JsonObject) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def _problems_of(operation: dict[str, Any]) -> dict[str, int]:
    """Read an operation's problems: code and the status under which it is listed."""
    return {
        code: int(status)
        for status, answer in operation["responses"].items()
        for code in answer.get("content", {})
        .get("application/problem+json", {})
        .get("examples", {})
    }


@pytest.mark.promise("D1", "F10")
async def test_the_document_is_openapi_3_1(visitor: Visitor) -> None:
    document = await _document(visitor)

    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"]


@pytest.mark.promise("D1")
async def test_the_document_lists_the_operations_of_the_contract_and_no_others(
    visitor: Visitor,
) -> None:
    document = await _document(visitor)

    listed = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    described = {"/openapi.json", "/docs", "/problems/<code>", "/mailbox", PASSWORD_PAGE}
    assert listed == {(method, path) for method, path in operations() if path not in described}


@pytest.mark.promise("D1", "P1")
async def test_the_document_enumerates_the_problem_codes(visitor: Visitor) -> None:
    schemas = (await _document(visitor))["components"]["schemas"]

    assert schemas["ProblemBody"]["properties"]["code"] == {
        "$ref": "#/components/schemas/ProblemCode"
    }
    assert sorted(schemas["ProblemCode"]["enum"]) == sorted(problem_codes())


@pytest.mark.promise("D1", "P1")
@pytest.mark.parametrize(("operation", "codes"), OWN_PROBLEMS.items(), ids=str)
async def test_each_operation_lists_its_problems(
    visitor: Visitor, operation: tuple[str, str], codes: set[str]
) -> None:
    method, path = operation
    document = await _document(visitor)

    problems = _problems_of(document["paths"][path][method.lower()])

    assert codes <= set(problems)
    assert problems == {code: problem_codes()[code] for code in problems}


@pytest.mark.promise("D1")
async def test_each_operation_lists_its_success(visitor: Visitor) -> None:
    document = await _document(visitor)

    for path, item in document["paths"].items():
        for method, operation in item.items():
            success = SUCCESSES.get((method, path), "200")
            assert success in operation["responses"], (method, path)


@pytest.mark.promise("D1")
async def test_the_document_says_what_an_operation_needs(visitor: Visitor) -> None:
    document = await _document(visitor)

    schemes = document["components"]["securitySchemes"]
    assert {"bearer", None} == {scheme.get("scheme") for scheme in schemes.values()}
    assert "apiKey" in {scheme["type"] for scheme in schemes.values()}


@pytest.mark.promise("D1")
async def test_each_body_of_a_request_or_a_success_has_an_example(visitor: Visitor) -> None:
    document = await _document(visitor)

    for operation in _operations_of(document):
        asked = [operation["requestBody"]] if "requestBody" in operation else []
        given = [answer for code, answer in operation["responses"].items() if code < "300"]
        for body in asked + given:
            assert body["content"]["application/json"]["examples"], operation["operationId"]


@pytest.mark.promise("D1")
async def test_the_document_says_that_unknown_members_are_rejected(visitor: Visitor) -> None:
    document = await _document(visitor)

    for operation in _operations_of(document):
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            name = schema["$ref"].rpartition("/")[2]
            assert document["components"]["schemas"][name]["additionalProperties"] is False


@pytest.mark.promise("D1")
async def test_the_document_lists_the_headers_of_every_response(visitor: Visitor) -> None:
    document = await _document(visitor)

    for operation in _operations_of(document):
        for status, answer in operation["responses"].items():
            assert OWN_HEADERS.get(status, set()) | {"X-Request-ID"} <= set(answer["headers"])


@pytest.mark.promise("D2", "F10")
async def test_the_page_loads_nothing_from_other_hosts(visitor: Visitor) -> None:
    page = await visitor.http.get("/docs")
    if page.status_code == 404:
        pytest.skip("needs DOCS=true")

    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.headers["content-type"].startswith("text/html")
    assert loaded
    for address in loaded:
        assert address.startswith("/")
        assert not address.startswith("//")
        part = await visitor.http.get(address)
        assert_status(part, 200)


@pytest.mark.promise("AD3")
async def test_administrators_set_a_password_when_they_create_a_user_and_nowhere_else(
    visitor: Visitor,
) -> None:
    document = await _document(visitor)
    schemas = document["components"]["schemas"]

    asked = {
        path: schemas[body["$ref"].rpartition("/")[2]]["properties"]
        for path, item in document["paths"].items()
        if path.startswith("/api/admin/")
        for operation in item.values()
        if "requestBody" in operation
        for body in [operation["requestBody"]["content"]["application/json"]["schema"]]
    }

    places = {path for path, members in asked.items() if {"password", "token"} & set(members)}
    assert len(asked) > 3
    assert places == {"/api/admin/users"}


@pytest.mark.promise("EC2", "RG3", "PR3")
async def test_that_an_address_is_taken_is_told_to_nobody_but_administrators_and_its_mailbox(
    visitor: Visitor,
) -> None:
    document = await _document(visitor)

    telling = {
        path
        for path, item in document["paths"].items()
        for operation in item.values()
        if "email_taken" in _problems_of(operation)
    }

    assert telling == {
        *("/api/admin/users", "/api/admin/invitations"),
        "/api/auth/bootstrap",  # while there is no administrator
        "/api/auth/email-changes/complete",
    }
