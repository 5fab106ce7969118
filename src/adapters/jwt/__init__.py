"""Access tokens as JSON Web Tokens."""

from latchkey.adapters.jwt.claims import LEEWAY
from latchkey.adapters.jwt.token_service import JwtTokenService

__all__ = ["LEEWAY", "JwtTokenService"]
