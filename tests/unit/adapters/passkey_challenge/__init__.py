"""Tests of passkeys' challenges."""
