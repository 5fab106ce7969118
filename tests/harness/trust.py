"""The authorities that clients of tests trust."""

import ssl
from typing import Final

TRUST: Final = ssl.create_default_context()
"""Shared, since httpx otherwise reads all of them for each client: 20 ms of CPU."""
