"""Passwords hashed with bcrypt."""

from adapters.bcrypt.password_hasher import BcryptPasswordHasher

__all__ = ["BcryptPasswordHasher"]
