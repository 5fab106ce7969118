"""What users and administrators of two cells do, and what has to come of it."""

import asyncio
import re
from dataclasses import replace
from typing import Final

import httpx

from faults.cells import Cell
from faults.cells_front import Front, Secrets
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.ended_sessions import ended_sessions
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.mailbox import (
    INVITED,
    NEW_ADDRESS,
    REGISTER,
    REGISTERED,
    RESET,
    link_in,
    mails,
)
from latchkey.testing.flow.published_keys import published_keys
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import NewUser
from latchkey.testing.soft_authenticator import Ceremony, SoftPasskey
from production.deployment import HOST

_USERS: Final = "SELECT count(*) FROM users WHERE email_canonical = $1"


async def live(front: Front, cell: Cell, account: Account) -> None:
    """A session of a user, from login to logout, with each request counted."""
    through, demand = front.through, front.outcome.demand
    login = await front.counted("login", cell, through.login(account.credentials))
    access, token = login.json()["accessToken"], SetCookie.of(login).value
    refreshed = await front.counted("refresh", cell, through.refresh(token))
    me = await front.counted("me", cell, through.me(access))
    orders = await front.counted("orders", cell, through.orders(access))
    current = SetCookie.of(refreshed).value
    logout = await front.counted("logout", cell, through.logout(current))
    after = await through.refresh(current)
    statuses = [each.status_code for each in (login, refreshed, me, orders, logout, after)]
    demand(f"a session lives: {statuses}", holds=statuses == [200, 200, 200, 200, 200, 401])
    demand("the user is the cell's", holds=me.json()["email"] == account.email)
    totals = [order["totalCents"] for order in orders.json()["items"]]
    demand(f"so are the orders: {totals}", holds=totals == [cell.number])


async def go_astray(front: Front, cell: Cell, account: Account) -> None:
    """Tokens that reach the other cell are refused there, and end nothing in either cell."""
    other, stranger = front.other(cell), front.at[front.other(cell).name]
    signed_in = await front.through.sign_in(account)
    before = [await front.marks(each) for each in front.cells]
    sent = {
        "refresh": stranger.refresh(signed_in.refresh),
        "me": stranger.me(signed_in.access),
        "orders": stranger.orders(signed_in.access),
        "logout": stranger.logout(signed_in.refresh),
    }
    for what, request in sent.items():
        kind = f"{what} in the other cell, {front.common}"
        answer = await front.counted(kind, other, request)
        front.outcome.astray[what, front.common] = f"{answer.status_code} {_code(answer)}".strip()
        demand_refusal(front, what, answer)
    after = [await front.marks(each) for each in front.cells]
    front.outcome.demand(f"astray, nothing is ended: {before}, {after}", holds=before == after)
    await front.through.successor(signed_in.refresh)


def demand_refusal(front: Front, what: str, answer: httpx.Response) -> None:
    """Demand a 401. A logout is always answered alike, and a read without a query may be empty."""
    if what == "logout":
        holds = answer.is_success
    elif what == "orders" and front.common is Secrets.SAME:
        holds = answer.json()["items"] == []
    else:
        holds = answer.status_code == httpx.codes.UNAUTHORIZED
    front.outcome.demand(f"{what} astray: {answer.status_code} {answer.text}", holds=holds)


async def want_an_address(front: Front, cell: Cell, account: Account) -> None:
    """The other cell's administrator cannot create a user with an address that is known."""
    other, demand = front.other(cell), front.outcome.demand
    spelled = Account(email=account.email.upper().replace("EXAMPLE", "Example"))
    admin = await front.through.sign_in(other.admin)
    sent = front.through.create_user(admin.access, NewUser.of(spelled).body)
    answer = await front.counted("create a user whom the other cell has", other, sent)
    demand("an address is known", holds=(answer.status_code, _code(answer)) == (409, "email_taken"))
    demand("nobody has it twice", holds=await other.count(_USERS, account.email) == 0)


async def race_for_an_address(front: Front) -> None:
    """Of administrators of both cells who want one address, one gets it."""
    admins = [await front.through.sign_in(cell.admin) for cell in front.cells]
    body = NewUser.of(wanted := Account(email=new_email())).body
    answers = await asyncio.gather(
        *(front.through.create_user(admin.access, body) for admin in admins)
    )
    statuses = sorted(answer.status_code for answer in answers)
    having = [await cell.count(_USERS, wanted.email) for cell in front.cells]
    front.outcome.demand(f"one gets it: {statuses}", holds=statuses == [201, 409])
    front.outcome.demand(f"once: {having}", holds=sum(having) == 1)


async def go_past_the_directory(front: Front, cell: Cell, account: Account) -> None:
    """Without the directory, the other cell takes the address: nothing there knows of it."""
    other = front.other(cell)
    direct = front.at[other.name]
    admin = await direct.sign_in(other.admin)
    answer = await direct.create_user(admin.access, NewUser.of(account).body)
    front.outcome.demand("a cell knows itself alone", holds=answer.status_code == 201)


