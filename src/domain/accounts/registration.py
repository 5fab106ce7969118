"""Who may become a user."""

from enum import StrEnum


class Registration(StrEnum):
    """Who may become a user, besides those whom an administrator creates.

    Attributes:
        OFF: Nobody.
        INVITATION: Whoever an administrator invites.
        OPEN: Anybody with a mailbox.
    """

    OFF = "off"
    INVITATION = "invitation"
    OPEN = "open"
