"""What measures still measures. Loads need more time and another tool than tests may."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_growth_is_measured_in_pages_and_bytes() -> None:
    command = [sys.executable, "-m", "bench", "growth", "--sessions", "1000"]

    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    [row] = re.findall(r"\| 1,000 \| (\d+) \| (\d+) \| (\d+) \| \d+ \| 1.000 \|", done.stdout)
    pages, for_session, for_user = map(int, row)
    assert for_session + for_user < pages <= 10


def test_our_own_pool_is_worth_its_lines() -> None:
    command = [sys.executable, "-m", "bench", "pool", "--rounds", "5"]

    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    ratios = [
        float(median) for median in re.findall(r"\| [\d.]+, ([\d.]+), [\d.]+ \|", done.stdout)
    ]
    assert len(ratios) == 3
    assert ratios[0] > 1.03, "asyncpg's pool costs no more; docs/decisions/0005 says otherwise"
