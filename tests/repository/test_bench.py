"""What measures still measures. Loads need more time and another tool than tests may."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> str:
    """Run a benchmark as its recipe does, and return what it prints."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "tests"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_growth_is_measured_in_pages_and_bytes() -> None:
    printed = bench("growth", "--sessions", "1000")

    [row] = re.findall(r"\| 1,000 \| (\d+) \| (\d+) \| (\d+) \| \d+ \| 1.000 \|", printed)
    pages, for_session, for_user = map(int, row)
    assert for_session + for_user < pages <= 10


def test_requests_are_compared_with_few_users_and_with_many() -> None:
    printed = bench("scale", "--users", "200", "300", "--requests", "5", "--seconds", "1")

    requests = re.findall(r"^\| [^|]+ \|(?: \d+\.\d+ \|){6}$", printed, re.MULTILINE)
    statements = re.findall(r"^\| [^|]+ \| [\d,]+ \| [\d,]+ \| [a-z_, ]*\|$", printed, re.MULTILINE)
    assert (len(requests), len(statements)) == (9, 11)
    assert "deleted 900 sessions" in printed


@pytest.mark.alone("compares CPU times that other work shifts")
def test_our_own_pool_is_worth_its_lines() -> None:
    printed = bench("pool", "--rounds", "5")

    ratios = [float(median) for median in re.findall(r"\| [\d.]+, ([\d.]+), [\d.]+ \|", printed)]
    assert len(ratios) == 3
    assert ratios[0] > 1.03, "asyncpg's pool costs no more; docs/decisions/0005 says otherwise"
