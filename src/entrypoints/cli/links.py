"""`latchkey reset-link`."""

import click

from latchkey.adapters.mime.composer import link_address
from latchkey.application.links.prepare_link import PreparedLink
from latchkey.domain.audit.event import RequestSource
from latchkey.entrypoints.cli.environment import fail
from latchkey.entrypoints.cli.operation import known_user, operate
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import Settings


@click.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link with which a user sets a new password.

    For where no mail is sent, or for users whom no mail reaches. Make sure who is asking, and hand
    the link over in private: whoever opens it first chooses the password. The link is good once,
    and for RESET_TTL. It begins with PUBLIC_URL, and is the only line on standard output. A second
    factor stays as it is.
    """

    async def issue(container: Container) -> tuple[PreparedLink | None, str]:
        origin = _origin(container.settings())
        user = await known_user(container, email)
        return await container.issue_reset()(user, RequestSource()), origin

    link, origin = operate(issue)
    if link is None:
        fail(f"{email} is disabled: run `latchkey enable-user {email}` first.")
    until = f"{link.expires_at:%Y-%m-%d %H:%M} UTC"
    click.secho(f"For {link.email.text}, good once until {until}:", fg="green", err=True)
    click.echo(link_address(origin, link.token))


def _origin(settings: Settings) -> str:
    if settings.is_production and settings.mail.public_url is None:
        fail("PUBLIC_URL: is not set; the link begins with it, so set it to the pages' origin.")
    return settings.public_url
