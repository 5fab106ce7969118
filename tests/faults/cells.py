"""Cells: deployments of one service, each with a database and a number of its own (ADR 0019)."""

import asyncio
import re
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import asyncpg

from harness.nodes import Node
from harness.postgres import execute
from harness.service import Installation
from latchkey.testing.flow.deployments import Account
from production.deployment import configured

NUMBER_BITS: Final = 12
_COMMAND: Final = """#!{python}
from uuid import UUID

from latchkey.domain.kernel import identifier

made = identifier.new_id
identifier.new_id = lambda at: UUID(int=made(at).int | {number})  # there is no setting yet

from latchkey.entrypoints.cli import main

main()
"""
_LOGGED: Final = """
    ALTER DATABASE postgres SET log_statement = 'all';
    ALTER DATABASE postgres SET log_parameter_max_length = 0;
"""
_STATEMENT: Final = re.compile(rb"LOG:  (?:execute [^:]+|statement): ")
_COLUMNS: Final = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = current_schema() AND data_type = 'uuid'
     ORDER BY table_name, column_name
"""
_ORDERS: Final = """
    INSERT INTO orders (id, user_id, status, total_cents, currency, created_at)
    SELECT id, id, 'paid', $1, 'EUR', now() FROM users WHERE email = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A database that nothing distinguishes from another, and the command of a service.

    Attributes:
        number: What the last 12 bits of all its identifiers say.
        admin: Its administrator; each cell has others.
    """

    name: str
    number: int
    node: Node
    installation: Installation
    admin: Account

    @classmethod
    def prepared(cls, home: Path, name: str, number: int) -> Self:
        """Start a database, migrate it, and create the administrator."""
        directory, node = home / name, Node(home / f"{name}-postgres")
        directory.mkdir()
        node.server.ensure_running()
        command = directory / "latchkey-of-a-cell"
        command.write_text(_COMMAND.format(python=sys.executable, number=number))
        command.chmod(0o755)
        cell = cls(
            name=name,
            number=number,
            node=node,
            installation=configured(directory, node.dsn, command),
            admin=Account(email=f"admin@{name}.example", password=secrets.token_urlsafe(16)),
        )
        cell._administer()
        asyncio.run(execute(node.dsn, _LOGGED))
        return cell

    def written(self) -> int:
        """Return how much the database has logged."""
        return self._log.stat().st_size

    def statements_since(self, written: int) -> int:
        """Count the statements that the database has begun since."""
        with self._log.open("rb") as log:
            log.seek(written)
            return len(_STATEMENT.findall(log.read()))

    async def order(self, email: str, cents: int) -> None:
        """Give a user an order."""
        connection = await asyncpg.connect(self.node.dsn)
        try:
            await connection.execute(_ORDERS, cents, email)
        finally:
            await connection.close()

    async def count(self, sql: str, *values: object) -> int:
        """Ask the database for a number."""
        connection = await asyncpg.connect(self.node.dsn)
        try:
            return int(await connection.fetchval(sql, *values))
        finally:
            await connection.close()

    async def foreign_identifiers(self) -> tuple[int, list[str]]:
        """Return how many identifiers there are, and which columns have any of another cell."""
        connection = await asyncpg.connect(self.node.dsn)
        found, foreign = 0, []
        try:
            for table, column in await connection.fetch(_COLUMNS):
                rows = await connection.fetch(f"SELECT {column} FROM {table}")  # noqa: S608 - ours
                numbers = [row[0].int % (1 << NUMBER_BITS) for row in rows if row[0] is not None]
                found += len(numbers)
                foreign += [f"{table}.{column}"] * (not set(numbers) <= {self.number})
        finally:
            await connection.close()
        return found, foreign

    @property
    def _log(self) -> Path:
        return self.node.data / "server.log"

    def _administer(self) -> None:
        who = ("--email", self.admin.email, "--name", self.admin.name)
        done = [
            self.installation.run("migrate"),
            self.installation.run(
                "create-admin", *who, "--password-stdin", given=f"{self.admin.password}\n"
            ),
        ]
        assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
