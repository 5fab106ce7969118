"""What an operator is told about a database that is not as it should be."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import structlog
from click.testing import CliRunner, Result

from contract.flow.in_process import ADMIN, ENVIRON, deployed, make_admin
from harness.postgres import PostgresServer, as_service
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.entrypoints.cli import main
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

BROUGHT_OVER = """
    INSERT INTO users (id, email, email_canonical, name, role, password_hash, password_version,
                       created_at)
    VALUES (gen_random_uuid(), 'ada@straße.example', 'ada@strasse.example', 'Ada', 'ADMIN', '-', 1,
            now())
"""


WITH_PASSKEYS = """
    INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, is_synced,
                          is_backed_up, user_handle, rp_id, name, transports)
    SELECT gen_random_uuid(), id, convert_to(rp_id, 'UTF8'), '', 0, false, false,
           decode(repeat('00', 32), 'hex'), rp_id, 'x', '{}'
      FROM users, unnest(ARRAY['old.example.com', 'auth.example.com']) AS rp_id
"""


@pytest.fixture
async def unfit_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """An empty database in an encoding that lacks most letters."""
    dsn = await postgres_server.create_database(template="template0 ENCODING 'LATIN1'")
    yield dsn
    await postgres_server.drop_database(dsn)


async def run(dsn: str, *command: str, **settings: str) -> Result:
    """Run a command with a database."""
    runner = CliRunner(catch_exceptions=False)
    environ = {**ENVIRON, "DATABASE_URL": dsn, **settings}
    return await asyncio.to_thread(runner.invoke, main, command, env=environ)


async def execute(dsn: str, statement: str) -> None:
    """Run a statement as the owner."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()


async def test_a_database_as_the_manual_makes_it_has_no_errors_but_the_missing_users(
    own_postgres_dsn: str,
) -> None:
    examined = await run(as_service(own_postgres_dsn), "doctor")

    assert examined.stdout.splitlines()[1:] == [
        "ok      database: a primary answers",
        "ok      schema: current",
        "ok      rights: latchkey_service has all that the service needs",
        "error   users: none; run `latchkey create-admin`",
        "ok      mail: kept and shown on /mailbox",
        "ok      keys: JWT_SECRET signs access tokens; other services cannot verify them",
        "ok      metrics: off (METRICS_PORT is unset)",
    ]


async def test_an_address_that_a_login_would_not_find_is_an_error(own_postgres_dsn: str) -> None:
    await execute(own_postgres_dsn, BROUGHT_OVER)

    examined = await run(own_postgres_dsn, "doctor")
    mended = await run(own_postgres_dsn, "recompute-emails")
    again = await run(own_postgres_dsn, "doctor")

    fault = "error   e-mail addresses: some are outdated; run `latchkey recompute-emails`"
    assert fault in examined.stdout.splitlines()
    assert (examined.exit_code, mended.exit_code) == (1, 0)
    sound = "ok      e-mail addresses: compared as this release does"
    assert again.exit_code == 0
    assert sound in again.stdout.splitlines()


async def test_passkeys_of_a_former_host_name_are_warned_of(own_postgres_dsn: str) -> None:
    await execute(own_postgres_dsn, BROUGHT_OVER)
    await execute(own_postgres_dsn, WITH_PASSKEYS)

    examined = await run(own_postgres_dsn, "doctor", PASSKEY_RP_ID="auth.example.com")

    lost = "warning passkeys: some are bound to old.example.com and are lost while"
    lines = [line for line in examined.stdout.splitlines() if "passkeys:" in line]
    assert lines == [f"{lost} PASSKEY_RP_ID is auth.example.com"]


async def test_each_missing_right_is_named_with_its_remedy(own_postgres_dsn: str) -> None:
    await execute(own_postgres_dsn, "REVOKE INSERT ON audit_events FROM latchkey_service")
    await execute(own_postgres_dsn, "REVOKE DELETE ON sessions FROM latchkey_service")

    examined = await run(as_service(own_postgres_dsn), "doctor")

    assert examined.exit_code == 1
    fault = "error   rights: latchkey_service lacks one; as the owner, run"
    assert [line for line in examined.stdout.splitlines() if line.startswith("error")] == [
        f"{fault} `GRANT DELETE ON sessions TO latchkey_service`",
        f"{fault} `GRANT INSERT ON audit_events TO latchkey_service`",
    ]


