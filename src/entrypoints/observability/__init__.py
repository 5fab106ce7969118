"""The logs of a running service."""
