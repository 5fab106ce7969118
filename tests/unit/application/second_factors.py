"""Users with a second factor, behind the back of the use cases that will enrol them."""

from latchkey.application.sign_in.open_session import LoggedIn, ProvenUser
from latchkey.domain.accounts.user import User
from latchkey.domain.factors.authentication import Authentication, SecondMethod
from latchkey.testing.factories import SOURCE, totp_factor
from unit.application.service import Service


async def with_second_factor(service: Service, user: User) -> User:
    """Give a user a second factor. Sessions that were opened before are kept."""
    factor = totp_factor()
    await service.storage.factors.enrol(user.id, factor)
    assert await service.storage.factors.confirm(user.id, factor.id, 1)
    return user


async def proven(service: Service, user: User, second: SecondMethod | None = None) -> ProvenUser:
    """Tell who has proven who they are, and how."""
    credential = await service.credential_of(user)
    return ProvenUser(
        user=user,
        authentication=Authentication.by_password(second),
        password_version=credential.password_version,
        has_second_factor=credential.has_second_factor,
        replaces=(),
        source=SOURCE,
        is_known=False,
    )


async def signed_in(service: Service, user: User, second: SecondMethod) -> LoggedIn:
    """Open a session for a user who has proven a second factor."""
    opened = await service.container.open_session()(await proven(service, user, second))
    assert isinstance(opened, LoggedIn)
    return opened