async def test_more_connections_than_postgresql_allows_are_warned_of(
    own_postgres_dsn: str,
) -> None:
    name = own_postgres_dsn.partition("?")[0].rpartition("/")[2]
    await execute(own_postgres_dsn, f"ALTER DATABASE {name} CONNECTION LIMIT 9")

    examined = await run(as_service(own_postgres_dsn), "doctor")

    warning = "WORKERS, POOL_SIZE: 1 x 10 connections exceed the 9 that PostgreSQL allows the role"
    assert f"warning {warning} latchkey_service" in examined.stdout.splitlines()


@pytest.mark.parametrize("command", ["doctor", "migrate"])
async def test_an_encoding_that_cannot_store_all_names_is_refused(
    unfit_dsn: str, command: str
) -> None:
    ended = await run(unfit_dsn, command)

    assert ended.exit_code == 1
    assert "the database's encoding is LATIN1" in ended.output


async def test_a_newer_schema_is_named_as_such(own_postgres_dsn: str) -> None:
    await execute(own_postgres_dsn, "UPDATE schema_version SET version_num = '9999'")

    examined = await run(own_postgres_dsn, "doctor")
    migrated = await run(own_postgres_dsn, "migrate")

    assert "warning schema: is newer than this release" in examined.stdout.splitlines()
    assert migrated.exit_code == 1
    assert migrated.stderr.splitlines() == [
        "the schema is newer than this release; migrate with the newer one"
    ]


async def test_a_command_on_a_database_without_a_schema_names_the_way_out(
    postgres_server: PostgresServer,
) -> None:
    dsn = await postgres_server.create_database(template="template0")

    ended = await run(dsn, "disable-user", "ada@example.com")
    await postgres_server.drop_database(dsn)

    assert ended.exit_code == 1
    assert ended.stderr.splitlines()[-1].endswith("run `latchkey migrate`.")


async def test_users_without_a_factor_that_their_role_requires_are_counted(
    own_postgres_dsn: str,
) -> None:
    await execute(own_postgres_dsn, BROUGHT_OVER)

    counted = await run(own_postgres_dsn, "doctor", MFA_REQUIRED_ROLES="ADMIN,USER")
    await execute(own_postgres_dsn, "UPDATE users SET has_second_factor = true")
    fine = await run(own_postgres_dsn, "doctor", MFA_REQUIRED_ROLES="ADMIN")

    assert "warning second factors: 1 of the role ADMIN have none; whoever" in counted.stdout
    assert "ok      second factors: every USER has one" in counted.stdout
    assert "ok      second factors: every ADMIN has one" in fine.stdout


async def test_the_reason_of_the_server_is_shown_when_it_refuses_a_connection(
    own_postgres_dsn: str,
) -> None:
    dsn = own_postgres_dsn.replace("//latchkey@", "//nobody:violet-kettle@")

    examined = await run(dsn, "doctor")

    assert 'role "nobody" does not exist' in examined.stdout
    assert "violet-kettle" not in examined.output


@pytest.mark.requirement("ER-2", "ER-3")
async def test_a_missing_right_is_an_internal_error_whose_cause_is_logged(
    own_postgres_dsn: str, clock: FrozenClock
) -> None:
    storage = PostgresStorage(PostgresConfig(dsn=as_service(own_postgres_dsn)), clock)
    with structlog.testing.capture_logs() as lines:
        async with deployed(from_env(ENVIRON), storage, clock) as deployment:
            await make_admin(deployment)
            await execute(own_postgres_dsn, "REVOKE INSERT ON audit_events FROM latchkey_service")
            async with deployment.client() as client:
                body = {"email": ADMIN.email, "password": ADMIN.password}
                answer = await client.post("/api/auth/login", json=body)

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    [line] = [line for line in lines if line["event"] == "internal_error"]
    assert "permission denied for table audit_events" in str(line["exc_info"])
