"""`latchkey users`."""

from collections.abc import Iterable

import click

from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.page import Position
from latchkey.entrypoints.cli.operation import operate
from latchkey.entrypoints.container import Container

_PAGE = 100  # users, the most at once


@click.command()
@click.option("--disabled", "only_disabled", is_flag=True, help="Only users who are disabled.")
def users(*, only_disabled: bool) -> None:
    """List the users, and who is disabled.

    The newest user comes first: when they were created, role, state, e-mail address and name.
    """

    async def show(container: Container) -> None:
        after: Position | None = None
        is_over = False
        while not is_over:
            page = await container.storage().users.page(after=after, limit=_PAGE)
            _print(user for user in page.items if user.is_disabled or not only_disabled)
            after, is_over = page.next, page.next is None

    operate(show)


def _print(page: Iterable[User]) -> None:
    for user in page:
        state = "disabled" if user.is_disabled else "enabled"
        created = f"{user.created_at:%Y-%m-%d %H:%M:%S}"
        click.echo(f"{created} {user.role:<5} {state:<8} {user.email} {user.name}")
