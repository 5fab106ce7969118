"""Ask for a link that makes a user (docs/flow.md, RG1 to RG3)."""

from dataclasses import dataclass

from latchkey.application.mail.request_link import RequestLink, RequestLinkCommand
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.errors import RegistrationClosedError
from latchkey.domain.accounts.registration import Registration, RegistrationDomains
from latchkey.domain.kernel.errors import InvalidInputError, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRegistration:
    """Ask for a link, if everybody may become a user.

    Nothing else is asked for, and no user is made: the name and the password come with the link,
    from whoever can open the mailbox. So nobody can prepare an account for somebody else.

    Attributes:
        registration: Who may become a user.
        domains: The domains of the addresses that may register.
    """

    registration: Registration
    domains: RegistrationDomains
    addresses: EmailAddressParser
    request_link: RequestLink

    async def __call__(self, command: RequestLinkCommand) -> None:
        """Ask for a link.

        Raises:
            RegistrationClosedError: Not everybody may become a user.
            MailDisabledError: This deployment sends no mail.
            InvalidInputError: The address cannot be one that mail goes to, or is of another domain.
            TooManyMailsError: Too many mails were asked for.
        """
        if self.registration is not Registration.OPEN:
            raise RegistrationClosedError
        if not self.domains.include(self.addresses.parse_new(command.email.strip())):
            raise InvalidInputError(
                Violation("email", "must be of a domain that may register here")
            )
        await self.request_link(command)
