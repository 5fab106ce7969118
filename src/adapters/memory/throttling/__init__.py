"""Counted attempts in memory."""
