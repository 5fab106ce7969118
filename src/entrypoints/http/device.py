"""Names the browser and the system of a client, for people to recognise their own devices."""

import re
from typing import Final

MAX_NAME: Final = 64  # characters

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("EdgA", "Edge"),
    ("EdgiOS", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Products by how specific they are: Edge names Chrome and Safari, too."""

_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_PRODUCT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")


def device_of(user_agent: str) -> str:
    """Return a name such as "Firefox on Linux" for a `User-Agent`, without versions.

    A program that is no browser is named by its first product, such as "curl". Browsers do not
    report true versions any more, so none is shown.

    Returns:
        At most `MAX_NAME` characters of `[A-Za-z0-9 ._-]`; "" if the header names nothing.

    Source: RFC 9110, section 10.1.5.
    """
    text = user_agent[:1024]
    if not text.startswith("Mozilla/"):
        product = _PRODUCT.match(text.partition("/")[0].strip())
        return product[0].strip() if product else ""
    browser = next((name for product, name in _BROWSERS if f"{product}/" in text), "Browser")
    system = next((name for mark, name in _SYSTEMS if mark in text), "")
    return f"{browser} on {system}" if system else browser
