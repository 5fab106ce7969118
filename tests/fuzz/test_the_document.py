"""Whatever is sent, the service answers as its OpenAPI document says, and never with a 5xx."""

import pytest
from schemathesis import BaseSchema
from schemathesis.engine import events, from_schema

from contract.flow.in_process import ADMIN
from fuzz.services import END, REFRESH, USER, FuzzedService

PUBLIC = {"POST /api/auth/logout", "GET /health/live", "GET /health/ready"}
BY_EXAMPLE = {"POST /api/auth/bootstrap", "POST /api/auth/login"}
OWN = {
    *(REFRESH, END, "POST /api/auth/token"),
    *("GET /api/auth/me", "GET /api/auth/sessions", "GET /api/orders"),
}
ADMINISTRATION = {"GET /api/admin/users", "POST /api/admin/users"}


@pytest.mark.requirement("AZ-1", "LG-10", "AT-16")
def test_strangers_get_what_the_document_says(service: FuzzedService) -> None:
    seen = _try_everything(service.as_stranger())

    assert _surprises(seen) == []
    assert _succeeded(seen) >= PUBLIC
    assert service.is_taken or _succeeded(seen) >= BY_EXAMPLE
    assert not _succeeded(seen) & (OWN | ADMINISTRATION)


@pytest.mark.requirement("AZ-2")
def test_users_get_what_the_document_says(service: FuzzedService) -> None:
    service.create_accounts()

    seen = _try_everything(service.as_signed_in(USER))

    assert _surprises(seen) == []
    assert _succeeded(seen) >= OWN
    assert not _succeeded(seen) & ADMINISTRATION


def test_administrators_get_what_the_document_says(service: FuzzedService) -> None:
    service.create_accounts()

    seen = _try_everything(service.as_signed_in(ADMIN))

    assert _surprises(seen) == []
    assert _succeeded(seen) >= OWN | ADMINISTRATION


def _try_everything(schema: BaseSchema) -> list[events.EngineEvent]:
    """Send examples, borderline and random requests, good and bad ones, to each operation."""
    return list(from_schema(schema).execute())


def _surprises(seen: list[events.EngineEvent]) -> list[str]:
    """Tell what was not as documented, and how to see it again."""
    broken = [
        str(event) for event in seen if isinstance(event, events.NonFatalError | events.FatalError)
    ]
    return broken + [
        f"{found.failure.title}: {found.failure.message}\n{found.code_sample}"
        for event in seen
        if isinstance(event, events.ScenarioFinished)
        for checks in event.recorder.checks.values()
        for check in checks
        if (found := check.failure_info) is not None
    ]


def _succeeded(seen: list[events.EngineEvent]) -> set[str]:
    """Name the operations of which a request was good, so that the rest of it was reached, too."""
    return {
        event.recorder.label
        for event in seen
        if isinstance(event, events.ScenarioFinished)
        for sent in event.recorder.interactions.values()
        if event.recorder.label.startswith(f"{sent.request.method} ")
        if sent.response is not None and sent.response.status_code < 300
    }
