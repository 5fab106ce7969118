"""What counts as one client."""

from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

_IPV6_PREFIX: Final = 64  # bits: what a single line is given, to take any address of it


def network_of(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 network of an IPv6 address.

    Args:
        address: An IP address; any other text, such as "", is returned as it is.

    Source: RFC 4291, sections 2.5.4 and 2.5.5.2; RFC 6177.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_PREFIX), strict=False))
