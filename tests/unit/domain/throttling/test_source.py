"""What is counted as one client."""

import pytest

from latchkey.domain.throttling.source import networks_of


@pytest.mark.requirement("LG-5")
@pytest.mark.parametrize(
    ("address", "sources"),
    [
        ("192.0.2.7", ["192.0.2.7"]),
        ("2001:db8:1:2::1", ["2001:db8:1:2::/64", "2001:db8:1::/56", "2001:db8:1::/48"]),
        (
            "2001:db8:1:3ff:ffff:ffff:ffff:ffff",
            ["2001:db8:1:3ff::/64", "2001:db8:1:300::/56", "2001:db8:1::/48"],
        ),
        ("::ffff:192.0.2.7", ["192.0.2.7"]),
        ("", [""]),
        ("no address", ["no address"]),
    ],
)
def test_an_ipv6_client_is_its_networks(address: str, sources: list[str]) -> None:
    assert list(networks_of(address)) == sources
