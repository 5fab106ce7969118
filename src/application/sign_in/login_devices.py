"""The devices that users sign in from, as their device tokens tell (docs/flow.md, L8 and C7)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from latchkey.application.sign_in.login_throttle import LoginClient
from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.factors.remembered_device import RememberedToken
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.throttling.device import Device, DeviceTokenCodec
from latchkey.domain.throttling.source import networks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLoggedIn(LoggedIn):
    """The tokens of a new session, its user, and the token of the device.

    Attributes:
        device: 76 URL-safe characters.
        remembered: What the device is recognized by if it needs no code from now on, or None.
    """

    device: str = field(repr=False)
    remembered: RememberedToken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginDevices:
    """Recognizes devices, and renews their tokens."""

    codec: DeviceTokenCodec
    clock: Clock

    def client(self, account: str, address: str, presented: Iterable[str]) -> LoginClient:
        """Return who tries to log in.

        The password of the account may have been changed since the device was last used.

        Args:
            account: The canonical e-mail address, or any other text.
            address: The IP address of the client.
            presented: The device tokens that the client holds; any texts, or none.
        """
        now = self.clock.now()
        found = (self.codec.decode(token, account, now) for token in presented)
        return LoginClient(
            account=account,
            networks=networks_of(address),
            device=next((device for device in found if device), None),
        )

    def logged_in(
        self, logged_in: LoggedIn, client: LoginClient, password_version: int
    ) -> DeviceLoggedIn:
        """Return what a client gets that has logged in."""
        device = Device.after_login(client.device, password_version, self.clock.now())
        token = self.codec.encode(device, client.account)
        return DeviceLoggedIn(tokens=logged_in.tokens, user=logged_in.user, device=token)
