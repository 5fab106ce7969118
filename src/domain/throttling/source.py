"""What counts as one client."""

from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

IPV6_PREFIXES: Final = (64, 56, 48)
"""Bits: the least that one line is given, the usual part of a home, and that of a site.

Whoever has a line can take any address of it, and whoever has a site any line of it. How much a
provider gives to one customer varies, so none of the three is right everywhere.

Source: RFC 6177; RIPE-690, section 4.2.
"""


def networks_of(address: str) -> Sequence[str]:
    """Return what is counted as one client: an IPv4 address, or the IPv6 networks around it.

    Args:
        address: An IP address; any other text, such as "", is returned as it is.

    Returns:
        The narrowest network first; one for IPv4, one for each of `IPV6_PREFIXES` for IPv6.

    Source: RFC 4291, sections 2.5.4 and 2.5.5.2; RFC 6177.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return (address,)
    if isinstance(parsed, IPv4Address):
        return (str(parsed),)
    if parsed.ipv4_mapped is not None:
        return (str(parsed.ipv4_mapped),)
    return [str(ip_network((parsed, prefix), strict=False)) for prefix in IPV6_PREFIXES]
