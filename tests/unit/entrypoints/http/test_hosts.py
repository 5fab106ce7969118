"""Development answers to names of this machine alone, so no page reaches it by DNS rebinding."""

import httpx
import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.transport import asgi_transport
from unit.entrypoints.http.asgi import ENVIRON

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("quiet")]

DEVELOPMENT = {**ENVIRON, "APP_ENV": "development", "BCRYPT_ROUNDS": "10"}
ADA = {"email": "ada@example.com", "name": "Ada", "password": "violet kettle 41"}


async def bootstrap(clock: FrozenClock, host: str, **environ: str) -> httpx.Response:
    """Send a bootstrap as a page does whose own name leads to the service."""
    app = create_app(from_env({**DEVELOPMENT, **environ}), MemoryStorage(clock))
    own = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=asgi_transport(app), base_url="http://any") as http:
        return await http.post("/api/auth/bootstrap", json=ADA, headers=own)


@pytest.mark.requirement("BA-1")
@pytest.mark.parametrize("host", ["rebound.attacker.example:8614", "192.0.2.7:8000"])
async def test_a_name_that_is_not_of_this_machine_is_refused(clock: FrozenClock, host: str) -> None:
    answer = await bootstrap(clock, host)

    assert (answer.status_code, answer.json()["code"]) == (400, "host_not_allowed")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8614", "[::1]:8000"])
async def test_the_names_of_this_machine_are_accepted(clock: FrozenClock, host: str) -> None:
    assert (await bootstrap(clock, host)).status_code == 201


async def test_the_address_that_the_service_listens_on_is_accepted(clock: FrozenClock) -> None:
    answer = await bootstrap(clock, "192.0.2.7:8000", HOST="192.0.2.7")

    assert answer.status_code == 201
