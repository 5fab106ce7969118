"""Deployments that publish keys, and the private keys of our own."""

from datetime import datetime

from latchkey.adapters.keys import PrivateKey
from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.flow.deployments import Deployment

AUDIENCE = "orders"
LATER = datetime.fromisoformat("2100-01-01T00:00:00Z")
LATER_STILL = datetime.fromisoformat("2101-01-01T00:00:00Z")


def new_key(algorithm: str = "ES256") -> PrivateKey:
    """Make a private key."""
    return PRIVATE[algorithm].generate()


def key_file(*starts: tuple[PrivateKey, datetime]) -> str:
    """Write the value of `JWT_KEYS`: keys, and when they begin to sign."""
    return write([ScheduledKey(key=key, signs_from=start) for key, start in starts])


def issuing(base_url: str) -> dict[str, str]:
    """Return settings that publish a key of each kind, the first of which signs."""
    return {
        "JWT_KEYS": key_file(
            (new_key("ES256"), ALWAYS),
            (new_key("EdDSA"), LATER),
            (new_key("RS256"), LATER_STILL),
        ),
        "JWT_ISSUER": base_url,
        "AUDIENCES": f"{AUDIENCE},billing",
    }


async def publishes(deployment: Deployment) -> bool:
    """Return whether a deployment publishes keys."""
    async with deployment.client() as http:
        response = await http.get("/.well-known/jwks.json")
    return response.status_code != 404
