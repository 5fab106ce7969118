"""How a user has proven who they are."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class FirstMethod(StrEnum):
    """What a sign-in begins with. The value is its `amr`.

    Source: RFC 8176, section 2.
    """

    PASSWORD = "pwd"  # noqa: S105 - the name of a method


class SecondMethod(StrEnum):
    """What proves a second factor. The value is its name in requests."""

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"


class Level(Enum):
    """How sure a sign-in makes who the user is: the `acr` of its tokens.

    Source: NIST SP 800-63B-4, section 2.
    """

    ONE_FACTOR = "aal1"
    TWO_FACTORS = "aal2"

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of the methods that lead to it, as in the claim `amr`.

        Both second methods are passwords that work once, so they have one name.

        Source: RFC 8176, section 2.
        """
        if self is Level.ONE_FACTOR:
            return (FirstMethod.PASSWORD.value,)
        return (FirstMethod.PASSWORD.value, "otp", "mfa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """What a user has proven in one sign-in.

    Attributes:
        second: None if only the first factor was proven.
    """

    first: FirstMethod
    second: SecondMethod | None = None

    @property
    def level(self) -> Level:
        """The level, which all tokens of the session have."""
        return Level.ONE_FACTOR if self.second is None else Level.TWO_FACTORS
