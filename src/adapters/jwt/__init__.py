"""Access tokens as JSON Web Tokens."""

from latchkey.adapters.jwt.token_service import JwtTokenService

__all__ = ["JwtTokenService"]
