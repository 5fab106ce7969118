"""The document is made once: making it takes 0.1 s of CPU, and anybody may ask for it."""

from unittest.mock import Mock

import httpx
import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.http.openapi.document import document
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.transport import asgi_transport
from unit.entrypoints.http.asgi import ENVIRON

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("quiet")]


async def test_the_document_is_made_once(
    clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Mock(wraps=document)
    monkeypatch.setattr("latchkey.entrypoints.http.docs.controller.document", made)
    app = create_app(from_env({**ENVIRON, "DOCS": "true"}), MemoryStorage(clock))

    async with httpx.AsyncClient(transport=asgi_transport(app), base_url="http://any") as http:
        first, second = [await http.get("/openapi.json") for _ in range(2)]

    assert first.json()["openapi"] == "3.1.0"
    assert second.content == first.content
    made.assert_called_once()
