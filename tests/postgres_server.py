"""The harness by its former name, until `contract/flow` imports it itself."""

from harness.postgres import PostgresServer, as_service

__all__ = ["PostgresServer", "as_service"]
