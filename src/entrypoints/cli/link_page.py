"""Whether the page is there that the links in mails lead to."""

from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.request import urlopen

_TIMEOUT: Final = 5.0  # s


def link_page_fault(public_url: str) -> str | None:
    """Ask for the page as a browser does; return what is wrong with it, or None.

    Args:
        public_url: The setting: scheme and authority of an http or https URL.
    """
    page = f"{public_url}/link/"
    try:
        with urlopen(page, timeout=_TIMEOUT):  # noqa: S310 - the setting allows no other scheme
            return None
    except HTTPError as error:
        return f"{page} answers {error.code}"
    except (OSError, HTTPException) as error:
        cause = getattr(error, "reason", None) or error
        return f"{page} does not answer from here ({cause})"
