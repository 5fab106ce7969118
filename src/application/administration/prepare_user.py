"""Check the input for a new user, and hash the password."""

from dataclasses import dataclass

from latchkey.domain.accounts.display_name import check_name
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import (
    Password,
    PasswordBlocklist,
    PasswordHash,
    PasswordHasher,
    check_new_password,
)
from latchkey.domain.accounts.user import Role, User, UserId
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import Violations
from latchkey.domain.kernel.identifier import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """The input for a new user. Nothing in it is checked yet."""

    email: str
    name: str
    password: Password


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareUser:
    """Turn input into a user that can be stored. Every new account is prepared here."""

    addresses: EmailAddressParser
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    clock: Clock

    async def __call__(self, new: NewUser, role: Role) -> tuple[User, PasswordHash]:
        """Return the user, and the hash of the password.

        Raises:
            InvalidInputError: E-mail, name or password is not acceptable. Names each faulty field.
            PasswordHasherBusyError: Too many passwords are queued.
        """
        violations = Violations()
        with violations:
            address = self.addresses.parse_new(new.email)
        with violations:
            check_name(new.name)
        with violations:
            check_new_password(
                new.password, name=new.name, email=new.email, blocklist=self.blocklist
            )
        violations.raise_if_any()
        password_hash = await self.hasher.hash(new.password)
        now = self.clock.now()
        user = User(id=UserId(new_id(now)), email=address, name=new.name, role=role, created_at=now)
        return user, password_hash
