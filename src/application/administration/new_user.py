"""What it takes to become a user."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import Password, PasswordBlocklist, check_new_password
from latchkey.domain.accounts.user import Role, User, UserId, check_name
from latchkey.domain.kernel.errors import Violations
from latchkey.domain.kernel.identifier import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Acceptable e-mail, name and password, not yet a user."""

    email: EmailAddress
    name: str
    password: Password

    @classmethod
    def check(
        cls, *, email: str, name: str, password: Password, blocklist: PasswordBlocklist
    ) -> Self:
        """Accept what somebody typed.

        Raises:
            InvalidInputError: Any of it is not acceptable; names everything that isn't.
        """
        violations = Violations()
        with violations:
            address = EmailAddress.parse(email)
        with violations:
            check_name(name)
        with violations:
            check_new_password(password, email=email, blocklist=blocklist)
        violations.raise_if_any()
        return cls(email=address, name=name, password=password)

    def to_user(self, role: Role, at: datetime) -> User:
        """Make the user, with an id of this instant."""
        return User(
            id=UserId(new_id(at)), email=self.email, name=self.name, role=role, created_at=at
        )
