"""Tests of what browsers send about passkeys."""
