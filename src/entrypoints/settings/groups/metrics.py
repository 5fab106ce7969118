"""Settings of the metrics."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar

from typing_extensions import override

from latchkey.entrypoints.settings.kinds import ADDRESS, integer, optional
from latchkey.entrypoints.settings.variable import Group, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings(Group):
    """Where Prometheus finds the metrics of a replica."""

    title: ClassVar[str] = "Metrics"

    host: str = setting(
        "METRICS_HOST",
        ADDRESS,
        "127.0.0.1",
        doc="The IP address to serve the metrics on. Whoever reaches it can read them.",
    )
    port: int | None = setting(
        "METRICS_PORT",
        optional(integer(1, 65_535)),
        doc="The port to serve the metrics on, at /metrics, for Prometheus. Another one than PORT."
        " If unset, nothing is counted.",
    )

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port to listen on, or None if the metrics are off."""
        return (self.host, self.port) if self.port is not None else None

    @property
    def url(self) -> str:
        """Where the metrics are, if they are on."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/metrics"

    @override
    def cautions(self) -> Iterator[str]:
        if self.port is not None and ip_address(self.host).is_unspecified:
            yield (
                "METRICS_HOST: is every address of this machine, so whoever reaches one can read"
                " the metrics, which need no password"
            )
