"""The command `latchkey demo`, which creates accounts to try the service."""

import secrets
from datetime import timedelta
from typing import Final

import click

from latchkey.application.administration.create_user import CreateUserCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.orders.order import Order, OrderId, OrderStatus
from latchkey.entrypoints.cli.environment import fail, load, report
from latchkey.entrypoints.cli.operation import operate
from latchkey.entrypoints.container import Container

_ACCOUNTS: Final = (
    ("admin@example.com", "Ada Admin", Role.ADMIN),
    ("user@example.com", "Uma User", Role.USER),
)
_ORDERS: Final = 48


@click.command()
def demo() -> None:
    """Create accounts with orders to try the service.

    Creates an ADMIN and a USER, or sets new passwords if they exist, and prints their e-mail
    addresses and passwords. For development only: fails in production.
    """
    settings, _ = load()
    if settings.is_production:
        fail("Not allowed in production. Create administrators with `latchkey create-admin`.")
    passwords = {email: secrets.token_urlsafe(12) for email, _, _ in _ACCOUNTS}
    operate(lambda container: _fill(container, passwords), migrates=True)
    for email, _, role in _ACCOUNTS:
        click.echo(f"{role:<6} {email:<20} {passwords[email]}")
    url = settings.server.url
    click.echo(f"While the service runs, sign in at {url}/ if the web pages are built,")
    click.echo(f"or with a POST to {url}/api/auth/login.")


async def _fill(container: Container, passwords: dict[str, str]) -> None:
    for email, name, role in _ACCOUNTS:
        report(f"Creating {email} with {_ORDERS} orders")
        user = await _account(container, email, name, role, Password(passwords[email]))
        await _add_orders(container, user)


async def _account(
    container: Container, email: str, name: str, role: Role, password: Password
) -> User:
    address = container.addresses().parse(email)
    user: User | None = await container.storage().users.by_email(address)
    if user is not None:
        await container.set_password()(user, password, RequestSource())
        return user
    command = CreateUserCommand(
        by=None, email=email, name=name, password=password, role=role, source=RequestSource()
    )
    created: User = await container.create_user()(command)
    return created


async def _add_orders(container: Container, user: User) -> None:
    orders = container.storage().orders
    if (await orders.page_of(user.id, after=None, limit=1)).items:
        return
    now = container.storage().clock.now()
    await orders.add(
        *(
            Order(
                id=OrderId(new_id(now - timedelta(hours=7 * place))),
                user_id=user.id,
                status=[*OrderStatus][place % len(OrderStatus)],
                total_cents=499 + 1_337 * place,
                currency="EUR" if place % 3 else "USD",
                created_at=now - timedelta(hours=7 * place),
            )
            for place in range(_ORDERS)
        )
    )
