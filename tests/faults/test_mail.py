"""Mails under kills: none is lost, and none tells what was rolled back."""

import asyncio
import signal
import time
from random import Random

import pytest

from faults.conftest import CALM
from faults.mail_drill import Drill
from faults.mail_tally import Faults
from faults.test_shutdown import ended
from harness.nodes import Node, abyss
from harness.service import Installation
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.visitor import Visitor
from production.deployment import HOST, PROXY

pytestmark = pytest.mark.anyio

MAILS = 80
SOON = 5.0  # s, far less than an attempt to send a mail may take


@pytest.mark.requirement("MA-4")
async def test_whatever_is_killed_no_mail_is_lost_and_none_is_sent_for_nothing(
    production: Installation, node: Node
) -> None:
    chance = Random(7)  # noqa: S311 - what is killed next
    drill = Drill(production, node, Faults(every=(0.5, 2.0), later=0.03), chance)

    await drill.run(MAILS)

    tally = drill.tally
    assert len(tally.committed) + len(tally.unknown) + len(tally.undone) == MAILS
    assert tally.committed
    assert tally.undone
    assert tally.lost == set()
    assert tally.sent_for_nothing == set()
    assert tally.different == set()
    assert sum(tally.killed.values()) >= 2


@pytest.mark.requirement("MA-5")
async def test_a_mail_server_that_never_answers_holds_neither_requests_nor_the_end(
    production: Installation, account: Account
) -> None:
    async with abyss() as port:
        mail = {
            "SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "MAIL_FROM": "no-reply@latchkey.example",
            "MAIL_CONTACT": "help@latchkey.example",
            "PUBLIC_URL": f"https://{HOST}",
            "LOGIN_LIMIT_ACCOUNT": "100/1m",  # else no address is new
        }
        with production.serving(**{**CALM, **mail}) as service:
            async with service.client(PROXY) as http:
                visitor = Visitor(http=http)
                await visitor.sign_in(account)  # from an address that the account does not know
                await asyncio.sleep(3)  # in which the mail is claimed
                began = time.monotonic()
                signed_in = await visitor.sign_in(account)
                me = await visitor.me(signed_in.access)
                ready = await http.get("/health/ready")
                took = time.monotonic() - began
            service.process.send_signal(signal.SIGTERM)
            status = await ended(service)

    assert (me.status_code, ready.status_code, status) == (200, 200, 0)
    assert took < SOON
