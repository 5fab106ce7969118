"""What Prometheus reads of a service."""

from collections.abc import Mapping
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from harness.trust import TRUST

Shown = Mapping[str, float]
"""Values by series, such as `latchkey_logins_total{outcome="failed"}`."""

_TIMEOUT: Final = 30.0  # s
_ONLY_GROW: Final = ("_total", "_bucket", "_count")


def read(text: str) -> Shown:
    """Parse a scrape with Prometheus' own parser for Python; no series may come twice."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            series = f"{sample.name}{{{labels}}}" if labels else sample.name
            assert series not in found
            found[series] = sample.value
    return found


def scraped(port: int) -> Shown:
    """Scrape a service on the loopback."""
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", verify=TRUST, timeout=_TIMEOUT)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return read(answer.text)


def shrunk(before: Shown, after: Shown) -> dict[str, float]:
    """Return what has counted backwards from one scrape to another."""
    return {
        series: after.get(series, -1.0)
        for series, value in before.items()
        if series.partition("{")[0].endswith(_ONLY_GROW) and after.get(series, -1.0) < value
    }


def by_label(shown: Shown, name: str) -> dict[str, float]:
    """Return what is not 0 of a metric with one label, by the label's value."""
    return {
        series.split('"')[1]: value
        for series, value in shown.items()
        if series.startswith(f"{name}{{") and value
    }
