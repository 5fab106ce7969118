"""What the log has of a link that somebody opens and reads."""

import pytest

from harness.service import Installation
from production.deployment import ADMIN, PROXY, visitor_of

pytestmark = pytest.mark.anyio

PAGES = "https://auth.latchkey.example"


@pytest.mark.requirement("ER-2", "RP-2")
async def test_not_even_a_log_of_everything_has_the_token(production: Installation) -> None:
    printed = production.run("reset-link", ADMIN.email, PUBLIC_URL=PAGES)
    token = printed.stdout.partition("?t=")[2].strip()
    forged = token[:-1] + ("B" if token.endswith("A") else "A")
    environ = {"LOG_LEVEL": "debug", "TRUSTED_PROXIES": "127.0.0.1/32"}

    with production.serving(**environ) as service:
        async with service.client(PROXY) as http:
            visitor = visitor_of(http)
            await http.get("/link/", params={"t": token})
            read = await visitor.read_link(token)
            await visitor.reset_password(token, "short")
            await visitor.reset_password(forged, "a moth in relay 70")

    assert read.status_code == 200, read.text
    log = service.log.read_text()
    assert "/api/auth/links/read" in log
    assert token not in log
    assert token[:40] not in log
