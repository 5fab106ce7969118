"""The command `latchkey doctor`, which checks settings, database and mail server."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import Final, TypeAlias

import click

from latchkey.adapters.postgres.factor_use import other_relying_parties, users_without_factor
from latchkey.adapters.postgres.inspection import Inspection, inspect
from latchkey.adapters.postgres.revisions import SchemaState
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.domain.mail.transport import MailDelayedError
from latchkey.entrypoints import mail, storage
from latchkey.entrypoints.cli.connections import connection_caution
from latchkey.entrypoints.cli.environment import load
from latchkey.entrypoints.cli.link_page import link_page_fault
from latchkey.entrypoints.cli.operation import database
from latchkey.entrypoints.cli.permissions import permission_cautions
from latchkey.entrypoints.container.mail import smtp
from latchkey.entrypoints.observability.causes import cause_of
from latchkey.entrypoints.observability.metrics.parent import number_of_series
from latchkey.entrypoints.settings import Settings, cautions_of
from latchkey.entrypoints.settings.groups.tokens import TokenSettings
from latchkey.entrypoints.storage import operating


class Grade(Enum):
    """How a finding is printed: a word, and its colour."""

    OK = ("ok", "green")
    WARNING = ("warning", "yellow")
    ERROR = ("error", "red")


Finding: TypeAlias = tuple[Grade, str]

_SAMPLE: Final = 10_000  # users, the newest; to look at all of a million would take a minute
_SCHEMA: Final = {
    SchemaState.MISSING: (Grade.ERROR, "schema: is missing; run `latchkey migrate`"),
    SchemaState.OLDER: (Grade.ERROR, "schema: is old; run `latchkey migrate`"),
    SchemaState.CURRENT: (Grade.OK, "schema: current"),
    SchemaState.NEWER: (Grade.WARNING, "schema: is newer than this release"),
}


@click.command()
def doctor() -> None:
    """Check the settings, the database and the mail server.

    The mail server is asked to authenticate, and gets no mail; `latchkey mail --test` sends one.
    With a mail server, the page is asked for that links in mails lead to.
    Prints one line for each check and each private key: `ok`, `error` with what to do, or `warning`
    for settings that are allowed but rarely intended. The exit status is 1 if there is an error.
    Changes nothing.
    """
    settings, environ = load(changes_nothing=True)
    _print(Grade.OK, f"settings: {settings.environment}")
    for caution in (*cautions_of(settings, environ), *permission_cautions(environ)):
        _print(Grade.WARNING, caution)
    faults = mail.faults_of(settings)
    for fault in faults:
        _print(Grade.ERROR, fault)
    errors = len(faults)
    if settings.database.url is None and not storage.has_embedded_data(settings):
        _print(Grade.OK, f"database: none yet; `latchkey serve` creates it in {settings.home}")
    else:
        with database(settings) as dsn:
            errors += asyncio.run(_examine(settings, dsn))
    errors += asyncio.run(_examine_mail(settings))
    for line in _of_keys(settings.tokens, datetime.now(UTC)):
        _print(Grade.OK, line)
    _print(Grade.OK, _of_metrics(settings))
    sys.exit(1 if errors else 0)


async def _examine(settings: Settings, dsn: str) -> int:
    errors = 0
    async for grade, text in _findings(settings, dsn):
        _print(grade, text)
        errors += grade is Grade.ERROR
    return errors


async def _examine_mail(settings: Settings) -> int:
    grade, text = await _of_mail(settings)
    _print(grade, text)
    if settings.mail.smtp is not None and (fault := link_page_fault(settings.public_url)):
        _print(Grade.WARNING, f"PUBLIC_URL: {fault}; links in mails lead there")
    return int(grade is Grade.ERROR)


async def _findings(settings: Settings, dsn: str) -> AsyncIterator[Finding]:
    try:
        inspection = await inspect(dsn)
        yield Grade.OK, "database: a primary answers"
        if caution := connection_caution(settings, inspection):
            yield Grade.WARNING, caution
        for finding in _of_inspection(inspection):
            yield finding
        if inspection.schema and inspection.schema.is_usable and not inspection.missing_grants:
            async for finding in _of_users(settings, dsn):
                yield finding
            for rp_id in await other_relying_parties(dsn, settings.passkey_rp_id):
                yield Grade.WARNING, _of_lost_passkeys(rp_id, settings.passkey_rp_id)
            required = settings.factors.required_roles
            for role, count in (await users_without_factor(dsn, required)).items():
                yield _of_required_factor(role, count)
    except StorageUnavailableError as error:
        advice = "look at DATABASE_URL and at the server"
        yield Grade.ERROR, f"database: no primary answers ({cause_of(error)}); {advice}"
    except StorageFaultError as error:
        yield Grade.ERROR, f"database: {error}"


def _of_required_factor(role: str, without: int) -> Finding:
    if not without:
        return Grade.OK, f"second factors: every {role} has one"
    adding = "whoever knows the password can add one at the next login"
    return Grade.WARNING, f"second factors: {without} of the role {role} have none; {adding}"


def _of_inspection(inspection: Inspection) -> Iterator[Finding]:
    for fault in inspection.faults:
        yield Grade.ERROR, f"database: {fault}"
    if inspection.schema in _SCHEMA:
        yield _SCHEMA[inspection.schema]
    for table, right in inspection.missing_grants:
        grant = f"GRANT {right} ON {table} TO {inspection.role}"
        yield Grade.ERROR, f"rights: {inspection.role} lacks one; as the owner, run `{grant}`"
    if inspection.schema and inspection.schema.is_usable and not inspection.missing_grants:
        yield Grade.OK, f"rights: {inspection.role} has all that the service needs"


async def _of_users(settings: Settings, dsn: str) -> AsyncIterator[Finding]:
    async with operating(settings, dsn) as container:
        page = await container.storage().users.page(after=None, limit=1)
        emails = await container.recompute_emails().check(_SAMPLE)
    if not page.items:
        yield Grade.ERROR, "users: none; run `latchkey create-admin`"
        return
    yield Grade.OK, "users: there are some"
    if emails.outdated or emails.collisions:
        yield Grade.ERROR, "e-mail addresses: some are outdated; run `latchkey recompute-emails`"
    else:
        yield Grade.OK, "e-mail addresses: compared as this release does"


def _of_lost_passkeys(rp_id: str, expected: str | None) -> str:
    now = f"is {expected}" if expected else "names no host"
    return f"passkeys: some are bound to {rp_id} and are lost while PASSKEY_RP_ID {now}"


def _of_keys(settings: TokenSettings, now: datetime) -> Iterator[str]:
    if not settings.keys:
        yield "keys: JWT_SECRET signs access tokens; other services cannot verify them"
        return
    from latchkey.entrypoints.cli.key_ring import KeyRing  # noqa: PLC0415 - loads cryptography

    for row in KeyRing.of(settings).rows(now):
        yield f"keys: {row.kid} ({row.alg}) {row.state}: {row.described(now)}"


def _of_metrics(settings: Settings) -> str:
    if settings.metrics.port is None:
        return "metrics: off (METRICS_PORT is unset)"
    return f"metrics: {number_of_series(settings)} series, served on {settings.metrics.url}"


async def _of_mail(settings: Settings) -> Finding:
    config = settings.mail.smtp
    if config is None:
        kept = "kept and shown on /mailbox" if settings.has_mailbox else "off (SMTP_URL is unset)"
        return Grade.OK, f"mail: {kept}"
    try:
        offer = await smtp(settings, config).check()
    except MailDelayedError as error:
        advice = "look at SMTP_URL and at the server"
        return Grade.ERROR, f"mail: {config.host} cannot be used ({error.reason}); {advice}"
    if "smtputf8" not in offer.extensions:
        lacks = "offers no SMTPUTF8, so users with addresses beyond ASCII get no mail"
        return Grade.WARNING, f"mail: {config.host} {lacks}"
    return Grade.OK, f"mail: {config.host} answers"


def _print(grade: Grade, text: str) -> None:
    word, colour = grade.value
    click.echo(f"{click.style(f'{word:<7}', fg=colour)} {text}")
