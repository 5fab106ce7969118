"""What requests count as: by route and status, by outcome, and never by what a client chooses."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from harness.metrics import Shown, by_label
from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.app import create_app, create_litestar
from latchkey.entrypoints.http.problems.responses import problem_response
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.metrics.outcomes import (
    DENIED,
    GRANTED,
    NO_ROUTE,
    ROUTES,
    STATUSES,
)
from latchkey.entrypoints.observability.request_log import RequestLog
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from unit.entrypoints.http.asgi import ENVIRON, Client

pytestmark = pytest.mark.anyio

OPENAPI: Final = Path(__file__).parents[5] / "docs" / "openapi.json"
ADA: Final = {"email": "ada@example.com", "password": "violet kettle 41"}
LIMITS: Final = {"LOGIN_LIMIT_ACCOUNT": "3/15m", "REFRESH_LIMIT": "9/1m"}
SECOND: Final = timedelta(seconds=1)


@pytest.fixture
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


@pytest.fixture
async def client(clock: FrozenClock, quiet: None, meter: Meter) -> Client:  # noqa: ARG001
    settings = from_env({**ENVIRON, **LIMITS})
    client = Client(create_app(settings, MemoryStorage(clock), meter))
    await client("POST", "/api/auth/bootstrap", [], json.dumps({**ADA, "name": "Ada"}).encode())
    return client


async def login(client: Client, **changes: str) -> tuple[int, bytes]:
    """Log in; return the status, and the refresh token's cookie."""
    status, headers, _ = await client(
        "POST", "/api/auth/login", [], json.dumps({**ADA, **changes}).encode()
    )
    return status, headers.get(b"set-cookie", b"").partition(b";")[0]


async def refresh(client: Client, cookie: bytes) -> bytes:
    """Refresh; return the next cookie, if there is one."""
    cookies = [(b"cookie", cookie)] if cookie else []
    _, headers, _ = await client("POST", "/api/auth/refresh", cookies)
    return headers.get(b"set-cookie", b"").partition(b";")[0]


async def test_a_request_counts_by_its_route_and_its_status(
    client: Client, shown: Callable[[], Shown]
) -> None:
    for _ in range(3):
        await client("GET", "/problems/not_found", [])
    await client("GET", "/api/auth/me", [])

    found = shown()

    route = 'method="GET",route="/problems/{code}"'
    assert found[f'latchkey_requests_total{{{route},status="200"}}'] == 3
    assert found[f"latchkey_request_seconds_count{{{route}}}"] == 3
    assert found[f'latchkey_request_seconds_bucket{{{route},le="+Inf"}}'] == 3
    assert found[f"latchkey_request_seconds_sum{{{route}}}"] > 0
    refused = 'method="GET",route="/api/auth/me",status="401"'
    assert found[f"latchkey_requests_total{{{refused}}}"] == 1
    assert by_label(found, "latchkey_problems_total") == {"access_token_missing": 1}


def test_each_documented_status_has_a_count_of_its_own() -> None:
    paths = json.loads(OPENAPI.read_bytes())["paths"].values()
    operations = [operation for path in paths for operation in path.values()]
    documented = {status for operation in operations for status in operation["responses"]}

    assert "202" in documented
    assert documented <= {*STATUSES}


async def test_a_login_counts_by_its_outcome_and_not_by_whether_the_account_exists(
    client: Client, shown: Callable[[], Shown]
) -> None:
    await login(client)
    await login(client, password="wrong horse 12")
    await login(client, email="nobody@example.com")
    for _ in range(4):
        await login(client, email="tried@example.com")
    await client("POST", "/api/auth/login", [], b"{}")

    found = shown()

    assert by_label(found, "latchkey_logins_total") == {
        "succeeded": 1,
        "failed": 5,
        "throttled": 1,
        "other": 1,
    }
    assert by_label(found, "latchkey_refused_attacks_total") == {"attempts_throttled": 1}


