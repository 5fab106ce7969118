"""The original design's `.env` starts a production service; a proxy that ends TLS is all it needs.

Without that, or certificate and key, it starts and answers `https_required`, which is shown in
`test_tls_at_a_proxy.py`.
"""

import secrets
from collections.abc import AsyncIterator

import pytest

from harness.service import Installation
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from production.deployment import ADMIN, HOST, PROXY, visitor_of

pytestmark = pytest.mark.anyio

DOT_ENV = """\
NODE_ENV=production
JWT_SECRET={secret}
JWT_ACCESS_TTL=15m
JWT_REFRESH_TTL=7d
ALLOW_BOOTSTRAP=false
DATABASE_URL="{dsn}"
ALLOWED_HOSTS={host}
"""


@pytest.fixture
async def visitor(
    production: Installation, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Visitor]:
    home = tmp_path_factory.mktemp("original")
    dsn = production.environ["DATABASE_URL"]
    text = DOT_ENV.format(secret=secrets.token_urlsafe(48), dsn=dsn, host=HOST)
    (home / ".env").write_text(text)
    original = Installation(home=home, environ={})
    with original.serving(TRUSTED_PROXIES="127.0.0.1") as service:
        async with service.client(PROXY) as http:
            yield visitor_of(http)


@pytest.mark.requirement("CK-1", "AT-8")
async def test_it_serves_the_whole_flow(visitor: Visitor) -> None:
    login = await visitor.login(ADMIN.credentials)
    refresh = await visitor.refresh(SetCookie.of(login).value)
    me = await visitor.me(refresh.json()["accessToken"])
    logout = await visitor.logout(SetCookie.of(refresh).value)
    bootstrap = await visitor.bootstrap(ADMIN.credentials | {"name": ADMIN.name})

    answers = (login, refresh, me, logout, bootstrap)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 403]
    assert login.json()["expiresIn"] == 15 * 60
    assert SetCookie.of(login).max_age == 7 * 86_400
    assert "secure" in dict(SetCookie.of(login).attributes)
    assert me.json()["email"] == ADMIN.email
