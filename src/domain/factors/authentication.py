"""How a user has proven who they are."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from uuid import UUID


class SecondMethod(StrEnum):
    """What proves a second factor. The value is its name in requests and responses.

    A passkey is none: it needs no password before it. But it is offered beside the others.
    """

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


class Level(Enum):
    """How many factors a sign-in has proven: the `acr` of its tokens.

    Source: NIST SP 800-63B-4, section 2.
    """

    ONE_FACTOR = "aal1"
    TWO_FACTORS = "aal2"


class SignInWay(StrEnum):
    """How a user has signed in. The value is its name in lists and in the audit log."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    PASSWORD_AND_CODE = "password_and_code"  # noqa: S105 - likewise
    PASSKEY = "passkey"


class Means(Enum):
    """What a session was opened with. All its tokens have it.

    The value is the `amr` of its access tokens. Codes of an app and recovery codes are passwords
    that work once, so they have one name. A passkey is two factors: the key, and what its device
    asks of the user. A key that is synced is in software, wherever it came from.

    Source: RFC 8176, section 2.
    """

    PASSWORD = ("pwd",)
    PASSWORD_AND_CODE = ("pwd", "otp", "mfa")
    DEVICE_PASSKEY = ("hwk", "user", "mfa")
    SYNCED_PASSKEY = ("swk", "user", "mfa")

    @property
    def level(self) -> Level:
        """How many factors this proves."""
        return Level.ONE_FACTOR if self is Means.PASSWORD else Level.TWO_FACTORS

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of the methods, as in the claim `amr`."""
        methods: tuple[str, ...] = self.value
        return methods

    @property
    def way(self) -> SignInWay:
        """The way of signing in as users see it; where a passkey is kept makes no difference."""
        match self:
            case Means.PASSWORD:
                return SignInWay.PASSWORD
            case Means.PASSWORD_AND_CODE:
                return SignInWay.PASSWORD_AND_CODE
            case Means.DEVICE_PASSKEY | Means.SYNCED_PASSKEY:
                return SignInWay.PASSKEY

    @classmethod
    def of_passkey(cls, *, is_synced: bool) -> "Means":
        """Return the means of a passkey: a key in hardware, or in software if it is synced."""
        return cls.SYNCED_PASSKEY if is_synced else cls.DEVICE_PASSKEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """What a user has proven in one sign-in.

    Attributes:
        means: What the session is opened with, if nothing more is asked.
        factor: What the audit log names besides the password, or None.
        device: The remembered device that the password was typed on, or None. It proves nothing
            now, so it makes nothing of `means`.
    """

    means: Means
    factor: SecondMethod | None = None
    device: UUID | None = None

    @classmethod
    def by_password(
        cls, second: SecondMethod | None = None, *, device: UUID | None = None
    ) -> "Authentication":
        """Return what a password has proven, alone or with the code of a second factor."""
        means = Means.PASSWORD if second is None else Means.PASSWORD_AND_CODE
        return cls(means=means, factor=second, device=device)

    @classmethod
    def by_passkey(cls, *, is_synced: bool) -> "Authentication":
        """Return what a passkey has proven."""
        return cls(means=Means.of_passkey(is_synced=is_synced), factor=SecondMethod.PASSKEY)

    @property
    def level(self) -> Level:
        """How many factors this proves."""
        return self.means.level
