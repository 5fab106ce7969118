"""Alembic's entry point. The caller provides the connection and commits its transaction."""

from alembic import context

from latchkey.adapters.postgres.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
