"""Access tokens as JSON Web Tokens."""

from adapters.jwt.token_service import JwtTokenService

__all__ = ["JwtTokenService"]
