"""Latchkey, an authentication service."""
