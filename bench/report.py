"""Results of a run: JSON for computations, a Markdown table and a chart."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import psutil

from bench.scenarios import Measurement

RESULTS: Final = Path(__file__).with_name("results")
_FIGURES: Final = ("rate", "p50_ms", "p99_ms")
_HEAD: Final = """\
| | responses/s | p50, ms | p99, ms | CPU of the service per response, µs |
| --- | --: | --: | --: | --: |
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The measurements of a run.

    Attributes:
        command: The command that was run.
        rounds: The measurements of each load, one per round, by the name of the load.
        others: Further figures with their units, by name.
    """

    command: str
    rounds: Mapping[str, Sequence[Measurement]]
    others: Mapping[str, str]

    def table(self) -> str:
        """Return the medians of the rounds as a Markdown table."""
        rows = "".join(_row(name, measured) for name, measured in self.rounds.items())
        others = "".join(f"- {name}: {value}\n" for name, value in self.others.items())
        return f"`{self.command}` on {machine()}. Medians of the rounds.\n\n{_HEAD}{rows}\n{others}"

    def plot(self) -> str:
        """Return a Mermaid chart of the CPU time per response, or "" if none is known."""
        known = {name: cpu for name, each in self.rounds.items() if (cpu := _cpu(each))}
        known.pop("login", None)  # mostly bcrypt: a thousand times the others
        names = ", ".join(f'"{name}"' for name in known)
        axis = 'y-axis "CPU of the service per response, µs"'
        chart = f"xychart-beta horizontal\n  x-axis [{names}]\n  {axis}\n  bar {[*known.values()]}"
        return f"\n```mermaid\n{chart}\n```\n" if known else ""

    def write(self, name: str) -> None:
        """Write the report to the results directory as `<name>.json` and `<name>.md`."""
        figures = {
            load: {what: round(typical(measured, what), 2) for what in _FIGURES}
            | {"cpu_us": _cpu(measured)}
            for load, measured in self.rounds.items()
        }
        whole = {"command": self.command, "machine": machine(), "loads": figures} | dict(
            self.others
        )
        (RESULTS / f"{name}.json").write_text(json.dumps(whole, indent=2) + "\n")
        (RESULTS / f"{name}.md").write_text(self.table() + self.plot())


def machine() -> str:
    """Describe the machine: cores, memory, operating system and Python version."""
    memory = round(psutil.virtual_memory().total / 2**30)
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {memory} GiB, {platform.system()}, Python {python}"


def typical(measured: Sequence[Measurement], what: str) -> float:
    """Return the median of a figure over the rounds."""
    return float(median(getattr(one.answers, what) for one in measured))


def _row(name: str, measured: Sequence[Measurement]) -> str:
    rate, p50, p99 = (typical(measured, what) for what in _FIGURES)
    cpu = _cpu(measured)
    per_second = f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"
    return f"| {name} | {per_second} | {p50:.1f} | {p99:.1f} | {cpu or ''} |\n"


def _cpu(measured: Sequence[Measurement]) -> int | None:
    known = [one.cpu_us for one in measured if one.cpu_us is not None]
    return round(median(known)) if known else None
