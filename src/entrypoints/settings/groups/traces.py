"""Settings of traces. Their names are OpenTelemetry's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import ClassVar, Final

from typing_extensions import override

from latchkey.entrypoints.settings.kinds import Kind, optional
from latchkey.entrypoints.settings.variable import Group, setting

_URL: Final = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?(/[!-~]*)?")
_SHARE: Final = re.compile(r"0|1|[01]?\.[0-9]{1,9}")


def _url(text: str) -> str:
    if not _URL.fullmatch(text):
        raise ValueError(text)
    return text.rstrip("/")


def _share(text: str) -> float:
    if not _SHARE.fullmatch(text) or float(text) > 1:
        raise ValueError(text)
    return float(text)


def _is_installed() -> bool:
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:  # not even a package around it
        return False


ENDPOINT: Final = Kind(form="a URL such as http://127.0.0.1:4318", parse=_url)
SHARE: Final = Kind(form="a number from 0 to 1, e.g. 0.01", parse=_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracesSettings(Group):
    """Where traces are sent, and of how many requests."""

    title: ClassVar[str] = "Traces"

    endpoint: str | None = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        optional(ENDPOINT),
        doc="The collector that takes traces by OTLP over HTTP; needs the extra latchkey[otel]. If"
        " unset, there are no traces.",
    )
    share: float = setting(
        "OTEL_TRACES_SAMPLER_ARG", SHARE, "1", doc="The share of the requests that are traced."
    )

    @override
    def cautions(self) -> Iterator[str]:
        if self.endpoint is not None and not _is_installed():
            yield (
                "OTEL_EXPORTER_OTLP_ENDPOINT: has no effect without the extra;"
                " install latchkey[otel]"
            )
