"""Counted attempts in PostgreSQL."""
