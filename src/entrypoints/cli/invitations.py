"""`latchkey invite`."""

import click

from latchkey.application.registration.invite import InviteCommand
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.links.link import Link
from latchkey.entrypoints.cli.operation import operate
from latchkey.entrypoints.container import Container


@click.command()
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([*Role], case_sensitive=False),
    default=Role.USER,
    show_default=True,
    help="The role of the user to be.",
)
def invite(email: str, role: Role) -> None:
    """Invite somebody by mail to become a user.

    For example: latchkey invite ada@example.com --role ADMIN

    The mail has a link, with which the person chooses a name and a password. A running service
    sends it. Invitations of the address to another role are withdrawn.
    """

    async def send(container: Container) -> Link:
        command = InviteCommand(by=None, email=email, role=Role(role), source=RequestSource())
        link: Link = await container.invite()(command)
        return link

    link = operate(send)
    until = f"{link.expires_at:%Y-%m-%d %H:%M} UTC"
    click.secho(f"An invitation to {link.email} is on its way, good until {until}.", fg="green")