async def test_every_refresh_counts_once_by_what_its_token_meant(
    client: Client, clock: FrozenClock, shown: Callable[[], Shown]
) -> None:
    _, first = await login(client)
    second = await refresh(client, first)  # rotated
    await refresh(client, first)  # replayed
    await refresh(client, second)  # rotated
    await refresh(client, first)  # superseded
    clock.move(SECOND * 60)
    await refresh(client, first)  # reused
    await refresh(client, first)  # ended
    await refresh(client, b"")  # missing
    await refresh(client, first[:-4] + b"AAAA")  # forged
    _, last = await login(client)
    for _ in range(10):
        last = await refresh(client, last) or last  # rotated nine times, then throttled
    clock.move(SECOND * 86_400 * 40)
    await refresh(client, last)  # expired
    await client("POST", "/api/auth/refresh", [(b"sec-fetch-site", b"cross-site")])

    found = shown()

    verdicts = by_label(found, "latchkey_refreshes_total")
    assert verdicts == {
        "rotated": 11,
        "replayed": 1,
        "superseded": 1,
        "reused": 1,
        "ended": 1,
        "missing": 1,
        "forged": 1,
        "throttled": 1,
        "expired": 1,
        "other": 1,
    }
    route = 'latchkey_request_seconds_count{method="POST",route="/api/auth/refresh"}'
    assert sum(verdicts.values()) == found[route]
    assert by_label(found, "latchkey_sessions_ended_total") == {"reuse_detected": 1}
    audited = by_label(found, "latchkey_audit_events_total")
    assert (audited["refresh_reused"], audited["session_ended"]) == (1, 1)


async def test_nothing_that_a_client_chooses_makes_a_series(
    client: Client, shown: Callable[[], Shown]
) -> None:
    before = set(shown())

    for number in range(300):
        text = f"{number:x}" * 3
        await client(f"M{text}", f"/{text}", [(b"x-request-id", text.encode())])
        await client("GET", f"/problems/{text}", [])
        await client(f"M{text}", "/api/auth/me", [])
        await login(client, email=f"{text}@example.com")

    found = shown()
    assert set(found) == before
    assert found['latchkey_requests_total{method="-",route="-",status="404"}'] == 300
    assert found['latchkey_requests_total{method="-",route="-",status="405"}'] == 300


@given(method=st.text(), template=st.text(), status=st.integers(), seconds=st.floats(0, 1e6))
def test_any_request_can_be_counted(
    method: str, template: str, status: int, seconds: float
) -> None:
    block = memoryview(bytearray(LAYOUT.cells * 8)).cast("q")
    meter = Meter(block)
    scope = {"type": "http", "method": method, "path_template": template}
    before = sum(block)

    meter.completed(scope, status, seconds)  # type: ignore[arg-type] # less than a whole scope

    assert sum(block) - before >= 2


def test_the_routes_are_those_of_the_service(clock: FrozenClock) -> None:
    container = Container(settings=from_env(ENVIRON), storage=MemoryStorage(clock))
    app = create_litestar(container, RequestLog(structlog.get_logger()))
    routes = {
        (str(method), route.path_format)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if method != "OPTIONS"
    }

    assert routes == set(ROUTES) - {NO_ROUTE}


def test_every_error_of_a_refresh_is_an_outcome_of_its_own() -> None:
    names = [*GRANTED.values(), *DENIED.values()]

    assert len(set(names)) == len(names)


def all_errors(error: type[LatchkeyError] = LatchkeyError) -> list[type[LatchkeyError]]:
    return [error, *(each for kind in error.__subclasses__() for each in all_errors(kind))]


def test_every_code_of_the_service_has_its_series(shown: Callable[[], Shown]) -> None:
    codes = {
        error.code
        for error in all_errors()
        if hasattr(error, "code") and error.__module__.startswith("latchkey.")
    }
    series = set(shown())
    missing = {code for code in codes if f'latchkey_problems_total{{code="{code}"}}' not in series}

    assert missing == set()
    assert problem_response(ValueError()).code in codes
