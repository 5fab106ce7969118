"""The files for Prometheus and Grafana in `deploy`: what is in them exists, and works."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic_ns
from typing import Final

import pytest

from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT, METRICS
from latchkey.entrypoints.observability.metrics.exposition import write
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.metrics.metric import Kind
from latchkey.entrypoints.observability.metrics.parent import OF_PARENT, ParentGauges
from latchkey.entrypoints.settings import from_env

ROOT: Final = Path(__file__).parents[2]
RULES: Final = ROOT / "deploy" / "prometheus" / "latchkey.rules.yml"
CONFIGURATION: Final = RULES.with_name("prometheus.yml")
DASHBOARD: Final = ROOT / "deploy" / "grafana" / "latchkey.json"
CASES: Final = Path(__file__).with_name("alerts.yml")
MANUAL: Final = ROOT / "docs" / "operations" / "monitoring.md"

USE: Final = re.compile(r"\b(latchkey_[a-z_]+)(?:\{([^}]*)\})?")
MATCHER: Final = re.compile(r"([a-z]+) *(=~|=) *\"([^\"]*)\"")
OF_PROMETHEUS: Final = {"job", "instance", "le"}
SETTINGS: Final = from_env({"APP_ENV": "test", "JWT_SECRET": "a-secret-of-the-tests-8d1f0b7c42e9"})


def promtool(*arguments: str | Path, given: str | None = None) -> tuple[int, str]:
    """Run Prometheus' own tool; return its status and what it says. Without it, leave out."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("needs promtool")
    ended = subprocess.run(  # noqa: S603 - Prometheus' own program
        [program, *arguments], input=given, capture_output=True, text=True, check=False
    )
    return ended.returncode, ended.stdout + ended.stderr


def expressions() -> Iterator[str]:
    """Return the expressions of the dashboard, with what Grafana puts in."""
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"].replace("$__rate_interval", "5m").replace("$instance", ".*")


def uses(text: str) -> Iterator[tuple[str, str]]:
    """Return each metric that a text names, without the suffixes of histograms, and matchers."""
    histograms = {metric.name for metric in METRICS if metric.kind is Kind.HISTOGRAM}
    for name, matchers in USE.findall(text):
        bare = re.sub("_(bucket|sum|count)$", "", name)
        yield (bare if bare in histograms else name), matchers


def in_rules() -> str:
    """Return the rules without their comments."""
    return re.sub(r"^ *#.*$", "", RULES.read_text(), flags=re.MULTILINE)


def existing() -> set[str]:
    return {metric.name for metric in METRICS} | set(OF_PARENT)


def test_the_dashboard_shows_every_metric_and_none_that_is_not_there() -> None:
    shown = {name for expression in expressions() for name, _ in uses(expression)}

    assert shown == existing()


def test_the_alerts_ask_for_metrics_that_are_there() -> None:
    used = {name for name, _ in uses(in_rules())}

    assert used - existing() == set()


def test_the_manual_explains_every_metric_and_none_that_is_not_there() -> None:
    named = set(re.findall(r"`(latchkey_[a-z_]+)", MANUAL.read_text()))

    assert {name for name in named if name != "latchkey_service"} == existing()


def test_every_label_and_value_that_is_asked_for_is_in_the_closed_lists() -> None:
    values = {
        (metric.name, label): {row[place] for row in metric.values}
        for metric in METRICS
        for place, label in enumerate(metric.labels)
    }
    asked = [*uses(in_rules()), *(each for text in expressions() for each in uses(text))]

    wrong = [
        (name, label, value)
        for name, matchers in asked
        for label, _, text in MATCHER.findall(matchers)
        if label not in OF_PROMETHEUS
        for value in text.split("|")
        if value not in values.get((name, label), ())
    ]

    assert wrong == []


def test_every_alert_has_a_case_that_raises_it_and_one_that_does_not() -> None:
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text())
    cases = CASES.read_text()

    raised = re.findall(r"alertname: (\w+)\n *exp_alerts:\n *- exp_labels", cases)
    quiet = re.findall(r"alertname: (\w+), exp_alerts: \[\]", cases)

    assert sorted(raised) == sorted(alerts)
    assert set(quiet) == set(alerts)


def test_the_manual_says_what_to_do_at_every_alert() -> None:
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text())

    rows = re.findall(r"^\| `(Latchkey\w+)` \|", MANUAL.read_text(), flags=re.MULTILINE)

    assert sorted(rows) == sorted(alerts)


def test_the_alerts_are_raised_when_they_should_be() -> None:
    status, said = promtool("test", "rules", CASES)

    assert (status, "SUCCESS" in said) == (0, True), said


def test_prometheus_understands_its_files() -> None:
    status, said = promtool("check", "config", CONFIGURATION)

    assert status == 0, said


def test_prometheus_understands_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{n}", "expr": text} for n, text in enumerate(expressions())]
    file = tmp_path / "dashboard.yml"  # JSON is YAML
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))

    status, said = promtool("check", "rules", file)

    assert (status, f"{len(rules)} rules found" in said) == (0, True), said


def test_prometheus_finds_no_fault_with_the_metrics() -> None:
    block = memoryview(bytearray(LAYOUT.cells * 8)).cast("q")
    Meter(block).show_alive()
    now, blocks = monotonic_ns(), [block.tolist()]
    text = write(blocks, now, ParentGauges(SETTINGS).samples(blocks, now))

    status, said = promtool("check", "metrics", given=text)

    assert (status, said) == (0, "")
