"""The list of ended sessions, as a service that verifies tokens reads it."""

from typing import Any, Final

import httpx

from latchkey.testing.flow.expectations import assert_status, json_object
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import key_of, published_keys

ENDED: Final = "/.well-known/ended-sessions"


async def ended_sessions(http: httpx.AsyncClient) -> dict[str, Any]:
    """Fetch the list, verify its signature, and return its claims."""
    response = await http.get(ENDED)
    assert_status(response, 200)
    signed = str(json_object(response)["endedSessions"])
    assert key_of(signed, await published_keys(http)).verifies(signed)
    return Anatomy.of(signed).claims
