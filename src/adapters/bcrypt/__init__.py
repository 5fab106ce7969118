"""Passwords hashed with bcrypt."""

from latchkey.adapters.bcrypt.password_hasher import BcryptPasswordHasher

__all__ = ["BcryptPasswordHasher"]
