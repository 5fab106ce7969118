"""An operator at the command line of a service's machine."""

import asyncio
import json
from collections.abc import Mapping, Sequence

from click.testing import CliRunner
from typing_extensions import override

from contract.flow.operators import ContainerOperator
from harness.leaks import search
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.entrypoints.cli import main
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import operating
from latchkey.testing.flow.deployments import Account, Operator


class CommandLineOperator(Operator):
    """Runs `latchkey`, with the service's settings.

    The commands run in this process, for to start an interpreter takes longer than most tests.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._runner = CliRunner(catch_exceptions=False)

    @override
    async def create(self, account: Account, role: Role) -> None:
        assert role is Role.ADMIN, "the command line makes no others"
        who = ("--email", account.email, "--name", account.name)
        await self._run("create-admin", *who, "--password-stdin", line=account.password)

    @override
    async def disable(self, email: str) -> None:
        await self._run("disable-user", email)

    @override
    async def enable(self, email: str) -> None:
        await self._run("enable-user", email)

    @override
    async def set_role(self, email: str, role: Role) -> None:
        await self._run("set-role", email, role)

    @override
    async def set_password(self, email: str, password: str) -> None:
        await self._run("set-password", email, "--password-stdin", line=password)

    @override
    async def reset_factors(self, email: str) -> None:
        await self._run("reset-factors", email)

    @override
    async def add_orders(self, email: str, totals: Sequence[int]) -> None:
        """Write into the database: orders come from elsewhere, and no command makes any."""
        settings = from_env(self._environ)
        assert settings.database.url is not None
        async with operating(settings, settings.database.url) as container:
            await ContainerOperator(container).add_orders(email, totals)

    @override
    async def audited(self, session_id: str) -> list[AuditAction]:
        lines = (await self._run("audit", "--json", "--session", session_id)).splitlines()
        return [AuditAction(json.loads(line)["action"]) for line in lines]

    async def _run(self, *arguments: str, line: str = "") -> str:
        result = await asyncio.to_thread(
            self._runner.invoke, main, arguments, input=f"{line}\n", env=self._environ
        )
        search("outputs", f"latchkey {' '.join(arguments)}", result.output)
        assert result.exit_code == 0, result.output
        return result.stdout
