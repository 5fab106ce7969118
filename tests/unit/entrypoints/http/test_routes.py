from pathlib import Path

import pytest
import structlog
from litestar import Litestar, MediaType, Response
from litestar.handlers import HTTPRouteHandler

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.cli.openapi import default_document
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.app import create_litestar
from latchkey.entrypoints.observability.request_log import RequestLog
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

PUBLIC = {
    "POST /api/auth/login",
    "POST /api/auth/login/enrolment",
    "POST /api/auth/login/enrolment/confirm",
    "POST /api/auth/login/enrolment/passkeys",
    "POST /api/auth/login/enrolment/passkeys/options",
    "POST /api/auth/login/second-factor",
    "POST /api/auth/login/passkey",
    "POST /api/auth/passkeys/options",
    "POST /api/auth/logout",
    "POST /api/auth/bootstrap",
    "GET /.well-known/ended-sessions",
    "POST /api/auth/password-resets",
    "POST /api/auth/password-resets/complete",
    "POST /api/auth/links/read",
    "GET /api/auth/features",
    "POST /api/auth/registrations",
    "POST /api/auth/registrations/complete",
    "POST /api/auth/email-changes/complete",
    "GET /.well-known/jwks.json",
    "GET /.well-known/oauth-authorization-server",
    "GET /.well-known/openid-configuration",
    "GET /health/live",
    "GET /health/ready",
    "GET /problems",
    "GET /problems/{code:str}",
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/{name:str}",
    "GET /mailbox",
}
FOR_ADMINISTRATORS = {
    "GET /api/admin/users",
    "POST /api/admin/users",
    "GET /api/admin/users/search",
    "GET /api/admin/users/{user:uuid}",
    "POST /api/admin/users/{user:uuid}",
    "GET /api/admin/users/{user:uuid}/sessions",
    "POST /api/admin/users/{user:uuid}/sessions/end",
    "POST /api/admin/users/{user:uuid}/password-resets",
    "GET /api/admin/audit",
    "GET /api/admin/mails",
    "POST /api/admin/mails/test",
    "GET /api/admin/invitations",
    "POST /api/admin/invitations",
    "POST /api/admin/invitations/{invitation:uuid}/withdraw",
}
OWN_PAGES = {
    "POST /api/auth/login",
    "POST /api/auth/login/enrolment",
    "POST /api/auth/login/enrolment/confirm",
    "POST /api/auth/login/enrolment/passkeys",
    "POST /api/auth/login/enrolment/passkeys/options",
    "POST /api/auth/login/second-factor",
    "POST /api/auth/login/passkey",
    "POST /api/auth/passkeys/options",
    "POST /api/auth/factors/passkeys",
    "POST /api/auth/factors/passkeys/{passkey:uuid}/remove",
    "POST /api/auth/factors/totp/confirm",
    "POST /api/auth/factors/recovery-codes",
    "POST /api/auth/factors/remove",
    "POST /api/auth/refresh",
    "POST /api/auth/logout",
    "POST /api/auth/bootstrap",
    "POST /api/auth/password-resets",
    "POST /api/auth/password-resets/complete",
    "POST /api/auth/links/read",
    "POST /api/auth/registrations",
    "POST /api/auth/registrations/complete",
    "POST /api/auth/password",
    "POST /api/auth/account/delete",
    "POST /api/auth/email-changes",
    "POST /api/auth/email-changes/complete",
}


@pytest.fixture
def app(clock: FrozenClock) -> Litestar:
    settings = from_env({"JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4"})
    storage = MemoryStorage(clock)
    container = Container(settings=settings, storage=storage)
    return create_litestar(container, RequestLog(structlog.get_logger()))


def handlers_of(app: Litestar) -> dict[str, HTTPRouteHandler]:
    return {
        f"{method} {route.path}": handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if method != "OPTIONS"
    }


def guard_names(handler: HTTPRouteHandler) -> set[str]:
    return {getattr(guard, "func", guard).__name__ for guard in handler.resolve_guards()}


@pytest.mark.requirement("AZ-1")
def test_every_route_but_the_listed_ones_needs_an_access_token(app: Litestar) -> None:
    handlers = handlers_of(app).items()
    public = {name for name, handler in handlers if handler.opt.get("public")}
    for_refresh_tokens = {name for name, handler in handlers if handler.opt.get("refresh_token")}

    assert (public, for_refresh_tokens) == (PUBLIC, {"POST /api/auth/refresh"})


def test_administration_is_guarded_by_role(app: Litestar) -> None:
    guarded = {n for n, h in handlers_of(app).items() if "administrators" in guard_names(h)}

    assert guarded == FOR_ADMINISTRATORS


@pytest.mark.requirement("CK-5")
def test_whatever_acts_on_the_session_cookie_is_for_own_pages(app: Litestar) -> None:
    guarded = {n for n, h in handlers_of(app).items() if h.opt.get("csrf")}

    assert guarded == OWN_PAGES


def test_what_answers_in_json_asks_for_nothing_that_is_left_out(app: Litestar) -> None:
    asking = [
        name
        for name, handler in handlers_of(app).items()
        if not handler.parsed_fn_signature.return_type.is_subclass_of(Response)
        if handler.media_type != MediaType.JSON or handler.background or handler.response_cookies
    ]

    assert asking == []


def test_the_committed_openapi_document_is_the_one_that_the_service_gives() -> None:
    committed = Path(__file__).parents[4] / "docs" / "openapi.json"

    assert committed.read_bytes() == default_document(), "run `just openapi`"