async def register(front: Front, cell: Cell, known: Account) -> None:
    """Links lead to their cell, and a known address gets a notice from its own."""
    through, demand = front.through, front.outcome.demand
    new = Account(email=new_email())
    for account in (known, new):
        assert (await through.register(account.email)).status_code == 202
    await mails(through, known.email, 1, REGISTERED)
    [mail] = await mails(through, new.email, 1, REGISTER)
    token = link_in(mail)[1]
    completed = await through.complete(token, new.name, new.password)
    demand(f"a link makes a user: {completed.text}", holds=completed.status_code == 201)
    elsewhere = await front.other(cell).count(_USERS, known.email)
    demand("a registration makes no second user", holds=elsewhere == 0)
    having = {each.number: await each.count(_USERS, new.email) for each in front.cells}
    found = await front.directory.find(new.email)
    demand(
        f"the directory knows where: {having}",
        holds=having == {each.number: int(each.number == found) for each in front.cells},
    )
    await through.sign_in(new)


async def follow_links(front: Front, cell: Cell, known: Account) -> None:
    """An invitation makes a user in the cell of the administrator, and a reset finds the user."""
    through, demand = front.through, front.outcome.demand
    invited = Account(email=new_email())
    admin = await through.sign_in(cell.admin)
    refused = await through.invite(admin.access, known.email)
    demand("nobody is invited twice", holds=_code(refused) == "email_taken")
    assert (await through.invite(admin.access, invited.email)).status_code == 201
    [mail] = await mails(through, invited.email, 1, INVITED)
    made = await through.complete(link_in(mail)[1], invited.name, invited.password)
    demand(f"an invitation makes a user: {made.text}", holds=made.status_code == 201)
    demand("in the cell", holds=await cell.count(_USERS, invited.email) == 1)
    assert (await through.request_reset(invited.email)).status_code == 202
    [mail] = await mails(through, invited.email, 1, RESET)
    changed = replace(invited, password=f"another-{invited.password}")
    reset = await through.reset_password(link_in(mail)[1], changed.password)
    demand(f"a link resets a password: {reset.text}", holds=reset.is_success)
    await through.sign_in(changed)


async def move(front: Front, account: Account, known: Account) -> None:
    """An address changes within its cell, to one that nobody has in any cell."""
    through, moved = front.through, Account(email=new_email())
    access = (await through.sign_in(account)).access
    for wanted in (known, moved):
        body = {"email": wanted.email, "currentPassword": account.password}
        answer = await through.post("/api/auth/email-changes", access, body)
        front.outcome.demand(f"tells nothing: {answer.text}", holds=answer.status_code == 202)
    [mail] = await mails(through, moved.email, 1, NEW_ADDRESS)
    body = {"token": link_in(mail)[1], "password": account.password}
    answer = await through.http.post("/api/auth/email-changes/complete", json=body)
    front.outcome.demand(f"changes: {answer.text}", holds=answer.status_code == 200)
    await through.sign_in(moved)


async def change_the_user(front: Front, cell: Cell, account: Account) -> None:
    """A login of somebody else in the same browser cannot end a session in another cell."""
    other = front.other(cell)
    before = await front.through.sign_in(account)
    await front.through.sign_in(other.admin, cookie=before.refresh)
    answer = await front.through.refresh(before.refresh)
    front.outcome.figures["the session that a login replaces, if it is the other cell's"] = (
        "stays" if answer.is_success else "is ended"
    )


async def use_a_passkey(front: Front, cell: Cell, account: Account) -> None:
    """A passkey signs in if the cell that was asked for a challenge is, or equals, the user's."""
    through, session = front.through, await front.through.sign_in(account)
    began = await through.begin_passkey(session.access)
    options, how = began.json()["publicKey"], Ceremony(origin=f"https://{HOST}")
    passkey = SoftPasskey.made(options)
    added = await through.add_passkey(session.access, passkey.attest(options, how))
    assert added.status_code == 201, added.text
    asked = (await through.ask_passkey()).json()["publicKey"]
    is_first = cell.number == min(each.number for each in front.cells)
    is_good = is_first or front.common is not Secrets.OWN
    kind = "login with a passkey" if is_good else "login with a passkey, by a strange challenge"
    sent = through.login_passkey(passkey.sign(asked, how))
    code = _code(await front.counted(kind, cell, sent))
    front.outcome.demand(f"{kind}: {code}", holds=code == ("" if is_good else "challenge_invalid"))


async def publish(front: Front, cell: Cell, account: Account) -> None:
    """An ended session is in the list of its cell alone; keys are a cell's, unless shared."""
    demand, here = front.outcome.demand, front.at[cell.name]
    there = front.at[front.other(cell).name]
    signed_in = await front.through.sign_in(account)
    await front.through.logout(signed_in.refresh)
    session = Anatomy.of(signed_in.access).claims["sid"]
    lists = [str(await ended_sessions(visitor.http)) for visitor in (here, there)]
    demand(
        "an end is listed in its cell", holds=[session in each for each in lists] == [True, False]
    )
    keys = [{key.kid for key in await published_keys(each.http)} for each in (here, there)]
    demand("keys are a cell's", holds=(keys[0] == keys[1]) == (front.common is Secrets.SAME))


def _code(answer: httpx.Response) -> str:
    found = re.search(r'"code":\s*"(\w+)"', answer.text)
    return found[1] if found else ""
